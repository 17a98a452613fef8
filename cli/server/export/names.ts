import { capital } from "../../../packages/text";
import type { Piece } from "./addresses";
import { type Item, nameOf } from "./item";
import type { References } from "./references";

/** Names of an item in the program. */
export interface Names {
  /** Name of the resource: `shop-api`. */
  readonly resource: string;
  /** Name of the variable that holds it: `shopApi`. */
  readonly variable: string;
}

/** Words that no variable can be called, and names that the program needs itself. */
const RESERVED = new Set([
  "abstract",
  "any",
  "arguments",
  "as",
  "async",
  "await",
  "boolean",
  "break",
  "case",
  "catch",
  "class",
  "config",
  "const",
  "constructor",
  "continue",
  "debugger",
  "declare",
  "default",
  "delete",
  "do",
  "dokploy",
  "else",
  "enum",
  "eval",
  "export",
  "extends",
  "false",
  "finally",
  "for",
  "from",
  "function",
  "get",
  "if",
  "implements",
  "import",
  "in",
  "instanceof",
  "interface",
  "let",
  "module",
  "namespace",
  "never",
  "new",
  "null",
  "number",
  "object",
  "of",
  "package",
  "private",
  "protected",
  "public",
  "pulumi",
  "require",
  "return",
  "set",
  "static",
  "string",
  "super",
  "switch",
  "symbol",
  "this",
  "throw",
  "true",
  "try",
  "type",
  "typeof",
  "undefined",
  "unknown",
  "var",
  "void",
  "while",
  "with",
  "yield",
  "exports",
  "process",
  "global",
  "console",
]);

/** True for the name of a device of Windows, with any ending: no file or folder there can have it. */
export function isDevice(name: string): boolean {
  return /^(?:con|prn|aux|nul|(?:com|lpt)\d)(?:\.|$)/i.test(name);
}

/** Names that are decided before a program is written. */
export interface Decided {
  /** Names that something else than the program gives; no variable holds these resources. */
  readonly given?: ReadonlyMap<Item, string>;
  /** True where a file says an address of an item by `!ref`; false by default. */
  readonly refers?: (item: Item, pieces: readonly Piece[]) => boolean;
  /** Resources outside of the program, each as its kind and name. */
  readonly others?: ReadonlySet<string>;
}

/**
 * Names the items. Each has its own name if it is the only one that wants it; otherwise the name of what it belongs to
 * comes first, then the kind follows, and at last a number.
 *
 * @param items in their order in the program: earlier ones choose first
 */
export function namesOf(
  items: readonly Item[],
  references: References,
  { given = new Map(), others = new Set() }: Decided = {},
): Map<Item, Names> {
  const names = new Map<Item, Names>();
  const taken = new Set<string>();
  const known = new Set([...others, ...[...given].map(([{ kind }, name]) => `${kind} ${name}`)]);
  const take = (item: Item, resource: string): boolean => {
    const variable = variableOf(resource);
    if (taken.has(resource) || taken.has(variable) || RESERVED.has(variable) || isDevice(resource))
      return false;
    if (known.has(`${item.kind} ${resource}`)) return false;
    taken.add(resource).add(variable);
    names.set(item, { resource, variable });
    return true;
  };
  for (const [item, resource] of given) names.set(item, { resource, variable: variableOf(resource) });
  const firsts = new Map(items.map((item) => [item, candidates(item, references, names)[0]]));
  const wanted = new Map<unknown, number>();
  for (const first of firsts.values()) wanted.set(first, (wanted.get(first) ?? 0) + 1);
  for (const item of items) {
    if (names.has(item)) continue;
    const [first = "", ...longer] = candidates(item, references, names);
    // The projects have the names that people know best.
    const isFree = wanted.get(firsts.get(item)) === 1 || references.parentOf(item) === undefined;
    const choices = isFree ? [first, ...longer] : [...longer, first];
    const last = choices.at(-1) ?? first;
    if (choices.some((name) => take(item, name))) continue;
    for (let number = 2; !take(item, `${last}-${number}`); ) number += 1;
  }
  return names;
}

function candidates(item: Item, references: References, names: ReadonlyMap<Item, Names>): string[] {
  const own = slug(nameOf(item) ?? "");
  const kind = slug(item.kind.replace(/(?<=[a-z])(?=[A-Z])/g, "-"));
  const parent = references.parentOf(item);
  const around = parent && (names.get(parent)?.resource ?? slug(nameOf(parent) ?? ""));
  const base = own === "" ? kind : own;
  const withParent = around === undefined || around === "" ? [] : [`${around}-${base}`];
  if (own === "") return [...withParent, kind];
  return [
    base,
    ...withParent,
    ...(withParent.length > 0 ? withParent : [base]).map((name) => `${name}-${kind}`),
  ];
}

/** Returns letters, digits and hyphens: `Café № 7` becomes `cafe-no-7`. */
function slug(text: string): string {
  const [local = ""] = text.split("@", 1);
  const words = inLatin(local).match(/[A-Za-z0-9]+/g);
  return (words ?? []).join("-").slice(0, 60).replace(/-$/, "").toLowerCase();
}

/** Letters without a decomposition. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  þ: "th",
  Þ: "TH",
  ł: "l",
  Ł: "L",
  ı: "i",
};

/** Returns a text without accents: `Größe` becomes `Grosse`. */
export function inLatin(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/\p{L}/gu, (letter) => LETTERS[letter] ?? letter);
}

function variableOf(resource: string): string {
  const [first = "", ...rest] = resource.split("-").filter((word) => word !== "");
  const name = [first, ...rest.map(capital)].join("");
  return /^\d/.test(name) ? `_${name}` : name;
}
