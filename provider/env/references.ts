/**
 * References (`${{…}}`) in a value. Dokploy replaces each once, in this order: `${{vault.…}}` in the raw text, then
 * for each value of a service `${{project.NAME}}`, `${{environment.NAME}}`, and any remaining `${{…}}` as a key of
 * the same text. A name that is not found makes the deployment fail.
 */

interface Variable {
  readonly kind: "project" | "environment" | "own";
  readonly name: string;
}

/** Meaning of a `${{…}}`. */
export type Reference =
  | Variable
  | { readonly kind: "vault" }
  /** Dokploy looks it up under a name that no variable can have; `meant` is the reference without spaces. */
  | { readonly kind: "malformed"; readonly meant: Variable | undefined };

const LINE_BREAK = /[\n\r\u2028\u2029]/g;

/** One `${{…}}` of a value: its offsets, and the text between the braces after the scope. */
interface Found {
  readonly start: number;
  readonly end: number;
  readonly body: string;
}

/**
 * Finds every `${{…}}` that begins with `scope`, like Dokploy's own expressions: it ends at the first `}}` and stays
 * on one line. In linear time, even where many are opened and none is closed.
 */
export function findReferences(value: string, scope = ""): Found[] {
  const found: Found[] = [];
  const opening = `\${{${scope}`;
  let close = -1;
  let lineBreak = -1;
  for (let start = value.indexOf(opening); start !== -1; ) {
    const bodyStart = start + opening.length;
    if (close < bodyStart) close = value.indexOf("}}", bodyStart);
    if (close === -1) break;
    if (lineBreak < bodyStart) lineBreak = lineBreakFrom(value, bodyStart);
    const isClosed = close < lineBreak;
    if (isClosed) found.push({ start, end: close + 2, body: value.slice(bodyStart, close) });
    start = value.indexOf(opening, isClosed ? close + 2 : start + 1);
  }
  return found;
}

/** Replaces each reference; `replace` gets the body and the whole. */
export function replaceReferences(
  value: string,
  replace: (body: string, whole: string) => string,
  scope = "",
): string {
  let replaced = "";
  let from = 0;
  for (const { start, end, body } of findReferences(value, scope)) {
    replaced += value.slice(from, start) + replace(body, value.slice(start, end));
    from = end;
  }
  return from === 0 ? value : replaced + value.slice(from);
}

function lineBreakFrom(value: string, from: number): number {
  LINE_BREAK.lastIndex = from;
  return LINE_BREAK.exec(value)?.index ?? value.length;
}

const NAME = /^[A-Za-z0-9_.-]+$/;
const VAULT = /^vault\.[A-Za-z0-9_-]+\.[^{}\r\n]+$/;

/** Classifies the text between the braces. */
export function classify(body: string): Reference {
  if (VAULT.test(body)) return { kind: "vault" };
  return variableOf(body) ?? { kind: "malformed", meant: variableOf(withoutBlanks(body)) };
}

function withoutBlanks(body: string): string {
  return body
    .split(".")
    .map((part) => part.trim())
    .join(".");
}

function variableOf(body: string): Variable | undefined {
  const [, scope, name = ""] = /^(project|environment)\.(.*)$/.exec(body) ?? [undefined, "own", body];
  if (!NAME.test(name)) return undefined;
  return { kind: scope === "project" || scope === "environment" ? scope : "own", name };
}

/** Returns the references of a value in order, including malformed ones. */
export function referencesOf(value: string): Reference[] {
  if (!value.includes("${{")) return [];
  return findReferences(value).map(({ body }) => classify(body));
}

/** True when a value contains anything that Dokploy replaces with a variable or secret. */
export function hasReference(value: string): boolean {
  return referencesOf(value).some(({ kind }) => kind !== "malformed");
}

/** True when `${{vault.` occurs outside a proper reference. Dokploy looks for its end across all variables. */
export function hasOpenVault(value: string): boolean {
  if (!value.includes("${{vault.")) return false;
  return replaceReferences(value, (body, whole) => (classify(body).kind === "vault" ? "" : whole)).includes(
    "${{vault.",
  );
}

/** Changes the text between references, and keeps the references. `isLast` is true after the last one. */
export function mapLiterals(value: string, change: (literal: string, isLast: boolean) => string): string {
  let changed = "";
  let from = 0;
  for (const { start, end, body } of findReferences(value)) {
    if (classify(body).kind === "malformed") continue;
    changed += change(value.slice(from, start), false) + value.slice(start, end);
    from = end;
  }
  return changed + change(value.slice(from), true);
}

/** Returns the value with a placeholder for each reference, for code that reads the inserted text instead. */
export function withoutReferences(value: string): {
  text: string;
  mark: string;
  putBack: (text: string) => string;
} {
  const references: string[] = [];
  let sign = 0xe000;
  while (value.includes(String.fromCharCode(sign))) sign++;
  const mark = String.fromCharCode(sign);
  const text = replaceReferences(value, (body, whole) => {
    if (classify(body).kind === "malformed") return whole;
    references.push(whole);
    return mark;
  });
  const putBack = (changed: string) => {
    let next = 0;
    return changed.replaceAll(mark, () => references[next++] ?? "");
  };
  return { text, mark, putBack };
}
