import type * as Yaml from "yaml";
import { parseDocument } from "../../packages/compose-checks/yaml/parse";
import { fileError, type Source } from "./source";

/**
 * Parses a file that holds one YAML document; `undefined` for an empty one.
 *
 * @param schema `failsafe` takes every scalar as the text that is written; `core` knows numbers, booleans and null.
 * Duplicate keys are left to the caller; merge keys are never applied
 * @throws FileError with the place of what is wrong, in words of its own, since the library's quote the file
 */
export function parseYaml(source: Source, schema: "failsafe" | "core"): Yaml.ParsedNode | undefined {
  const parsed = parseDocument(source.text, {
    schema,
    second: "another document begins here, and a file holds one; take out the ---",
    tooDeep: "is nested deeper than any such file needs; is it the right file?",
  });
  if ("problem" in parsed) throw fileError(source, [parsed.problem]);
  return parsed.contents;
}
