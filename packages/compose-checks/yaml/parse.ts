import type * as Yaml from "yaml";
import { deeperThan } from "./depth";
import { withoutStacks } from "./errors";
import { yamlLibrary } from "./library";
import { explainSyntax, type SyntaxProblem } from "./syntax";

/** Schema of YAML, and messages for texts that are refused. */
export interface ParseOptions {
  /** `failsafe` reads every scalar as text; `core` knows numbers, booleans and null. */
  readonly schema: "failsafe" | "core";
  /** Message for a second document in the text. */
  readonly second: string;
  /** Message for a text that is nested too deep for the library. */
  readonly tooDeep: string;
}

/** The library recurses into collections, and a stack overflow inside a regular expression is fatal. */
const maxDepth = 100;

/**
 * Parses a text that holds one YAML document; the contents of an empty one are undefined. The caller handles duplicate
 * keys, merge keys and aliases. Never throws; reasons never quote the text.
 *
 * @param text without a byte order mark
 */
export function parseDocument(
  text: string,
  { schema, second, tooDeep }: ParseOptions,
): { readonly contents: Yaml.ParsedNode | undefined } | { readonly problem: SyntaxProblem } {
  const { Composer, Parser, isScalar } = yamlLibrary();
  // A line break for YAML and for editors, but not for the library, which would join the two lines.
  const lone = text.search(/\r(?!\n)/);
  if (lone !== -1) {
    const reason = "a carriage return without a line feed; save the file with LF or CRLF line ends";
    return { problem: { offset: lone, reason } };
  }
  const tokens = [...new Parser().parse(text)];
  const deep = deeperThan(tokens, maxDepth);
  if (deep !== undefined) return { problem: { offset: deep, reason: tooDeep } };
  // The library compares each key with all others.
  const composer = new Composer({ schema, uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  const [document, another] = withoutStacks(() => [...composer.compose(tokens)] as Yaml.Document.Parsed[]);
  if (document === undefined) return { contents: undefined };
  // Later errors are mostly consequences of the first one.
  if (document.errors.length > 0) return { problem: explainSyntax(text, document) };
  if (another !== undefined) return { problem: { offset: another.range[0], reason: second } };
  const { contents } = document;
  const isEmpty = contents === null || (isScalar(contents) && contents.source === "" && !contents.tag);
  return { contents: isEmpty ? undefined : contents };
}
