import type { Source } from "../files/source";
import { parseYaml, type Yaml, yamlLibrary } from "../files/yaml";
import { type Reading, shownKey } from "./entry";
import { taggedValue } from "./tags";

/** Variables of a YAML mapping: scalars as they are written, or with one of the known tags. */
export function readYaml(source: Source): Reading {
  const reading: Reading = { entries: [], findings: [] };
  // The failsafe schema knows text only.
  const contents = parseYaml(source, "failsafe")?.contents;
  if (contents === undefined) return reading;
  const { isAlias, isMap, isScalar } = yamlLibrary();
  const wrong = (offset: number, reason: string) => reading.findings.push({ offset, reason });
  if (!isMap(contents)) {
    wrong(contents.range[0], "is not a mapping; write lines of KEY: value");
    return reading;
  }
  if (contents.tag !== undefined) wrong(contents.range[0], "the mapping has a YAML tag (!…); take it out");

  // The library would go through the whole document for each alias.
  const anchors = new Map<string, Yaml.Node>();
  for (const { key, value } of contents.items) {
    const offset = key.range[0];
    if (!isScalar(key) || key.tag !== undefined) {
      wrong(offset, "a key must be plain text; write KEY: value");
      continue;
    }
    if (key.anchor !== undefined) anchors.set(key.anchor, key);
    const name = String(key.value);
    if (name === "<<") {
      wrong(offset, "<<: merge keys are not supported; write the variables out, or load several files");
      continue;
    }
    const node: Yaml.Node | null | undefined = isAlias(value) ? anchors.get(value.source) : value;
    const at = value?.range[0] ?? offset;
    if (node === undefined) {
      wrong(at, `${shownKey(name)}: refers to an anchor that is not there; write the value`);
    } else if (node === null) {
      reading.entries.push({ key: name, offset, value: { kind: "text", text: "", plain: false } });
    } else if (!isScalar(node)) {
      const advice = "has a nested value, and a variable is text; put it in quotes, for example as JSON";
      wrong(at, `${shownKey(name)}: ${advice}`);
    } else {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      const text = String(node.value);
      const read =
        node.tag === undefined
          ? ({ kind: "text", text, plain: false } as const)
          : taggedValue(node.tag, text, isAlias(value) ? undefined : name);
      if (typeof read === "string") wrong(at, `${shownKey(name)}: ${read}`);
      else reading.entries.push({ key: name, offset, value: read });
    }
  }
  return reading;
}
