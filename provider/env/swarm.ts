/**
 * Docker Swarm takes each environment value of a service for a Go template: `{{name}}` fails the deployment,
 * `{{.Service.Name}}` is replaced in silence. Seen on Dokploy 0.30.2 for applications; compose services and
 * build arguments are not affected.
 */
import { classify, findReferences } from "./references";

/** Makes a value survive Swarm. `{{` becomes a template that prints it; references to variables stay. */
export function escapeTemplate(value: string): string {
  if (!value.includes("{{")) return value;
  let escaped = "";
  let from = 0;
  for (const { start, end, body } of findReferences(value)) {
    if (classify(body).kind === "malformed") continue;
    escaped += escapeLiteral(value.slice(from, start)) + value.slice(start, end);
    from = end;
  }
  return escaped + escapeLiteral(value.slice(from));
}

// The `$` and `{` before it go along, so that no `${{` is left that Dokploy would take for a reference. A search begins
// where a row of them does, or a long row would be gone through again from each of its characters.
function escapeLiteral(text: string): string {
  return text.replace(/(?<![{$])[{$]*\{\{/g, (braces) => `{{"${braces.replaceAll("$", "\\x24")}"}}`);
}

/** Undoes `escapeTemplate`; templates that were written by hand stay as they are. */
export function unescapeTemplate(value: string): string {
  if (!value.includes('{{"')) return value;
  return value.replace(/\{\{"((?:\{|\\x24)*\{\{)"\}\}/g, (_, braces: string) =>
    braces.replaceAll("\\x24", "$"),
  );
}

/** What Swarm makes of a value: a text, something that only the running service knows, or a failed deployment. */
export type Expansion = { readonly text: string } | "unknown" | "fails";

const ACTION = /\{\{(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|(?!\}\})[\s\S])*?\}\}/g;
const FUNCTIONS = new Set(
  (
    "and break call continue else end eq false ge gt html if index join js le len lt ne nil not or " +
    "print printf println range slice true urlquery with define template block"
  ).split(" "),
);

/** Expands the constants and comments of Go's templates; of the rest it tells only what surely fails. */
export function expandTemplate(value: string): Expansion {
  if (!value.includes("{{")) return { text: value };
  let text = "";
  let from = 0;
  let known = true;
  for (const match of value.matchAll(ACTION)) {
    const inside = match[0].slice(2, -2);
    const constant = constantOf(inside);
    if (constant === undefined && surelyFails(inside)) return "fails";
    known &&= constant !== undefined;
    text += value.slice(from, match.index) + (constant ?? "");
    from = match.index + match[0].length;
  }
  const rest = value.slice(from);
  if (rest.includes("{{")) return "fails";
  return known ? { text: text + rest } : "unknown";
}

function constantOf(action: string): string | undefined {
  if (/^\/\*[\s\S]*\*\/$/.test(action)) return "";
  const quoted = /^\s*"((?:[^"\\\n]|\\x[0-7][0-9a-fA-F])*)"\s*$/.exec(action)?.[1];
  return quoted?.replace(/\\x(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function surelyFails(action: string): boolean {
  const code = action.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\//g, " ");
  if (/^\s*$/.test(code)) return code === action;
  const words = code.match(/(?<![\w.$])[A-Za-z_]\w*/g) ?? [];
  const fields = code.match(/(?<![\w.$)])\.[A-Za-z_]\w*/g) ?? [];
  return (
    words.some((word) => !FUNCTIONS.has(word)) ||
    // Inside `range` and `with` the dot is another; those start no value that anyone meant as plain text.
    fields.some((field) => field !== ".Service" && field !== ".Node" && field !== ".Task")
  );
}
