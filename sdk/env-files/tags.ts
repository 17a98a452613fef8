import { classify } from "../../provider/env/references";
import { looksSecretByValue } from "../../provider/env/secret-looking";
import { type SettingName, variableOf } from "../../provider/settings/table";
import type { EntryValue } from "./entry";

/** The tags of YAML that a value may have, each with how it is written. */
export const tagUsage: Readonly<Record<string, string>> = {
  "!secret": "!secret NAME",
  "!env": "!env NAME",
  "!ref": "!ref project.NAME",
  "!plain": "!plain VALUE",
};

const keySetting = "apiKey" satisfies SettingName;

/** What logs in to Dokploy and opens the state: a service that has one of them could do what the program can. */
const ownVariables: ReadonlySet<string | undefined> = new Set([
  variableOf(keySetting),
  ...["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"],
]);

function ofThisProgram(name: string): string {
  return `${name} is the key of this program, and no value for a service: make a secret of its own for it`;
}

/**
 * The value that a tag and the text behind it mean.
 *
 * @param key the name where the tag has none; undefined where it must have one
 * @returns a text: what is wrong, without the value
 */
export function taggedValue(tag: string, text: string, key: string | undefined): EntryValue | string {
  const name = text === "" ? key : text;
  switch (tag) {
    case "!plain":
      return { kind: "text", text, plain: true };
    case "!ref":
      // Looked up by Dokploy; what the braces must not hold, the deployment would fail for.
      if (classify(text).kind !== "malformed") return { kind: "text", text: `\${{${text}}}`, plain: true };
      return "!ref takes project.NAME, environment.NAME, NAME or vault.PROVIDER.REFERENCE, without braces";
    case "!secret":
      if (name === `dokploy:${keySetting}`) return ofThisProgram("dokploy:apiKey");
      if (name === undefined) return "an alias of !secret needs the name of the setting; write !secret NAME";
      // A value in the place of the name must not get into a message.
      if (/^(?:[\w.-]+:)?[\w.-]{1,64}$/.test(name) && !looksSecretByValue(name)) {
        return { kind: "secret", name };
      }
      return "!secret takes the name of a setting of the stack (letters, digits, _, . and -), never a value";
    case "!env":
      if (name !== undefined && ownVariables.has(name)) return ofThisProgram(name);
      if (name === undefined) return "an alias of !env needs the name of the variable; write !env NAME";
      if (/^[A-Za-z_]\w{0,63}$/.test(name) && !looksSecretByValue(name)) {
        return { kind: "environment", name };
      }
      return "!env takes the name of an environment variable (letters, digits and _), never a value";
    default:
      return `has an unknown YAML tag (!…); known are ${Object.values(tagUsage).join(", ")}; take it out or quote the value`;
  }
}
