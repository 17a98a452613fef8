import { isDeepStrictEqual } from "node:util";
import type * as Yaml from "yaml";
import { yamlLibrary } from "../../packages/compose-checks/yaml";
import { FileError, fileError, parseYaml, type Source } from "../../sdk/files";
import { type NewValue, type Place, type Style, writtenAs } from "./yaml-text";

/** Keys that lead from the root of a file to a value; not empty. */
export type Keys = readonly string[];

/**
 * Returns the text of a YAML file with a value at a path of keys. An existing value is replaced with its tag, and missing
 * keys are added after the last one of their map. All other bytes stay, so comments, order and quotes do too.
 *
 * @throws FileError where the path leads through something that is not a map, and where the value has an anchor, which
 * others may refer to, or a layout that cannot be edited
 */
export function setValue(source: Source, path: Keys, value: NewValue): string {
  return edited(source, path, value);
}

/**
 * Returns the text of a YAML file without a key, its value and the comment behind it. Comments above it stay, and so does
 * the map that it leaves empty. Without the key the text stays the same.
 *
 * @throws FileError as {@link setValue}
 */
export function removeValue(source: Source, path: Keys): string {
  return edited(source, path, undefined);
}

function edited(source: Source, path: Keys, value: NewValue | undefined): string {
  const before = parseYaml(source, "failsafe");
  const spot = spotOf(source, path, value === undefined);
  const wanted = [withValue(treeOf(before), path, value), anchorsIn(before)];
  const texts =
    value === undefined ? textsWithout(source.text, spot, path) : textsWith(source.text, spot, value);
  const found = texts.find((text) => {
    try {
      // An unusual layout must not end in a file with other values, or without an anchor.
      const after = parseYaml({ ...source, text }, "failsafe");
      return isDeepStrictEqual([treeOf(after), anchorsIn(after)], wanted);
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  });
  if (found !== undefined) return found;
  const offset = (spot.item?.value ?? spot.item?.key ?? spot.map)?.offset;
  throw misfit(source, offset, path, "has an anchor or a layout that this command cannot edit");
}

type Token = Yaml.CST.Token;
type MapToken = Yaml.CST.BlockMap | Yaml.CST.FlowCollection;
type Item = MapToken["items"][number];

/** Place of a path in a file. */
interface Spot {
  /** Innermost map on the path; undefined in an empty file. */
  readonly map: MapToken | undefined;
  /** Entry of this map on the path; undefined where it has none. */
  readonly item: Item | undefined;
  /** Keys that the file lacks, where the entry has no value or is missing. */
  readonly missing: Keys;
}

function spotOf(source: Source, path: Keys, isRemoved: boolean): Spot {
  const { CST, Parser } = yamlLibrary();
  const document = [...new Parser().parse(source.text)].find((token) => token.type === "document");
  let token: Token | undefined = document?.type === "document" ? document.value : undefined;
  let spot: Spot = { map: undefined, item: undefined, missing: path };
  if (isNothing(token)) return spot;
  for (const [depth, key] of path.entries()) {
    if (token?.type === "alias") throw misfit(source, token.offset, path, "is an alias (*)");
    if (!isMap(token)) throw misfit(source, token?.offset, path, "is not a map");
    const named: Item[] = (token.items as Item[]).filter(
      (each) => CST.resolveAsScalar(each.key ?? null)?.value === key,
    );
    const [item, twice] = named;
    if (twice) throw misfit(source, twice.key?.offset, path, "has a key that appears twice");
    const missing = path.slice(item === undefined ? depth : depth + 1);
    spot = { map: token, item, missing };
    if (item === undefined || isNull(item)) return spot;
    token = item.value;
  }
  if (!isRemoved && token !== undefined && "items" in token)
    throw misfit(source, token?.offset, path, "is not a single value");
  return spot;
}

/** Returns candidate texts with a value, the most readable first. A candidate may parse as another value. */
function textsWith(text: string, { map, item, missing }: Spot, value: NewValue): string[] {
  if (map === undefined) return withLines(text, text.length, 0, missing, value);
  if (item !== undefined) return withItem(text, map, item, missing, value);
  const last = (map.items as Item[]).findLast(({ key }) => key != null);
  if (map.type === "flow-collection") {
    const at = last === undefined ? map.start.offset + 1 : endOfItem(text, last);
    return inFlow(text, missing, value).map((pair) =>
      splice(text, at, at, last === undefined ? ` ${pair} ` : `, ${pair}`),
    );
  }
  const first = map.items[0]?.key?.offset ?? 0;
  // A block scalar may own the lines after it.
  const ends = [
    lineAfter(text, endOfItem(text, last)),
    endOf(text, last?.value, true),
    lineStart(text, first),
  ];
  return ends.flatMap((at) => withLines(text, at, first - lineStart(text, first), missing, value));
}

/** Inserts lines for keys, the last one with the value. */
function withLines(text: string, at: number, column: number, keys: Keys, value: NewValue): string[] {
  const lineBreak = lineBreakOf(text);
  const indents = keys.map((_, depth) => column + 2 * depth);
  const head = keys
    .map((key, depth) => `${" ".repeat(indents[depth] ?? 0)}${writtenKey(key)}:`)
    .join(lineBreak);
  const isOpen = at > 0 && text[at - 1] !== "\n";
  const place = { column: indents.at(-1) ?? 0, lineBreak, hasLine: true, before: undefined };
  return writtenAs(value, place).map((written) =>
    splice(text, at, at, isOpen ? `${lineBreak}${head} ${written}` : `${head} ${written}${lineBreak}`),
  );
}

/** Writes a pair with a value in braces, for one key after the other. */
function inFlow(text: string, keys: Keys, value: NewValue): string[] {
  const place = { column: 0, lineBreak: lineBreakOf(text), hasLine: false, before: undefined };
  const pair = (written: string) =>
    keys.reduceRight(
      (inner, key, depth) => `${writtenKey(key)}: ${depth === keys.length - 1 ? inner : `{ ${inner} }`}`,
      written,
    );
  return writtenAs(value, place).map(pair);
}

/** Replaces the value of an entry, with its tag; or one that is null by a map of the missing keys. */
function withItem(text: string, map: MapToken, item: Item, missing: Keys, value: NewValue): string[] {
  const { key, sep = [] } = item;
  const colon = sep.findIndex(({ type }) => type === "map-value-ind");
  if (key == null || colon === -1) return [];
  const behind = sep.slice(colon + 1);
  // Others may refer to an anchor.
  if (behind.some(({ type }) => type === "anchor")) return [];
  const tag = behind.findIndex(({ type }) => type === "tag");
  const held = isNothing(item.value) ? undefined : item.value;
  // A comment between a tag and its value belongs to neither.
  if (tag !== -1 && held && behind.slice(tag).some(({ type }) => type === "comment")) return [];
  const colonEnd = endOf(text, sep[colon]);
  const column = key.offset - lineStart(text, key.offset);
  const isBlock = map.type === "block-map";
  if (missing.length > 0 && isBlock && held === undefined)
    return withLines(text, lineAfter(text, colonEnd), column + 2, missing, value);
  const start = behind[tag]?.offset ?? held?.offset ?? colonEnd;
  const end = held ? endOf(text, held) : endOf(text, behind[tag] ?? sep[colon]);
  const note = held?.type === "block-scalar" ? held.props.find(({ type }) => type === "comment") : undefined;
  const rest = note !== undefined && "source" in note ? ` ${note.source}` : "";
  const hasLine = isBlock && rest === "" && text.slice(end, lineAfter(text, end)).trim() === "";
  const place: Place = { column, lineBreak: lineBreakOf(text), hasLine, before: held && styles[held.type] };
  const texts =
    missing.length > 0 ? inFlow(text, missing, value).map((pair) => `{ ${pair} }`) : writtenAs(value, place);
  return texts.map((written) => splice(text, start, end, (start === colonEnd ? " " : "") + written + rest));
}

const styles: Readonly<Partial<Record<Token["type"], Style>>> = {
  "single-quoted-scalar": "single",
  "double-quoted-scalar": "double",
};

/** Returns candidate texts without an entry. A candidate may parse as another value. */
function textsWithout(text: string, { map, item, missing }: Spot, path: Keys): string[] {
  if (map === undefined || item?.key == null || missing.length > 0) return [text];
  const { offset } = item.key;
  const end = endOfItem(text, item);
  if (map.type === "flow-collection") {
    const [after = ""] = /^[ \t]*,?[ \t]*/.exec(text.slice(end)) ?? [];
    if (after.includes(",")) return [splice(text, offset, end + after.length, "")];
    let from = offset;
    while (" \t".includes(text[from - 1] ?? "x")) from--;
    return [splice(text, text[from - 1] === "," ? from - 1 : from, end, "")];
  }
  // A missing value is null, not a map.
  if (map.items.length === 1 && path.length > 1) return [splice(text, offset, end, "{}")];
  const start = lineStart(text, offset);
  return [lineAfter(text, end), endOf(text, item.value, true)].map((next) => {
    const isOpen = next === text.length && !text.endsWith("\n");
    const lineBreak = isOpen && start > 0 ? lineBreakOf(text).length : 0;
    return splice(text, start - lineBreak, next, "");
  });
}

function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** Quotes a key that YAML could read as something other than a text. */
function writtenKey(key: string): string {
  const isWord = /^[A-Za-z_][\w.:-]*$/.test(key) && !key.endsWith(":");
  return isWord && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : JSON.stringify(key);
}

function isMap(token: Token | null | undefined): token is MapToken {
  return token?.type === "block-map" || (token?.type === "flow-collection" && token.start.source === "{");
}

function isNothing(token: Token | null | undefined): token is null | undefined {
  return token == null || (token.type === "scalar" && token.source === "");
}

/** True for an entry without a value, or with a plain `null`. */
function isNull({ sep, value }: Item): boolean {
  const isBare = !(sep ?? []).some(({ type }) => type === "tag" || type === "anchor");
  return (
    isBare && (isNothing(value) || (value.type === "scalar" && /^(?:~|null|Null|NULL)$/.test(value.source)))
  );
}

/** Returns the end of an entry, without the comment after it. */
function endOfItem(
  text: string,
  item: { start?: Token[]; key?: Token | null; sep?: Token[]; value?: Token } | undefined,
): number {
  const parts = [...(item?.start ?? []), item?.key, ...(item?.sep ?? []), item?.value];
  const last = parts.findLast(
    (token) => !isNothing(token) && !["space", "newline", "comment"].includes(token.type),
  );
  return endOf(text, last);
}

/** Returns the end of a token; that of a block scalar without the line breaks after it, unless they are asked for. */
function endOf(text: string, token: Token | null | undefined, isWhole = false): number {
  if (token == null) return 0;
  if ("items" in token) {
    const close = "end" in token ? token.end?.find(({ type }) => /^flow-.*-end$/.test(type)) : undefined;
    return close === undefined ? endOfItem(text, token.items.at(-1)) : close.offset + 1;
  }
  let end = token.offset + ("source" in token ? token.source.length : 0);
  if (token.type !== "block-scalar") return end;
  for (const prop of token.props) end += "source" in prop ? prop.source.length : 0;
  while (!isWhole && " \t\r\n".includes(text[end - 1] ?? "x")) end--;
  return end;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Returns the start of the line after an offset, or the end of the text. */
function lineAfter(text: string, offset: number): number {
  return text.indexOf("\n", offset) + 1 || text.length;
}

function lineBreakOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function misfit(source: Source, offset: number | undefined, path: Keys, why: string): FileError {
  return fileError(source, [{ offset, reason: `${path.join(".")}: ${why}; edit this place by hand` }]);
}

/** Values of a file that can be compared; a map has its entries in their order. */
type Tree =
  | { readonly tag: string | undefined; readonly map: readonly (readonly [key: unknown, value: Tree])[] }
  | { readonly tag: string | undefined; readonly other: unknown };

function treeOf(node: unknown): Tree {
  const { isAlias, isMap, isScalar, isSeq } = yamlLibrary();
  if (node === undefined) return { tag: undefined, map: [] };
  if (isMap(node))
    return { tag: node.tag, map: node.items.map(({ key, value }) => [treeOf(key), treeOf(value)]) };
  if (isSeq(node)) return { tag: node.tag, other: node.items.map(treeOf) };
  if (isAlias(node)) return { tag: "*", other: node.source };
  return isScalar(node) ? { tag: node.tag, other: node.value ?? "" } : { tag: undefined, other: "" };
}

function withValue(tree: Tree | undefined, [key, ...deeper]: Keys, value: NewValue | undefined): Tree {
  if (key === undefined) return { tag: value?.tag, other: value?.text };
  const held = tree !== undefined && "map" in tree ? tree : undefined;
  const name: Tree = { tag: undefined, other: key };
  const map = held?.map ?? [];
  const at = map.findIndex(([each]) => isDeepStrictEqual(each, name));
  if (value === undefined && tree !== undefined && at === -1) return tree;
  if (value === undefined && deeper.length === 0) return { tag: held?.tag, map: map.toSpliced(at, 1) };
  const entry = [name, withValue(map[at]?.[1], deeper, value)] as const;
  return { tag: held?.tag, map: at === -1 ? [...map, entry] : map.with(at, entry) };
}

/** Lists the anchors of a file. */
function anchorsIn(root: Yaml.Node | undefined): string[] {
  const { isAlias, isNode, visit } = yamlLibrary();
  const found: string[] = [];
  const add = (_key: unknown, node: unknown) => {
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) found.push(node.anchor);
  };
  if (root !== undefined) visit(root, { Node: add });
  return found;
}
