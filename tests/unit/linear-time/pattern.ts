/** The syntax tree of a regular expression, as far as making texts for it needs one. Throws for what it does not know. */

export type Pattern =
  | { readonly kind: "literal"; readonly text: string }
  /** One character of several; `source` is how the expression has it. */
  | { readonly kind: "set"; readonly source: string }
  /** Takes no character: an anchor. */
  | { readonly kind: "empty" }
  /** What must stand before or behind, or must not: it takes no character either, and is tried all the same. */
  | { readonly kind: "look"; readonly of: Pattern }
  /** What a group has taken, once more. */
  | { readonly kind: "again" }
  | {
      readonly kind: "repeat";
      readonly of: Pattern;
      /** How the expression has what is repeated. */
      readonly source: string;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "choice"; readonly options: readonly Pattern[] };

const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", v: "\v", f: "\f", "0": "\0" };

export function parsePattern(source: string): Pattern {
  let at = 0;
  const refuse = (): never => {
    throw new Error(`/${source}/ has a syntax at ${at} that the test does not know`);
  };
  const take = (text: string) => {
    if (!source.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  const takeMatch = (pattern: RegExp) => {
    const sticky = new RegExp(pattern.source, `${pattern.flags}y`);
    sticky.lastIndex = at;
    const found = sticky.exec(source);
    at += found?.[0].length ?? 0;
    return found;
  };

  const choice = (): Pattern => {
    const options = [sequence()];
    while (take("|")) options.push(sequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: "choice", options };
  };
  const sequence = (): Pattern => {
    const items: Pattern[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") {
      const start = at;
      const item = repeated(atom(), start);
      const last = items.at(-1);
      if (item.kind === "literal" && last?.kind === "literal") {
        items[items.length - 1] = { kind: "literal", text: last.text + item.text };
      } else {
        items.push(item);
      }
    }
    return { kind: "sequence", items };
  };
  const repeated = (of: Pattern, start: number): Pattern => {
    const repeatedSource = source.slice(start, at);
    const [, sign, min, comma, max] = takeMatch(/([*+?])\??|\{(\d+)(,?)(\d*)\}\??/) ?? [];
    if (sign === undefined && min === undefined) return of;
    if (sign !== undefined) {
      return {
        kind: "repeat",
        of,
        source: repeatedSource,
        min: sign === "+" ? 1 : 0,
        max: sign === "?" ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const most = comma === "" ? Number(min) : max === "" ? Number.POSITIVE_INFINITY : Number(max);
    return { kind: "repeat", of, source: repeatedSource, min: Number(min), max: most };
  };
  const atom = (): Pattern => {
    const isLook = takeMatch(/\(\?<?[=!]/) !== null;
    if (isLook || takeMatch(/\(\?:|\((?!\?)/) !== null) {
      const inside = choice();
      if (!take(")")) refuse();
      return isLook ? { kind: "look", of: inside } : inside;
    }
    if (takeMatch(/[$^]|\\b|\\B/)) return { kind: "empty" };
    const set = takeMatch(/\.|\[(?:\\.|[^\]\\])*\]|\\[dDsSwW]|\\[pP]\{\w+\}/)?.[0];
    if (set !== undefined) return { kind: "set", source: set };
    if (takeMatch(/\\[1-9]/)) return { kind: "again" };
    const code = takeMatch(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/i);
    if (code)
      return { kind: "literal", text: String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? "", 16)) };
    const control = takeMatch(/\\([nrtvf0])/)?.[1];
    if (control !== undefined) return { kind: "literal", text: controls[control] ?? "" };
    const character = takeMatch(/\\([^\w\s])|([^\\()[\]*+?])|(\])/u);
    return { kind: "literal", text: character?.[1] ?? character?.[2] ?? character?.[3] ?? refuse() };
  };

  const whole = choice();
  return at === source.length ? whole : refuse();
}
