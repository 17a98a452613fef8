import type * as Yaml from "yaml";
import { withoutStacks } from "../../provider/yaml/errors";
import { explainSyntax } from "../../provider/yaml/syntax";
import { type Finding, fileError, type Source } from "./source";

export type { Yaml };

/**
 * Loaded when the first YAML file is read, so that programs without one do not pay for it.
 */
export function yamlLibrary(): typeof Yaml {
  return require("yaml") as typeof Yaml;
}

/**
 * Parses a file that holds one YAML document; `undefined` for an empty one.
 *
 * @param schema `failsafe` takes every scalar as the text that is written; `core` knows numbers, booleans and null.
 * Duplicate keys are left to the caller; merge keys are never applied
 * @throws FileError with the place of what is wrong, in words of its own, since the library's quote the file
 */
export function parseYaml(
  source: Source,
  schema: "failsafe" | "core",
): { document: Yaml.Document.Parsed; contents: Yaml.ParsedNode } | undefined {
  // A line break for YAML and for editors, but not for the library, which would join the two lines.
  const lone = source.text.search(/\r(?!\n)/);
  if (lone !== -1) {
    throw wrong(lone, "a carriage return without a line feed; save the file with LF or CRLF line ends");
  }
  const documents = withoutStacks(() =>
    yamlLibrary().parseAllDocuments(source.text, {
      schema,
      // The library compares each key with all others.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    }),
  );
  const document: Yaml.Document.Parsed | undefined = documents[0];
  if (document === undefined) return undefined;
  if (document.errors.length > 0) throw fileError(source, [explainSyntax(source.text, document)]);
  const second: Yaml.Document.Parsed | undefined = documents[1];
  if (second !== undefined) {
    throw wrong(second.range[0], "another document begins here, and a file holds one; take out the ---");
  }
  const { contents } = document;
  if (contents === null) return undefined;
  if (yamlLibrary().isScalar(contents) && contents.source === "" && !contents.tag) return undefined;
  return { document, contents };

  function wrong(offset: number, reason: string): Error {
    const finding: Finding = { offset, reason };
    return fileError(source, [finding]);
  }
}
