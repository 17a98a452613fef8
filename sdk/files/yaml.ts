import type * as Yaml from "yaml";
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
  const documents = yamlLibrary().parseAllDocuments(source.text, {
    schema,
    // The library compares each key with all others.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const document: Yaml.Document.Parsed | undefined = documents[0];
  if (document === undefined) return undefined;
  const error = document.errors[0];
  if (error !== undefined) throw wrong(error.pos[0], reasonOf(error.code));
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

function reasonOf(code: Yaml.ErrorCode): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab indents this line, which YAML forbids; use blanks";
    case "MISSING_CHAR":
      return "something is missing here: the colon behind a key, or the end of a quote or bracket further up";
    case "BAD_SCALAR_START":
      return "a value cannot begin with this character; put it in quotes";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a second colon makes this a mapping in a mapping; put the value in quotes";
    case "BAD_DQ_ESCAPE":
      return "no escape sequence of double quotes; double the backslash or use single quotes";
    case "BAD_INDENT":
      return "the indentation fits nothing above; begin each key below the one above";
    case "MULTILINE_IMPLICIT_KEY":
      return "a key must be on one line; is the colon missing in the line above?";
    case "RESOURCE_EXHAUSTION":
      return "is nested deeper than any such file needs; is it the right file?";
    default:
      return `is not valid YAML (${code.toLowerCase().replaceAll("_", " ")}); if it is part of a value, put that in quotes`;
  }
}
