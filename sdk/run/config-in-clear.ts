import * as pulumi from "@pulumi/pulumi";
import type { SettingName } from "../../provider/settings/table";
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
  if (secretKeys() === undefined || getConfig(setting) === undefined || isSecret(setting)) return;
  warn(
    `${setting} stands in the stack's configuration in clear. Set it with \`pulumi config set --secret ${setting}\`, ` +
      "and make a new one, since this one may be in the repository's history.",
  );
}

/** Whether the stack's configuration has a setting of this package as a secret. */
export function isSecretInStack(name: SettingName): boolean {
  return isSecret(`dokploy:${name}`);
}

function isSecret(setting: string): boolean {
  return secretKeys()?.includes(JSON.stringify(setting)) ?? false;
}

/** The names of secret settings, as the CLI hands them to a program; Pulumi has no public function for it. */
function secretKeys(): string | undefined {
  return process.env["PULUMI_CONFIG_SECRET_KEYS"];
}
