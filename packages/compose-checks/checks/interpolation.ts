/**
 * A part of a value of a compose file. Variables are `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and
 * `${NAME:+replacement}`, each of the last three without the colon too, nested; `$$` is a dollar sign.
 */
export type Segment = { readonly kind: "literal"; readonly text: string } | Expression | Malformed;

/** A variable in a template. */
export interface Expression {
  readonly kind: "variable";
  readonly name: string;
  /** `-` default, `?` required, `+` replacement. */
  readonly operator: "-" | "?" | "+" | undefined;
  /** True with a colon, which treats an empty value as absent. */
  readonly colon: boolean;
  readonly operand: readonly Segment[];
  /** Source text of the expression. */
  readonly source: string;
}

/** A template that Compose refuses; the rest of the text is not parsed. */
export interface Malformed {
  readonly kind: "malformed";
  readonly source: string;
}

const nameHere = /[_a-z][_a-z0-9]*/iy;
const insideBraces = /^([_a-z][_a-z0-9]*)(?:(:?)([-?+])([\s\S]*))?$/i;
/** Deeper than defaults are nested in practice; without a limit, a long text could overflow the stack. */
const maxDepth = 20;

/**
 * Splits a value into literal text and variables.
 *
 * @param strict true to refuse replacements, and a dollar sign before anything else, as `docker stack deploy` does
 */
export function parseTemplate(text: string, strict = false, depth = 0): Segment[] {
  const segments: Segment[] = [];
  let literal = "";
  let at = 0;
  const push = (segment: Segment) => {
    if (literal !== "") segments.push({ kind: "literal", text: literal });
    literal = "";
    segments.push(segment);
  };
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1 || depth > maxDepth) {
      literal += text.slice(at);
      break;
    }
    literal += text.slice(at, dollar);
    const next = text[dollar + 1];
    nameHere.lastIndex = dollar + 1;
    const name = nameHere.exec(text)?.[0];
    if (next === "$") {
      literal += "$";
      at = dollar + 2;
    } else if (name !== undefined) {
      const source = `$${name}`;
      push({ kind: "variable", name, operator: undefined, colon: false, operand: [], source });
      at = dollar + source.length;
    } else if (next === "{") {
      const end = closingBrace(text, dollar + 1);
      const [, braced, colon, operator, operand = ""] =
        insideBraces.exec(text.slice(dollar + 2, end ?? dollar + 2)) ?? [];
      if (end === undefined || braced === undefined || (strict && operator === "+")) {
        push({ kind: "malformed", source: text.slice(dollar, dollar + 2) });
        return segments;
      }
      push({
        kind: "variable",
        name: braced,
        operator: operator as Expression["operator"],
        colon: colon === ":",
        operand: parseTemplate(operand, strict, depth + 1),
        source: text.slice(dollar, end + 1),
      });
      at = end + 1;
    } else if (strict) {
      push({ kind: "malformed", source: "$" });
      return segments;
    } else {
      literal += "$";
      at = dollar + 1;
    }
  }
  if (literal !== "") segments.push({ kind: "literal", text: literal });
  return segments;
}

/** True for a text with a variable, or with a malformed template. */
export function hasVariable(text: string): boolean {
  return parseTemplate(text).some(({ kind }) => kind !== "literal");
}

/** Replaces each variable by a text; if `replace` returns undefined, so does this. */
export function substitute(
  segments: readonly Segment[],
  replace: (expression: Expression) => string | undefined,
): string | undefined {
  let text = "";
  for (const segment of segments) {
    if (segment.kind === "malformed") return undefined;
    const part = segment.kind === "literal" ? segment.text : replace(segment);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** Finds the closing brace. Every brace counts, as in Compose. */
function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    else if (text[at] === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
