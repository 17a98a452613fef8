import type * as Yaml from "yaml";
import { yamlLibrary } from "./library";

/** The reason why a text is not valid YAML. */
export interface SyntaxProblem {
  readonly offset: number | undefined;
  /** Never quotes the text. */
  readonly reason: string;
}

/**
 * Describes the first error of a document at the position where a person has to look, which often differs from the
 * library's.
 *
 * @param document as the library parsed it, without pretty errors
 */
export function explainSyntax(text: string, document: Yaml.Document.Parsed): SyntaxProblem {
  const [error, next] = document.errors;
  if (error === undefined) return { offset: undefined, reason: "is not valid YAML" };
  const { code, message } = error;
  const offset = error.pos[0];
  const line = lineStart(text, offset);
  switch (code) {
    case "BLOCK_AS_IMPLICIT_KEY": {
      // The value continues in the lines below, one of which has a colon.
      const goesOn = next?.code === "MULTILINE_IMPLICIT_KEY" && next.pos[0] === offset;
      const below = goesOn ? lineStart(text, next.pos[1]) : line;
      return below === line
        ? { offset, reason: reasonOf(code) }
        : {
            offset: below,
            reason: "is indented deeper than the line above; begin each key below the one above",
          };
    }
    case "MISSING_CHAR":
    case "MULTILINE_IMPLICIT_KEY":
      if (/^Missing closing .quote/.test(message)) {
        return { offset: openQuote(document, offset), reason: "this quote is not closed; close it" };
      }
      if (/^[\w.-]{1,100}:(?!\/\/)\S/.test(text.slice(offset, offset + 110))) {
        return { offset, reason: "a space is missing after the colon; write KEY: value" };
      }
      break;
    case "BAD_INDENT":
      if (message.startsWith("Flow")) {
        return { offset, reason: "a bracket or brace further up is not closed; close it" };
      }
      return { offset: nextContent(text, offset), reason: reasonOf(code) };
    case "UNEXPECTED_TOKEN":
      if (offset === line && offset > 0 && /^[\w.-]/.test(text.slice(offset, offset + 1)))
        return { offset, reason: reasonOf("BAD_INDENT") };
      break;
    default:
  }
  return { offset, reason: reasonOf(code) };
}

/** Returns the offset of the first character in a line that is neither a space nor a tab. */
function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return start + (/^[ \t]*/.exec(text.slice(start, offset))?.[0].length ?? 0);
}

/** Returns the offset of the next content, after spaces and comments. */
function nextContent(text: string, offset: number): number {
  const skipped = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*/y;
  skipped.lastIndex = offset;
  skipped.test(text);
  return skipped.lastIndex < text.length ? skipped.lastIndex : offset;
}

/** Returns the offset where the last quoted text before an offset begins. */
function openQuote(document: Yaml.Document.Parsed, before: number): number {
  let last = before;
  yamlLibrary().visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith("QUOTE") && range && range[0] < before) last = range[0];
    },
  });
  return last;
}

/** Returns the reason for an error; the library's own messages quote the file. */
function reasonOf(code: Yaml.ErrorCode): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab indents this line, which YAML forbids; use spaces";
    case "MISSING_CHAR":
      return "something is missing here: the colon after a key, or the end of a bracket further up";
    case "BAD_SCALAR_START":
      return "a value cannot begin with this character; put it in quotes";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a second colon makes this a mapping in a mapping; put the value in quotes";
    case "BAD_DQ_ESCAPE":
      return "this is not an escape sequence of double quotes; double the backslash or use single quotes";
    case "BAD_INDENT":
      return "the indentation matches no line above; begin each key below the one above";
    case "MULTILINE_IMPLICIT_KEY":
      return "a key must be on one line, with a colon after it; is the colon missing?";
    case "RESOURCE_EXHAUSTION":
      return "is nested deeper than any such file needs; is it the right file?";
    default:
      return `is not valid YAML (${code.toLowerCase().replaceAll("_", " ")}); if it is part of a value, put that in quotes`;
  }
}
