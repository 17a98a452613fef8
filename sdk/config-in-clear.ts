import * as pulumi from "@pulumi/pulumi";
import { warn } from "./tell";

const warned = new WeakMap<object, Set<string>>();

/**
 * Warns, once for each run of a program, of a secret that the stack's configuration has in clear.
 *
 * @param setting with its namespace: `dokploy:apiKey`
 */
export function warnIfInClear(setting: string): void {
  const { getConfig, getStackResource } = pulumi.runtime;
  const stack = getStackResource();
  if (!stack) return;
  const names = warned.get(stack) ?? new Set();
  warned.set(stack, names);
  if (names.has(setting)) return;
  names.add(setting);
  // The names of secret settings, as the CLI hands them to a program; Pulumi has no public function for it.
  const secretKeys = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  if (secretKeys === undefined || getConfig(setting) === undefined) return;
  if (secretKeys.includes(JSON.stringify(setting))) return;
  warn(
    `${setting} stands in the stack's configuration in clear. Set it with \`pulumi config set --secret ${setting}\`, ` +
      "and make a new one, since this one may be in the repository's history.",
  );
}
