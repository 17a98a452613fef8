import type { Node } from "../../packages/compose-checks/yaml";
import { shownKey } from "../../provider/env";
import type { EntryValue, FilledValue, ReadValue } from "./entry";

/** Tag of a text with secrets inside. */
export const textTag = "!text";

const usage =
  "!text takes a text and the secrets in it: !text { text: 'postgres://app:${PASSWORD}@db/app', values: { PASSWORD: " +
  "!generate } }";

/** Reads a value with the tag; returns the text of a problem for another form. */
export function readFilled(node: Node, readValue: ReadValue): FilledValue | string {
  const fields = node.kind === "map" && node.again.length === 0 ? node.entries : undefined;
  const [text, values] = [fields?.get("text")?.value, fields?.get("values")?.value];
  if (fields?.size !== 2 || text?.kind !== "scalar" || text.tag !== undefined) return usage;
  const read = readValues(values, [text.text], readValue);
  return typeof read === "string" ? read : { kind: "filled", text: text.text, values: read };
}

/**
 * Reads the secrets for the places of a text.
 *
 * @param texts texts that must have the places; none where they are not known yet
 */
export function readValues(
  node: Node | undefined,
  texts: readonly string[],
  readValue: ReadValue,
): Record<string, EntryValue> | string {
  if (node?.kind !== "map" || node.tag !== undefined || node.again.length > 0 || node.entries.size === 0)
    return "values needs a mapping of names and secrets: { PASSWORD: !generate }";
  const values: Record<string, EntryValue> = {};
  for (const [name, { value }] of node.entries) {
    const shown = shownKey(name);
    if (!/^[A-Za-z_]\w*$/.test(name)) return `values: ${shown} is no name; use letters, digits and _`;
    if (texts.some((text) => !text.includes(`\${${name}}`)))
      return `values: the text has no \${${shown}}; correct the name, or remove the value`;
    const read = readValue(value, name);
    if (typeof read === "string") return `values: ${shown}: ${read}`;
    if (read.kind === "text" || read.kind === "address" || read.kind === "filled")
      return `values: ${shown}: takes !generate, !secret, !env or a tag of a secrets manager; write another text itself`;
    values[name] = read.kind === "generated" ? { ...read, name: read.name ?? name } : read;
  }
  return values;
}
