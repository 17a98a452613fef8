import {
  entriesOf,
  type KeyPlace,
  type Node,
  type TreeFault,
  treeOf,
} from "../../packages/compose-checks/yaml";
import { shownKey, sideKey } from "../../provider/env";
import { parseYaml, type Source } from "../files";
import type { EntryValue, Reading } from "./entry";
import { readFilled, textTag } from "./filled";
import { generateTag, readGenerated } from "./generated";
import { isRotation, readRotation } from "./rotation";
import { taggedValue } from "./tags";

/**
 * Reads the variables of a YAML mapping: scalars as they are written, or with one of the known tags. A rotation becomes
 * two variables.
 */
export function readYaml(source: Source): Reading {
  const reading: Reading = { entries: [], findings: [] };
  // The failsafe schema knows only text.
  const contents = parseYaml(source, "failsafe");
  if (contents === undefined) return reading;
  const wrong = (offset: number, reason: string) => reading.findings.push({ offset, reason });
  const fault = (what: TreeFault, offset: number, { name }: KeyPlace) => {
    if (what === "no-text") wrong(offset, notPlain);
    if (what === "no-anchor")
      wrong(offset, `${shownKey(name)}: refers to an anchor that does not exist; write the value`);
    if (what === "endless") wrong(offset, `${shownKey(name)}: ${nested}`);
    if (what === "too-large") wrong(offset, "is too large with its aliases resolved; write the values");
  };
  // Deep enough for the rotation of a token with claims. Other nested values are only detected, not read.
  const limits = { maxDepth: 12, maxNodes, merge: false };
  const root = treeOf(contents, source.text, { ...limits, wrong: fault });
  if (root?.kind !== "map") {
    wrong(contents.range[0], "is not a mapping; write lines of KEY: value");
    return reading;
  }
  if (root.tag !== undefined) wrong(root.offset, "the mapping has a YAML tag (!…); remove it");

  for (const { key, offset, tag, value } of [...entriesOf(root), ...root.again]) {
    const at = value.alias ?? value.offset;
    if (tag !== undefined) wrong(offset, notPlain);
    else if (key === "<<") {
      wrong(offset, "<<: merge keys are not supported; write the variables out, or load several files");
    } else if (isRotation(value)) {
      const read = readRotation(key, value, readValue);
      if (typeof read === "string") wrong(at, `${shownKey(key)}: ${read}`);
      else {
        reading.entries.push({ key, offset, value: read.current });
        const { other, rotation } = read;
        reading.entries.push({ key: sideKey(key, rotation.side), offset, value: other, rotation });
      }
    } else {
      const read = readValue(value, key);
      if (typeof read === "string") wrong(at, `${shownKey(key)}: ${read}`);
      else
        reading.entries.push({
          key,
          offset,
          value: read,
          ...(isCut(value, source.text) ? { isCut: true } : {}),
        });
    }
  }
  return reading;
}

/** Reads the value of a variable; returns the text of a problem for anything else. */
function readValue(node: Node, key: string): EntryValue | string {
  if (node.tag === generateTag) return readGenerated(node, readValue);
  if (node.tag === textTag) return readFilled(node, readValue);
  if (node.kind !== "scalar") return nested;
  if (node.tag === undefined) return { kind: "text", text: node.text, plain: false };
  return taggedValue(node.tag, node.text, node.alias === undefined ? key : undefined);
}

/** True for a value without quotes that ends at a `#` with no space behind it, as in `red #fff`. */
function isCut(node: Node, text: string): boolean {
  if (node.kind !== "scalar" || node.alias !== undefined || /^["'|>]/.test(node.source) || node.text === "")
    return false;
  const end = node.offset + node.source.trimEnd().length;
  return /^[ \t]+#[^\s#]/.test(text.slice(end, end + 200));
}

/** A file without aliases has fewer nodes than characters. */
const maxNodes = 1 << 20;

const notPlain = "a key must be plain text; write KEY: value";
const nested = "has a nested value, and a variable is text; put it in quotes, for example as JSON";
