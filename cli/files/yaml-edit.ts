import { isDeepStrictEqual } from "node:util";
import type * as Yaml from "yaml";
import { yamlLibrary } from "../../packages/compose-checks/yaml/library";
import { fileError, type Source } from "../../sdk/files/source";
import { parseYaml } from "../../sdk/files/yaml";

/** Text that takes the place of a part of a file. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Returns the text of a YAML file with a text at a path of keys. The value of an existing key is replaced, and missing
 * keys are added after the last one of their map. All other bytes stay, so comments, order and quotes do too.
 *
 * @param path keys from the root; not empty
 * @throws FileError where the path leads through something that is not a map, and where the value has a tag or an
 * anchor, which others may refer to
 */
export function setText(source: Source, path: readonly string[], value: string): string {
  const root = parseYaml(source, "core");
  const { start, end, text } =
    root === undefined ? atEnd(source.text, path, value) : spliceFor(source, root, path, value);
  const edited = source.text.slice(0, start) + text + source.text.slice(end);
  const wanted = withValue(root === undefined ? [] : plain(root), path, value);
  // An unusual layout must not end in a file with other values.
  if (!isDeepStrictEqual(plain(parseYaml({ ...source, text: edited }, "core")), wanted)) {
    throw misfit(source, start, path, "has a layout that this command cannot edit");
  }
  return edited;
}

