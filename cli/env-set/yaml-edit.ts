import type { CST } from "yaml";
import { yamlLibrary } from "../../packages/compose-checks/yaml/library";
import type { EntryValue } from "../../sdk/env-files/entry";
import { type Style, type Surroundings, writtenAs } from "./yaml-text";

/**
 * Returns texts of a YAML mapping in which a variable has a new value, the most readable first. All other bytes stay:
 * comments, order, quotes. In an unusual layout a text may read as something else, so the caller reads each one.
 */
export function yamlEdits(text: string, key: string, value: EntryValue): string[] {
  const root = rootOf(text);
  if (root === undefined) return added(text, text.length, 0, key, value);
  if (root.type !== "block-map" && root.type !== "flow-collection") return [];
  const item = root.items.find((each) => keyOf(each) === key);
  if (item !== undefined) return replaced(text, item, root, value);
  if (root.type === "flow-collection") return addedInFlow(text, root, key, value);
  const [first] = root.items;
  const line = first?.key == null ? text.length : lineStart(text, first.key.offset);
  const column = root.indent;
  return [text.length, line].flatMap((at) => added(text, at, column, key, value));
}

type Item = CST.BlockMap["items"][number] | CST.FlowCollection["items"][number];
type Root = CST.BlockMap | CST.FlowCollection;

function rootOf(text: string): CST.Token | undefined {
  const tokens = [...new (yamlLibrary().Parser)().parse(text)];
  const document = tokens.find((token) => token.type === "document");
  return document?.type === "document" ? document.value : undefined;
}

function keyOf({ key }: Item): string | undefined {
  return yamlLibrary().CST.resolveAsScalar(key ?? null)?.value;
}

/** Replaces the value of a key, with its tag. */
function replaced(text: string, item: Item, root: Root, value: EntryValue): string[] {
  const { key, sep = [] } = item;
  const colon = sep.findIndex(({ type }) => type === "map-value-ind");
  if (key == null || colon === -1) return [];
  const behind = sep.slice(colon + 1);
  // Other values may refer to an anchor.
  if (behind.some(({ type }) => type === "anchor")) return [];
  const tag = behind.findIndex(({ type }) => type === "tag");
  const colonEnd = endOf(sep[colon]);
  const held = item.value != null && !isEmpty(item.value) ? item.value : undefined;
  // A comment between a tag and its value belongs to neither.
  if (tag !== -1 && held !== undefined && behind.slice(tag).some(({ type }) => type === "comment")) return [];
  const isBare = tag === -1 && held === undefined;
  const start = tag === -1 ? (held?.offset ?? colonEnd) : (behind[tag]?.offset ?? 0);
  const end = held === undefined ? (tag === -1 ? colonEnd : endOf(behind[tag])) : valueEnd(text, held);
  if (end === undefined) return [];
  const comment =
    held?.type === "block-scalar" ? held.props.find(({ type }) => type === "comment") : undefined;
  const rest = comment === undefined ? "" : ` ${sourceOf(comment)}`;
  const place: Surroundings = {
    column: root.type === "block-map" ? root.indent : 0,
    lineBreak: lineBreakOf(text),
    hasLine: root.type === "block-map" && rest === "" && isLineEnd(text, end),
    before: held === undefined ? undefined : styles[held.type],
  };
  return writtenAs(value, place).map(
    (written) => text.slice(0, start) + (isBare ? " " : "") + written + rest + text.slice(end),
  );
}

const styles: Readonly<Partial<Record<CST.Token["type"], Style>>> = {
  "single-quoted-scalar": "single",
  "double-quoted-scalar": "double",
};

/** Adds a line at the beginning of a line, or at the end of the text. */
function added(text: string, at: number, column: number, key: string, value: EntryValue): string[] {
  const lineBreak = lineBreakOf(text);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const isOpen = before !== "" && !before.endsWith("\n");
  return writtenAs(value, { column, lineBreak, hasLine: true, before: undefined }).map((written) => {
    const line = `${" ".repeat(column)}${writtenKey(key)}: ${written}`;
    return before + (isOpen ? lineBreak + line : line + lineBreak) + after;
  });
}

function addedInFlow(text: string, root: CST.FlowCollection, key: string, value: EntryValue): string[] {
  const last = root.items.findLast((item) => item.key != null);
  const token = last === undefined ? root.start : (last.value ?? last.sep?.findLast(isContent) ?? last.key);
  const at = valueEnd(text, token);
  if (at === undefined) return [];
  const place = { column: 0, lineBreak: lineBreakOf(text), hasLine: false, before: undefined } as const;
  return writtenAs(value, place).map((written) => {
    const pair = `${writtenKey(key)}: ${written}`;
    return text.slice(0, at) + (last === undefined ? ` ${pair} ` : `, ${pair}`) + text.slice(at);
  });
}

function isContent({ type }: CST.SourceToken): boolean {
  return type === "tag" || type === "map-value-ind";
}

/** Quotes a name that YAML could read as something other than a key. */
function writtenKey(key: string): string {
  return /^[A-Za-z_]/.test(key) ? key : `"${key}"`;
}

/** Returns the end of a scalar, without the line breaks after it. */
function valueEnd(text: string, value: CST.Token | null | undefined): number | undefined {
  if (value == null) return undefined;
  if (value.type !== "block-scalar") return "source" in value ? endOf(value) : undefined;
  let end = value.offset + value.source.length;
  for (const prop of value.props) end += sourceOf(prop).length;
  while (" \t\r\n".includes(text[end - 1] ?? "x")) end--;
  return end;
}

function isEmpty(token: CST.Token): boolean {
  return token.type === "scalar" && token.source === "";
}

function endOf(token: CST.Token | undefined): number {
  return token === undefined ? 0 : token.offset + sourceOf(token).length;
}

function sourceOf(token: CST.Token): string {
  return "source" in token ? token.source : "";
}

/** True when nothing follows on the line but spaces. */
function isLineEnd(text: string, from: number): boolean {
  const end = text.indexOf("\n", from);
  return text.slice(from, end === -1 ? text.length : end).trim() === "";
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineBreakOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
