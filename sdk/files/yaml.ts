import type * as Yaml from "yaml";
import { parseDocument } from "../../packages/compose-checks/yaml";
import { fileError, type Source } from "./source";

/**
 * Parses a file that holds one YAML document; returns `undefined` for an empty one.
 *
 * @param schema `failsafe` reads every scalar as text; `core` knows numbers, booleans and null. The caller handles
 * duplicate keys; merge keys are never applied
 * @throws FileError with the position of the problem and our own wording, because the library quotes the
 * file
 */
export function parseYaml(source: Source, schema: "failsafe" | "core"): Yaml.ParsedNode | undefined {
  const parsed = parseDocument(source.text, {
    schema,
    second: "another document begins here, but a file has only one; remove the ---",
    tooDeep: "is nested deeper than any such file needs; is it the right file?",
  });
  if ("problem" in parsed) throw fileError(source, [parsed.problem]);
  return parsed.contents;
}