function spliceFor(
  source: Source,
  node: Yaml.Node,
  path: readonly string[],
  value: string,
  depth = 0,
): Splice {
  const { isAlias, isMap, isScalar } = yamlLibrary();
  const [key = "", ...deeper] = path.slice(depth);
  const offset = node.range?.[0];
  if (isAlias(node)) throw misfit(source, offset, path, "is an alias (*)");
  if (!isMap(node)) throw misfit(source, offset, path, "is not a map");
  const pairs = node.items.filter((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  const [pair, twice] = pairs;
  if (twice !== undefined) throw misfit(source, offsetOf(twice.key), path, "has a key that appears twice");
  if (pair === undefined) return added(source.text, node, [key, ...deeper], value);
  const there = pair.value as Yaml.Node | null;
  const isNull = there === null || (isScalar(there) && there.value === null && !there.tag && !there.anchor);
  if (isNull) return filled(source.text, pair, deeper, value);
  if (deeper.length > 0) return spliceFor(source, there, path, value, depth + 1);
  if (!isScalar(there)) throw misfit(source, offsetOf(there), path, "is not a single value");
  if (there.tag || there.anchor) throw misfit(source, offsetOf(there), path, "has a tag or an anchor");
  const [start, end] = rangeOf(there);
  // The range of a block scalar includes its last line end.
  const lineEnd = /\r?\n$/.exec(source.text.slice(Math.max(start, end - 2), end))?.[0] ?? "";
  const isSingle = there.type === "QUOTE_SINGLE" && !/['\n]/.test(value);
  return { start, end, text: (isSingle ? `'${value}'` : JSON.stringify(value)) + lineEnd };
}

/** Adds a key after the last one of a map. */
function added(text: string, map: Yaml.YAMLMap, path: readonly string[], value: string): Splice {
  const last = map.items.at(-1);
  if (map.flow === true || last === undefined) {
    if (last !== undefined) return at(endOf(last), `, ${inFlow(path, value)}`);
    return at((map.range?.[0] ?? 0) + 1, ` ${inFlow(path, value)} `);
  }
  const column = columnOf(text, offsetOf(last.key) ?? 0);
  return lineAfter(text, endOf(last), inBlock(text, column, path, value));
}

/** Gives a value to a key that has none, or `null`. */
function filled(text: string, pair: Yaml.Pair, deeper: readonly string[], value: string): Splice {
  const { isNode } = yamlLibrary();
  const [start, end] = isNode(pair.value) ? rangeOf(pair.value) : [0, 0];
  const written = deeper.length === 0 ? JSON.stringify(value) : `{ ${inFlow(deeper, value)} }`;
  if (end > start) return { start, end, text: written };
  const colon = text.indexOf(":", endOf({ key: pair.key, value: null }));
  if (deeper.length === 0) return at(colon + 1, ` ${written}`);
  const column = columnOf(text, offsetOf(pair.key) ?? 0) + 2;
  return lineAfter(text, colon, inBlock(text, column, deeper, value));
}

function atEnd(text: string, path: readonly string[], value: string): Splice {
  return lineAfter(text, text.length, inBlock(text, 0, path, value));
}

function at(offset: number, text: string): Splice {
  return { start: offset, end: offset, text };
}

/** Inserts lines after the line of an offset; at the offset, where a line begins there. */
function lineAfter(text: string, offset: number, lines: string): Splice {
  if (offset === 0 || text[offset - 1] === "\n") return at(offset, lines);
  const lineEnd = text.indexOf("\n", offset);
  if (lineEnd !== -1) return at(lineEnd + 1, lines);
  return at(text.length, newline(text) + lines);
}

function inBlock(text: string, column: number, path: readonly string[], value: string): string {
  return path
    .map((key, depth) => {
      const isLast = depth === path.length - 1;
      return `${" ".repeat(column + 2 * depth)}${shownKey(key)}:${isLast ? ` ${JSON.stringify(value)}` : ""}${newline(text)}`;
    })
    .join("");
}

function inFlow([key = "", ...deeper]: readonly string[], value: string): string {
  return `${shownKey(key)}: ${deeper.length === 0 ? JSON.stringify(value) : `{ ${inFlow(deeper, value)} }`}`;
}

/** Quotes a key that YAML could read as something other than a text. */
function shownKey(key: string): string {
  const isWord = /^[A-Za-z][\w.:-]*$/.test(key) && !key.endsWith(":");
  return isWord && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : JSON.stringify(key);
}

function newline(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Returns the end of the last value in a pair, without the comment after it. */
function endOf({ key, value }: { readonly key: unknown; readonly value: unknown }): number {
  const { isCollection, isNode, isPair, isScalar } = yamlLibrary();
  let node = value;
  while (isCollection(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (!isPair(last)) {
      node = last;
      continue;
    }
    if (isEmpty(last.value)) return endOf({ key: last.key, value: undefined });
    node = last.value;
  }
  if (isNode(node) && !isEmpty(node)) return rangeOf(node)[1];
  return isScalar(key) ? rangeOf(key)[1] : 0;
}

function isEmpty(node: unknown): boolean {
  const { isScalar } = yamlLibrary();
  return node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);
}

function rangeOf(node: Yaml.Node): readonly [start: number, end: number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}

function offsetOf(node: unknown): number | undefined {
  return yamlLibrary().isNode(node) ? node.range?.[0] : undefined;
}

function misfit(source: Source, offset: number | undefined, path: readonly string[], why: string): Error {
  return fileError(source, [{ offset, reason: `${path.join(".")}: ${why}; edit this place by hand` }]);
}

/** Entries of a map, in their order. */
interface Entries extends Array<readonly [key: unknown, value: unknown]> {}

/** Converts a node to values that can be compared; a map becomes a list of its entries. */
function plain(node: unknown): unknown {
  const { isAlias, isMap, isScalar, isSeq } = yamlLibrary();
  if (isMap(node)) return node.items.map(({ key, value }): Entries[number] => [plain(key), plain(value)]);
  if (isSeq(node)) return { items: node.items.map(plain) };
  if (isAlias(node)) return { alias: node.source };
  return isScalar(node) ? node.value : null;
}

function withValue(entries: unknown, [key, ...deeper]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  const list = Array.isArray(entries) ? (entries as Entries) : [];
  const isThere = list.some(([name]) => String(name) === key);
  if (!isThere) return [...list, [key, withValue(undefined, deeper, value)]];
  return list.map(([name, inner]) => [name, String(name) === key ? withValue(inner, deeper, value) : inner]);
}
