/** Replaces each character of a variable. No other text has it. */
export const MARK = "\uFFFC";
/** Replaces each character of the beginning of `$(command)`. */
export const COMMAND_MARK = "\uFFFB";

const NAME = /\{(?:[A-Za-z_]\w*|\d+)/y;
/** Names without braces are in capitals, since `pa$word` may be a password. */
const BARE_NAME = /[A-Z_][A-Z0-9_]*(?![a-z])|\d/y;
const DEFAULT = /:?[-+]/y;

/**
 * Returns a text of the same length in which variables are marks: `$NAME`, `${NAME}`, `${NAME:?message}`, `${{…}}`, the
 * templates `{{…}}`, and all of these with the dollar sign doubled, as in compose files. The default in
 * `${NAME:-default}` stays, since it is a part of what the text says. So does the command in `$(…)`.
 */
export function markVariables(text: string): string {
  if (!text.includes("$") && !text.includes("{{")) return text;
  const marker = new Marker(text);
  for (let at = 0; at < text.length; ) at = marker.step(at);
  return marker.marked();
}

/** Returns a text without its variables, but with their defaults. */
export function withoutVariables(text: string): string {
  return withoutMarks(markVariables(text));
}

/** Returns what a text with marks says itself. */
export function withoutMarks(marked: string): string {
  return marked.replace(/[\uFFFB\uFFFC]+/g, "");
}

class Marker {
  readonly #pieces: string[] = [];
  #done = 0;
  /** Defaults that are open at this place. */
  #open = 0;

  constructor(private readonly text: string) {}

  /** Reads what begins at a place, and returns the place after it. */
  step(at: number): number {
    const { text } = this;
    switch (text[at]) {
      case "\n":
        this.#open = 0;
        return at + 1;
      case "}":
        if (this.#open === 0) return at + 1;
        this.#open -= 1;
        return this.#mark(at, at + 1);
      case "{":
        return text[at + 1] === "{" ? this.#template(at, at) : at + 1;
      case "$":
        return this.#variable(at);
      default:
        return at + 1;
    }
  }

  marked(): string {
    return this.#pieces.join("") + this.text.slice(this.#done);
  }

  #variable(at: number): number {
    const { text } = this;
    const after = at + (text[at + 1] === "$" ? 2 : 1);
    if (text.startsWith("{{", after)) return this.#template(at, after);
    if (text[after] === "(") return this.#mark(at, after + 1, COMMAND_MARK);
    if (text[after] !== "{") {
      const name = matched(BARE_NAME, text, after);
      return name === 0 ? after : this.#mark(at, after + name);
    }
    const name = matched(NAME, text, after);
    if (name === 0) return after;
    const operator = matched(DEFAULT, text, after + name);
    if (operator > 0) {
      this.#open += 1;
      return this.#mark(at, after + name + operator);
    }
    return this.#mark(at, this.#closed("}", after + name) ?? after + name);
  }

  #template(at: number, braces: number): number {
    const end = this.#closed("}}", braces + 2);
    return end === undefined ? braces + 2 : this.#mark(at, end);
  }

  /** Returns the place after the end of a variable, which is near and on the same line. */
  #closed(ending: string, from: number): number | undefined {
    const near = this.text.slice(from, from + 300);
    const end = near.indexOf(ending);
    const lineEnd = near.search(/[\r\n]/);
    return end === -1 || (lineEnd !== -1 && lineEnd < end) ? undefined : from + end + ending.length;
  }

  #mark(start: number, end: number, mark = MARK): number {
    this.#pieces.push(this.text.slice(this.#done, start), mark.repeat(end - start));
    this.#done = end;
    return end;
  }
}

/** Returns the length of what an expression finds at a place. */
function matched(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.exec(text)?.[0].length ?? 0;
}
