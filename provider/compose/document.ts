import { Composer, type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, Parser } from "yaml";
import { deeperThan } from "../yaml/depth";
import { withoutStacks } from "../yaml/errors";
import { explainSyntax, type SyntaxProblem } from "../yaml/syntax";

/** A value of the file and where it stands. Aliases and merge keys (`<<`) are resolved. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: "map";
  readonly offset: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A key with its value. */
export interface Entry {
  readonly key: string;
  /** Where the key stands. */
  readonly offset: number;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: "list";
  readonly offset: number;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: "scalar";
  readonly offset: number;
  readonly value: unknown;
  /** The value as a text; empty for null. */
  readonly text: string;
  /** As it is written, quotes included. */
  readonly source: string;
}

/** The API refuses longer requests (413 `Body exceeded 1mb limit`), and the file is but a part of one. */
const maxBytes = 1_000_000;
/** Far more than any file has; a few aliases of aliases can stand for billions. */
const maxNodes = 100_000;

/** The library goes into collections by recursion, and a stack that overflows inside a regular expression is fatal. */
const maxDepth = 100;

/** A problem that is found while the tree is built. */
class Unreadable extends Error {
  constructor(
    readonly offset: number | undefined,
    reason: string,
  ) {
    super(reason);
  }
}

/**
 * Reads a compose file: one YAML document, a mapping. Never throws; reasons never quote values of the file.
 *
 * @param text without a byte order mark
 */
export function readDocument(text: string): { root: MapNode } | { problems: SyntaxProblem[] } {
  if (Buffer.byteLength(text) > maxBytes) {
    return { problems: [{ offset: undefined, reason: "is longer than the 1 MB that Dokploy takes" }] };
  }
  // A line break for editors, but not for the library, which Dokploy has too.
  const lone = text.search(/\r(?!\n)/);
  if (lone !== -1) {
    const reason = "a carriage return without a line feed: save the file with LF or CRLF line ends";
    return { problems: [{ offset: lone, reason }] };
  }
  try {
    const tokens = [...new Parser().parse(text)];
    const tooDeep = deeperThan(tokens, maxDepth);
    if (tooDeep !== undefined) return { problems: [{ offset: tooDeep, reason: "is nested too deep" }] };
    // The library compares each key with all others, and looks through the file for each alias.
    const composer = new Composer({
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    const [document, second] = withoutStacks(() => [...composer.compose(tokens)] as Document.Parsed[]);
    if (document === undefined) return { problems: [{ offset: undefined, reason: "is empty" }] };
    // Whatever comes after the first one is mostly its consequence.
    if (document.errors.length > 0) return { problems: [explainSyntax(text, document)] };
    if (second !== undefined) {
      const reason = "another document begins here, and Dokploy reads a file with one: take out the ---";
      return { problems: [{ offset: second.range[0], reason }] };
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null && contents.source === "")) {
      return { problems: [{ offset: undefined, reason: "is empty" }] };
    }
    const root = new Tree(text).node(contents);
    if (root.kind !== "map") {
      return { problems: [{ offset: root.offset, reason: "must be a mapping that begins with services:" }] };
    }
    return { root };
  } catch (error) {
    if (error instanceof Unreadable) return { problems: [{ offset: error.offset, reason: error.message }] };
    if (error instanceof RangeError)
      return { problems: [{ offset: undefined, reason: "is nested too deep" }] };
    throw error;
  }
}

class Tree {
  private count = 0;
  /** The aliases that are being resolved: one that contains itself has no end. */
  private readonly open = new Set<unknown>();
  /** What each anchor stands for at this point of the file. */
  private readonly anchors = new Map<string, ParsedNode>();
  private aliasDepth = 0;

  constructor(private readonly text: string) {}

  node(node: ParsedNode | null | undefined, offset = 0): Node {
    this.count += 1;
    if (this.count > maxNodes) throw new Unreadable(undefined, "is too large once its aliases are resolved");
    if (node === null || node === undefined) {
      return { kind: "scalar", offset, value: null, text: "", source: "" };
    }
    const start = node.range[0];
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined)
        throw new Unreadable(
          start,
          "this alias has no anchor above it: a value that begins with * goes in quotes",
        );
      if (this.open.has(target)) {
        throw new Unreadable(start, "this alias stands for something that contains it");
      }
      this.aliasDepth += 1;
      const resolved = this.inside(target, () => this.node(target, start));
      this.aliasDepth -= 1;
      return resolved;
    }
    if (node.anchor !== undefined && this.aliasDepth === 0) this.anchors.set(node.anchor, node);
    if (isSeq(node)) {
      const items = node.items as (ParsedNode | null)[];
      return {
        kind: "list",
        offset: start,
        items: this.inside(node, () => items.map((item) => this.node(item, start))),
      };
    }
    if (isMap(node)) {
      return { kind: "map", offset: start, entries: this.inside(node, () => this.entries(node.items)) };
    }
    const value: unknown = node.value;
    return {
      kind: "scalar",
      // Nothing stands behind the colon, perhaps lines below it.
      offset: node.source === "" && value === null ? offset : start,
      value,
      text: value === null || value === undefined ? "" : String(value),
      source: this.text.slice(start, node.range[1]),
    };
  }

  private entries(pairs: readonly { key: unknown; value: unknown }[]): Map<string, Entry> {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    let merges = false;
    for (const pair of pairs) {
      const key = pair.key as ParsedNode;
      const offset = key?.range?.[0] ?? 0;
      const value = this.node(pair.value as ParsedNode | null, offset);
      if (isMergeKey(key)) {
        if (merges) throw new Unreadable(offset, "<< is there twice: write one with a list, <<: [*a, *b]");
        merges = true;
        for (const source of value.kind === "list" ? value.items : [value]) {
          if (source.kind !== "map")
            throw new Unreadable(offset, "<< must name a mapping, or a list of them");
          for (const [name, entry] of source.entries) if (!merged.has(name)) merged.set(name, entry);
        }
        continue;
      }
      if (!isScalar(key)) throw new Unreadable(offset, "a key must be a text");
      const name = String(key.value ?? "");
      if (own.has(name)) throw new Unreadable(offset, "this key is there twice: take one out");
      own.set(name, { key: name, offset, value });
    }
    return new Map([...merged, ...own]);
  }

  private inside<T>(node: unknown, work: () => T): T {
    this.open.add(node);
    try {
      return work();
    } finally {
      this.open.delete(node);
    }
  }
}

/** In quotes too: Dokploy writes the file anew, and then without them. */
function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.source === "<<";
}

/** Line and column from 1, for many offsets of one text. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (const match of text.matchAll(/\r\n?|\n/g)) this.starts.push(match.index + match[0].length);
  }

  at(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
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
