import type * as Yaml from "yaml";
import { yamlLibrary } from "./library";
import type { Entry, ListNode, MapNode, Node, ScalarNode } from "./nodes";

/** Fault that excludes a value of a document from the tree. */
export type TreeFault =
  /** An alias without an anchor above it. */
  | "no-anchor"
  /** An alias of a value that contains the alias, which never ends. */
  | "endless"
  | "too-deep"
  /** A document that is too large with its aliases resolved; reported once. */
  | "too-large"
  /** A key that is a collection or an alias. */
  | "no-text"
  /** A repeated key. */
  | "twice"
  /** A second merge key in one mapping. */
  | "merge-twice"
  /** A merge of a value that is not a mapping. */
  | "merge-of-text";

/**
 * The key under which a value is written, and the offset where the value, or the key, begins. Items of a list have the
 * key of the list.
 */
export interface KeyPlace {
  readonly name: string;
  readonly offset: number;
}

/** Limits of the tree, and functions for tags and faults. */
export interface TreeOptions {
  /** Largest depth of nested collections. */
  readonly maxDepth: number;
  /** Largest number of values; a few aliases of aliases can expand to billions. */
  readonly maxNodes: number;
  /** True to apply merge keys (`<<`); otherwise they are ordinary keys. */
  readonly merge: boolean;
  /** A tag whose values, and their keys, are treated as absent. */
  readonly absent?: string | undefined;
  /** Called for each tag in the text. */
  tagged?(tag: string, offset: number): void;
  /**
   * Called for each fault, and may throw. The faulty value is omitted from the tree.
   *
   * @param offset position of the fault
   */
  wrong(fault: TreeFault, offset: number, field: KeyPlace): void;
}

/**
 * Builds the tree of a document's contents; undefined when it is too large. Takes time in proportion to the number of
 * values.
 */
export function treeOf(contents: Yaml.ParsedNode, text: string, options: TreeOptions): Node | undefined {
  return new Builder(text, options).node(contents, { name: "", offset: contents.range[0] }, 0);
}

/** A node of the library, whose types are less exact. */
type Parsed = Yaml.ParsedNode | null | undefined;

class Builder {
  private readonly yaml = yamlLibrary();
  private count = 0;
  /** The collections that are being read. */
  private readonly open = new Set<Parsed>();
  /** The value of each anchor at this point of the text. The library would search the whole text for each alias. */
  private readonly anchors = new Map<string, Yaml.ParsedNode>();
  /** The outermost alias that is being resolved. */
  private alias: { readonly offset: number; readonly field: KeyPlace } | undefined;

  constructor(
    private readonly text: string,
    private readonly options: TreeOptions,
  ) {}

  node(node: Parsed, field: KeyPlace, depth: number): Node | undefined {
    const { maxDepth, maxNodes } = this.options;
    const offset = node?.range[0] ?? field.offset;
    this.count += 1;
    if (this.count === maxNodes + 1) {
      const at = this.alias ?? { offset, field };
      this.options.wrong("too-large", at.offset, at.field);
    }
    if (this.count > maxNodes) return undefined;
    if (depth > maxDepth) return this.wrong("too-deep", offset, field);
    if (node === null || node === undefined) {
      return { kind: "scalar", offset, value: null, text: "", source: "" };
    }
    if (this.yaml.isAlias(node)) return this.resolved(node, offset, field, depth);
    this.note(node);
    const tag = node.tag === undefined ? {} : { tag: node.tag };
    if (node.tag !== undefined && this.alias === undefined) this.options.tagged?.(node.tag, offset);
    const isAbsent = node.tag !== undefined && node.tag === this.options.absent;
    if (this.yaml.isScalar(node)) {
      return isAbsent ? undefined : { ...this.scalar(node as Yaml.Scalar.Parsed, field), ...tag };
    }
    this.open.add(node);
    const collection = this.yaml.isSeq(node)
      ? this.list(node as Yaml.YAMLSeq.Parsed, field, depth + 1)
      : this.map(node as Yaml.YAMLMap.Parsed, field, depth + 1);
    this.open.delete(node);
    return isAbsent ? undefined : { ...collection, ...tag };
  }

