import * as pulumi from "@pulumi/pulumi";
import { noteSecret, settingOf, warnIfInPlainText } from "../run";
import { exportedSecret, exportedSetting } from "./exported-secrets";
import { processValue } from "./process-value";
import type * as Stages from "./stages";

/** A value from outside the file, kept secret; or the reason why it is missing, with the command that sets it. */
export type Resolved =
  | { readonly value: pulumi.Input<string>; readonly text: string | undefined }
  | { readonly missing: string };

/**
 * Reads a setting of the stack's secret configuration, and warns if it is in plain text.
 *
 * @param name may have a namespace before it, `shop:token`
 * @param given where a name without a namespace is looked up; default: the project's own configuration
 */
export function fromConfig(name: string, given?: pulumi.Config): Resolved {
  const colon = name.lastIndexOf(":");
  const namespace = colon === -1 ? undefined : name.slice(0, colon);
  const setting = name.slice(colon + 1);
  const config = namespace === undefined ? (given ?? new pulumi.Config()) : new pulumi.Config(namespace);
  const fullName = `${config.name}:${setting}`;
  const value = config.getSecret(setting);
  if (value === undefined) {
    const exported = fromExport(config, setting);
    if (exported !== undefined) return exported;
    const command = `pulumi config set --secret ${fullName} --stack ${shellWord(stackWithSecrets())}`;
    return { missing: `the stack has no secret ${fullName}; set it with: ${command}` };
  }
  warnIfInPlainText(fullName);
  const text = pulumi.runtime.getConfig(fullName);
  noteSecret(text);
  return { value, text };
}

/** Reads a secret that `export` stored together with others. */
function fromExport(config: pulumi.Config, setting: string): Resolved | undefined {
  const fullName = `${config.name}:${exportedSetting}`;
  const text = exportedSecret(pulumi.runtime.getConfig(fullName), setting);
  if (text === undefined) return undefined;
  warnIfInPlainText(fullName);
  noteSecret(text);
  return { value: pulumi.secret(text), text };
}

/** Reads a variable of the process environment as a secret; an empty one counts as missing. */
export function fromProcess(name: string): Resolved {
  const value = processValue(name);
  if ("missing" in value) return value;
  noteSecret(value.text);
  return { value: pulumi.secret(value.text), text: value.text };
}

/** Returns the stack in which a secret of this run is set: the stack of a preview gets its own from one for all previews. */
function stackWithSecrets(): string {
  const { previewSetting, previewStage } = require("./stages") as typeof Stages;
  const isPreview = previewSetting("preview", settingOf(undefined), process.env) !== undefined;
  return isPreview ? previewStage : pulumi.getStack();
}

/** Quotes a word for a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
