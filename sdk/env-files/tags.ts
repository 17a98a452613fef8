import { closest } from "../../packages/text";
import { classify, looksSecretByValue } from "../../provider/env";
import type { EntryValue } from "./entry";
import { managerOf, managers } from "./managers/table";
import { isOfRun } from "./run-variables";
import { serviceReference } from "./service-reference";

/** The YAML tags that a value may have, each with the way it is written. */
export const tagUsage: Readonly<Record<string, string>> = {
  "!secret": "!secret NAME",
  "!env": "!env NAME",
  "!ref": "!ref project.NAME",
  "!generate": "!generate",
  "!text": "!text { text: …, values: { … } }",
  "!plain": "!plain VALUE",
  ...Object.fromEntries(Object.entries(managers).map(([name, { usage }]) => [`!${name}`, usage])),
};

function ofThisProgram(name: string): string {
  return `${name} belongs to this run, not to a service: create a separate secret under another name`;
}

/**
 * Returns the value of a tag with the text after it.
 *
 * @param key the name where the tag has none; undefined where it must have one
 * @returns a text with the problem, without the value, when the tag is invalid
 */
export function taggedValue(tag: string, text: string, key: string | undefined): EntryValue | string {
  const name = text === "" ? key : text;
  switch (tag) {
    case "!plain":
      return { kind: "text", text, plain: true };
    case "!ref":
      return referenceOf(text);
    case "!secret":
      if (name === undefined) return "an alias of !secret needs the name of the setting; write !secret NAME";
      if (/^dokploy:\w{1,60}$/.test(name)) return ofThisProgram(name);
      // A value instead of the name must not get into a message.
      if (/^(?:[\w.-]+:)?[\w.-]{1,64}$/.test(name) && !looksSecretByValue(name)) {
        return { kind: "secret", name };
      }
      return "!secret takes the name of a setting of the stack (letters, digits, _, . and -), never a value";
    case "!env":
      if (name === undefined) return "an alias of !env needs the name of the variable; write !env NAME";
      if (/^\w{1,64}$/.test(name) && isOfRun(name)) return ofThisProgram(name);
      if (/^[A-Za-z_]\w{0,63}$/.test(name) && !looksSecretByValue(name)) {
        return { kind: "environment", name };
      }
      return "!env takes the name of an environment variable (letters, digits and _), never a value";
    default:
      return managedValue(tag, text, key) ?? unknownTag(tag);
  }
}

function unknownTag(tag: string): string {
  const meant = tagUsage[closest(tag, Object.keys(tagUsage)) ?? ""];
  const perhaps = meant === undefined ? "" : `, perhaps meant as ${meant}`;
  return `has an unknown YAML tag (!…)${perhaps}; known are ${Object.values(tagUsage).join(", ")}; remove it or quote the value`;
}

function referenceOf(text: string): EntryValue | string {
  const reference = looksSecretByValue(text) ? undefined : serviceReference(text);
  // Dokploy looks it up. Text that the braces must not contain would fail the deployment.
  if (classify(text).kind !== "malformed")
    return { kind: "text", text: `\${{${text}}}`, plain: true, reference };
  if (reference !== undefined) return { kind: "address", reference };
  return (
    "!ref takes project.NAME, environment.NAME, NAME or vault.PROVIDER.REFERENCE, without braces, or a service of the " +
    "repository: SERVICE:PORT/path, with a number as PORT"
  );
}

function managedValue(tag: string, text: string, key: string | undefined): EntryValue | string | undefined {
  const manager = managerOf(tag);
  if (manager === undefined) return undefined;
  const reference = looksSecretByValue(text) ? undefined : managers[manager].reference(text, key);
  if (reference === undefined) return `${tag} takes a reference, never a value; write ${tagUsage[tag]}`;
  return { kind: "managed", manager, reference };
}