  private resolved(alias: Yaml.Alias, offset: number, field: KeyPlace, depth: number): Node | undefined {
    const target = this.anchors.get(alias.source);
    if (target === undefined) return this.wrong("no-anchor", offset, field);
    if (this.open.has(target)) return this.wrong("endless", offset, field);
    const outer = this.alias;
    this.alias ??= { offset, field };
    const node = this.node(target, field, depth);
    this.alias = outer;
    return node && { ...node, alias: offset };
  }

  private scalar(node: Yaml.Scalar.Parsed, field: KeyPlace): ScalarNode {
    const { range, source } = node;
    const value: unknown = node.value;
    return {
      kind: "scalar",
      // Nothing follows the colon, and a null of the library may lie lines below.
      offset: source === "" && value === null ? field.offset : range[0],
      value,
      text: value === null || value === undefined ? "" : String(value),
      source: this.text.slice(range[0], range[1]),
    };
  }

  private list(node: Yaml.YAMLSeq.Parsed, field: KeyPlace, depth: number): ListNode {
    const start = node.range[0];
    const items = (node.items as Parsed[]).flatMap((item) => {
      const offset = item?.range[0] ?? start;
      return this.node(item, { name: field.name, offset }, depth) ?? [];
    });
    return { kind: "list", offset: start, items };
  }

  private map(node: Yaml.YAMLMap.Parsed, field: KeyPlace, depth: number): MapNode {
    const own = new Map<string, Entry>();
    const again: Entry[] = [];
    let merged: Map<string, Entry> | undefined;
    for (const pair of node.items) {
      const key: Parsed = pair.key;
      const offset = key?.range[0] ?? field.offset;
      this.note(key);
      const name = this.yaml.isScalar(key) ? String(key.value ?? "") : undefined;
      const value = this.node(pair.value, { name: name ?? field.name, offset }, depth);
      if (this.options.merge && this.isMergeKey(key)) {
        if (merged !== undefined) this.wrong("merge-twice", offset, field);
        else merged = this.merged(value, offset, field);
      } else if (name === undefined) {
        this.wrong("no-text", offset, field);
      } else if (value !== undefined) {
        const tag = key?.tag === undefined ? {} : { tag: key.tag };
        const entry = { key: name, offset, value, ...tag };
        if (own.has(name)) {
          again.push(entry);
          this.wrong("twice", offset, field);
        } else own.set(name, entry);
      }
    }
    const entries = merged === undefined ? own : new Map([...merged, ...own]);
    return { kind: "map", offset: node.range[0], entries, again };
  }

  /** True for a merge key, even in quotes: Dokploy writes the file again without them. */
  private isMergeKey(key: Parsed): boolean {
    return this.yaml.isScalar(key) && key.source === "<<";
  }

  /** Returns the entries that a merge key adds; if several maps have a key, the first one wins. */
  private merged(value: Node | undefined, offset: number, field: KeyPlace): Map<string, Entry> {
    const merged = new Map<string, Entry>();
    for (const source of value?.kind === "list" ? value.items : [value]) {
      if (source === undefined) continue;
      if (source.kind !== "map") this.wrong("merge-of-text", offset, field);
      else for (const [name, entry] of source.entries) if (!merged.has(name)) merged.set(name, entry);
    }
    return merged;
  }

  /** Records the anchor of a node. Inside an alias nothing is recorded, since its value was read at its anchor. */
  private note(node: Parsed): void {
    if (this.alias !== undefined || !node || this.yaml.isAlias(node) || node.anchor === undefined) return;
    this.anchors.set(node.anchor, node);
  }

  private wrong(fault: TreeFault, offset: number, field: KeyPlace): undefined {
    this.options.wrong(fault, offset, field);
  }
}
