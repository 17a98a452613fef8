/** A value with its position in the text. Aliases are resolved, and on request merge keys (`<<`). */
export type Node = MapNode | ListNode | ScalarNode;

interface Placed {
  /** Position of the value; for the value of an alias, the position of its anchor. */
  readonly offset: number;
  /** Position of the alias, if it is written as one. */
  readonly alias?: number;
  /** The YAML tag, if it has one. */
  readonly tag?: string;
}

/** A mapping. */
export interface MapNode extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  /** Entries with a repeated key, in order. */
  readonly again: readonly Entry[];
}

/** A key with its value. */
export interface Entry {
  readonly key: string;
  /** Position of the key. */
  readonly offset: number;
  /** The tag of the key, if it has one. */
  readonly tag?: string;
  readonly value: Node;
}

/** A sequence. */
export interface ListNode extends Placed {
  readonly kind: "list";
  readonly items: readonly Node[];
}

/** A scalar. */
export interface ScalarNode extends Placed {
  readonly kind: "scalar";
  readonly value: unknown;
  /** The value as a text; empty for null. */
  readonly text: string;
  /** Source text, including quotes. */
  readonly source: string;
  /** The text as it is written, where `text` is what its variables make of it. */
  readonly template?: string;
  /** True when `text` has a variable whose value is not known. */
  readonly isOpen?: boolean;
}

/** Returns the text of the scalar at a path of keys, unless a variable whose value is not known is in it. */
export function settledAt(node: Node, ...path: string[]): string | undefined {
  const value = entryAt(node, ...path)?.value;
  return isOpen(value) ? undefined : textAt(node, ...path);
}

/** True for a scalar with a variable whose value is not known. */
export function isOpen(node: Node | undefined): boolean {
  return node?.kind === "scalar" && node.isOpen === true;
}

/** Returns the entry at a path of keys, if all of them exist. */
export function entryAt(node: Node, ...path: string[]): Entry | undefined {
  let entry: Entry | undefined;
  let at: Node | undefined = node;
  for (const key of path) {
    entry = at?.kind === "map" ? at.entries.get(key) : undefined;
    at = entry?.value;
  }
  return entry;
}

/** Returns the text of the scalar at a path of keys. */
export function textAt(node: Node, ...path: string[]): string | undefined {
  const value = entryAt(node, ...path)?.value;
  return value?.kind === "scalar" && value.value !== null ? value.text : undefined;
}

/** Returns the entries of a mapping; empty for any other node. */
export function entriesOf(node: Node | undefined): Entry[] {
  return node?.kind === "map" ? [...node.entries.values()] : [];
}

/** Returns the items of a sequence; empty for any other node. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

/** Returns a list as it is, and a single value as a list of one. */
export function oneOrMore(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.kind === "list" ? node.items : [node];
}
