/**
 * Prediction of what Swarm makes of a text that it expands as a Go template, as far as that is possible without the
 * running service. Anybody may have written the text, so it is read only once, character by character.
 */
import type { Arrival } from "./model";

const FUNCTIONS = new Set(
  (
    "and break call continue else end eq false ge gt html if index join js le len lt ne nil not or " +
    "print printf println range slice true urlquery with define template block"
  ).split(" "),
);

/** Expands constants and comments of Go's templates; among the rest it recognises only certain failures. */
export function expandTemplate(value: string): Arrival {
  let text = "";
  let from = 0;
  let known = true;
  for (let open = value.indexOf("{{"); open !== -1; open = value.indexOf("{{", from)) {
    const action = readAction(value, open + 2);
    if (action === undefined) return "fails";
    const constant = constantOf(action.inside);
    if (constant === undefined && surelyFails(action)) return "fails";
    known &&= constant !== undefined;
    text += value.slice(from, open) + (constant ?? "");
    from = action.end;
  }
  return known ? { text: text + value.slice(from) } : "unknown";
}

interface Action {
  /** Text between the braces. */
  readonly inside: string;
  /** Text between the braces, with a space instead of each quoted text and each comment. */
  readonly code: string;
  /** Offset after the closing braces. */
  readonly end: number;
}

/** Reads an action; undefined where it, or a quoted text or comment in it, is not closed: Go refuses that. */
function readAction(value: string, start: number): Action | undefined {
  let code = "";
  let from = start;
  let at = start;
  while (at < value.length) {
    if (value.startsWith("}}", at)) {
      return { inside: value.slice(start, at), code: code + value.slice(from, at), end: at + 2 };
    }
    const end = endOfWhole(value, at);
    if (end === -1) return undefined;
    if (end > at + 1) {
      code += `${value.slice(from, at)} `;
      from = end;
    }
    at = end;
  }
  return undefined;
}

/** Returns the end of the quoted text, the comment or else the character at `at`; -1 if it is not closed. */
function endOfWhole(value: string, at: number): number {
  switch (value[at]) {
    case '"':
    case "'":
      return endOfQuoted(value, at);
    case "`":
      return value.indexOf("`", at + 1) + 1 || -1;
    case "/":
      if (value[at + 1] !== "*") return at + 1;
      return value.indexOf("*/", at + 2) === -1 ? -1 : value.indexOf("*/", at + 2) + 2;
    default:
      return at + 1;
  }
}

function endOfQuoted(value: string, start: number): number {
  for (let at = start + 1; at < value.length && value[at] !== "\n"; at++) {
    if (value[at] === value[start]) return at + 1;
    if (value[at] === "\\" && value[++at] === "\n") return -1;
  }
  return -1;
}

function constantOf(action: string): string | undefined {
  if (action.length >= 4 && action.startsWith("/*") && action.endsWith("*/")) return "";
  const quoted = /^\s*"((?:[^"\\\n]|\\x[0-7][0-9a-fA-F])*)"\s*$/.exec(action)?.[1];
  return quoted?.replace(/\\x(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function surelyFails({ inside, code }: Action): boolean {
  // An empty action is refused; quoted texts and comments alone depend on their content.
  if (/^\s*$/.test(code)) return code === inside;
  const words = code.match(/(?<![\w.$])[A-Za-z_]\w*/g) ?? [];
  const fields = code.match(/(?<![\w.$)])\.[A-Za-z_]\w*/g) ?? [];
  return (
    words.some((word) => !FUNCTIONS.has(word)) ||
    // Inside `range` and `with` the dot has another meaning; but no value that was meant as plain text starts
    // those.
    fields.some((field) => field !== ".Service" && field !== ".Node" && field !== ".Task")
  );
}
