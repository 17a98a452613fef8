import * as pulumi from "@pulumi/pulumi";
import type { SettingName } from "../../provider/dokploy";
import { rememberedBy } from "./current-run";
import { warn } from "./diagnostics";

const warnedOf = rememberedBy(() => new Set<string>());

/** Warns once in a run of a secret (`dokploy:apiKey`) that is in plain text in the stack's configuration. */
export function warnIfInPlainText(setting: string): void {
  const { getConfig, getStackResource } = pulumi.runtime;
  const stack = getStackResource();
  if (!stack) return;
  const names = warnedOf(stack);
  if (names.has(setting)) return;
  names.add(setting);
  if (secretKeys() === undefined || getConfig(setting) === undefined || isSecret(setting)) return;
  warn(
    `${setting} is in the stack's configuration in plain text. Set it with \`pulumi config set --secret ` +
      `${setting}\`, and make a new one, since this one may be in the repository's history.`,
    "plain-secret",
  );
}

/** True when the stack's configuration has a setting of this package as a secret. */
export function isSecretInStack(name: SettingName): boolean {
  return isSecret(`dokploy:${name}`);
}

function isSecret(setting: string): boolean {
  return secretKeys()?.includes(JSON.stringify(setting)) ?? false;
}

/** Returns the names of secret settings as the CLI passes them to a program; Pulumi has no public function for them. */
function secretKeys(): string | undefined {
  return process.env["PULUMI_CONFIG_SECRET_KEYS"];
}
