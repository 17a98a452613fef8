import { entriesOf } from "../../packages/compose-checks/yaml/nodes";
import { type Field, type TreeFault, treeOf } from "../../packages/compose-checks/yaml/tree";
import type { Source } from "../files/source";
import { parseYaml } from "../files/yaml";
import { type Reading, shownKey } from "./entry";
import { taggedValue } from "./tags";

/** Reads the variables of a YAML mapping: scalars as they are written, or with one of the known tags. */
export function readYaml(source: Source): Reading {
  const reading: Reading = { entries: [], findings: [] };
  // The failsafe schema knows only text.
  const contents = parseYaml(source, "failsafe");
  if (contents === undefined) return reading;
  const wrong = (offset: number, reason: string) => reading.findings.push({ offset, reason });
  const fault = (what: TreeFault, offset: number, { name }: Field) => {
    if (what === "no-text") wrong(offset, notPlain);
    if (what === "no-anchor")
      wrong(offset, `${shownKey(name)}: refers to an anchor that does not exist; write the value`);
    if (what === "endless") wrong(offset, `${shownKey(name)}: ${nested}`);
  };
  // Nested values are only detected, not read.
  const limits = { maxDepth: 1, maxNodes: Number.POSITIVE_INFINITY, merge: false };
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
    } else if (value.kind !== "scalar") wrong(at, `${shownKey(key)}: ${nested}`);
    else if (value.tag === undefined) {
      reading.entries.push({ key, offset, value: { kind: "text", text: value.text, plain: false } });
    } else {
      const read = taggedValue(value.tag, value.text, value.alias === undefined ? key : undefined);
      if (typeof read === "string") wrong(at, `${shownKey(key)}: ${read}`);
      else reading.entries.push({ key, offset, value: read });
    }
  }
  return reading;
}

const notPlain = "a key must be plain text; write KEY: value";
const nested = "has a nested value, and a variable is text; put it in quotes, for example as JSON";
