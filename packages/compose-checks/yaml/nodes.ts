/** A value of a text and where it stands. Aliases are resolved, and merge keys (`<<`) where the reader asked for that. */
export type Node = MapNode | ListNode | ScalarNode;

interface Placed {
  /** Where it stands; of what an alias stands for, where the anchor is. */
  readonly offset: number;
  /** Where the alias stands, if it is written as one. */
  readonly alias?: number;
  /** Its tag, if it has one. */
  readonly tag?: string;
}

export interface MapNode extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  /** Entries whose key is there already, in their order. */
  readonly again: readonly Entry[];
}

/** A key with its value. */
export interface Entry {
  readonly key: string;
  /** Where the key stands. */
  readonly offset: number;
  /** The tag of the key, if it has one. */
  readonly tag?: string;
  readonly value: Node;
}

export interface ListNode extends Placed {
  readonly kind: "list";
  readonly items: readonly Node[];
}

export interface ScalarNode extends Placed {
  readonly kind: "scalar";
  readonly value: unknown;
  /** The value as a text; empty for null. */
  readonly text: string;
  /** As it is written, quotes included. */
  readonly source: string;
}

/** The entry under a path of keys, if all of them are there. */
export function entryAt(node: Node, ...path: string[]): Entry | undefined {
  let entry: Entry | undefined;
  let at: Node | undefined = node;
  for (const key of path) {
    entry = at?.kind === "map" ? at.entries.get(key) : undefined;
    at = entry?.value;
  }
  return entry;
}

/** The text of a scalar under a path of keys. */
export function textAt(node: Node, ...path: string[]): string | undefined {
  const value = entryAt(node, ...path)?.value;
  return value?.kind === "scalar" && value.value !== null ? value.text : undefined;
}

export function entriesOf(node: Node | undefined): Entry[] {
  return node?.kind === "map" ? [...node.entries.values()] : [];
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

/** What may be one thing or a list of them, as a list. */
export function oneOrMore(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.kind === "list" ? node.items : [node];
}
