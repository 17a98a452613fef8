import type * as Yaml from "yaml";
import { yamlLibrary } from "./library";
import type { Entry, ListNode, MapNode, Node, ScalarNode } from "./nodes";

/** What keeps a value of a document from being one of the tree. */
export type TreeFault =
  /** An alias whose anchor does not stand above it. */
  | "no-anchor"
  /** An alias of something that it is itself a part of, which has no end. */
  | "endless"
  | "too-deep"
  /** With what its aliases stand for; told once. */
  | "too-large"
  /** A key that is a collection or an alias. */
  | "no-text"
  /** A key that is there already. */
  | "twice"
  /** A second merge key in one mapping. */
  | "merge-twice"
  /** A merge of what is no mapping. */
  | "merge-of-text";

/** What a value is written under: its key, for what is in a list that of the list, and where it, or the key, begins. */
export interface Field {
  readonly name: string;
  readonly offset: number;
}

export interface TreeOptions {
  /** How deep collections may be in each other. */
  readonly maxDepth: number;
  /** How many values it may have; a few aliases of aliases can stand for billions. */
  readonly maxNodes: number;
  /** Whether merge keys (`<<`) are taken for what they are; else they are keys like others. */
  readonly merge: boolean;
  /** A tag: what has it counts as not written, and so does its key. */
  readonly absent?: string | undefined;
  /** Is told each tag that stands in the text. */
  tagged?(tag: string, offset: number): void;
  /**
   * Is told what is wrong, and may throw. What is wrong is left out of the tree.
   *
   * @param offset where that is written
   */
  wrong(fault: TreeFault, offset: number, field: Field): void;
}

/** The tree of a document's contents; undefined when it is too large for any. It takes time in proportion to its values. */
export function treeOf(contents: Yaml.ParsedNode, text: string, options: TreeOptions): Node | undefined {
  return new Builder(text, options).node(contents, { name: "", offset: contents.range[0] }, 0);
}

/** A node as the library has it, which tells less of it in its types. */
type Parsed = Yaml.ParsedNode | null | undefined;

class Builder {
  private readonly yaml = yamlLibrary();
  private count = 0;
  /** The collections that are being read. */
  private readonly open = new Set<Parsed>();
  /** What each anchor stands for at this point of the text: the library would look through all of it for each alias. */
  private readonly anchors = new Map<string, Yaml.ParsedNode>();
  /** The outermost alias that is being resolved. */
  private alias: { readonly offset: number; readonly field: Field } | undefined;

  constructor(
    private readonly text: string,
    private readonly options: TreeOptions,
  ) {}

  node(node: Parsed, field: Field, depth: number): Node | undefined {
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

  private resolved(alias: Yaml.Alias, offset: number, field: Field, depth: number): Node | undefined {
    const target = this.anchors.get(alias.source);
    if (target === undefined) return this.wrong("no-anchor", offset, field);
    if (this.open.has(target)) return this.wrong("endless", offset, field);
    const outer = this.alias;
    this.alias ??= { offset, field };
    const node = this.node(target, field, depth);
    this.alias = outer;
    return node && { ...node, alias: offset };
  }

  private scalar(node: Yaml.Scalar.Parsed, field: Field): ScalarNode {
    const { range, source } = node;
    const value: unknown = node.value;
    return {
      kind: "scalar",
      // Nothing stands behind the colon, perhaps lines below it.
      offset: source === "" && value === null ? field.offset : range[0],
      value,
      text: value === null || value === undefined ? "" : String(value),
      source: this.text.slice(range[0], range[1]),
    };
  }

  private list(node: Yaml.YAMLSeq.Parsed, field: Field, depth: number): ListNode {
    const start = node.range[0];
    const items = (node.items as Parsed[]).flatMap((item) => {
      const offset = item?.range[0] ?? start;
      return this.node(item, { name: field.name, offset }, depth) ?? [];
    });
    return { kind: "list", offset: start, items };
  }

  private map(node: Yaml.YAMLMap.Parsed, field: Field, depth: number): MapNode {
    const own = new Map<string, Entry>();
    const again: Entry[] = [];
    let merged: Map<string, Entry> | undefined;
    for (const pair of node.items) {
      const key: Parsed = pair.key;
      const offset = key?.range[0] ?? field.offset;
      this.note(key);
      const name = this.yaml.isScalar(key) ? String(key.value ?? "") : undefined;
      const value = this.node(pair.value, { name: name ?? field.name, offset }, depth);
      if (this.options.merge && isMergeKey(key)) {
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

  /** What a merge key brings; of several the first has a key. */
  private merged(value: Node | undefined, offset: number, field: Field): Map<string, Entry> {
    const merged = new Map<string, Entry>();
    for (const source of value?.kind === "list" ? value.items : [value]) {
      if (source === undefined) continue;
      if (source.kind !== "map") this.wrong("merge-of-text", offset, field);
      else for (const [name, entry] of source.entries) if (!merged.has(name)) merged.set(name, entry);
    }
    return merged;
  }

  /** What stands behind an alias is as it was, whatever its anchors are by now. */
  private note(node: Parsed): void {
    if (this.alias !== undefined || !node || this.yaml.isAlias(node) || node.anchor === undefined) return;
    this.anchors.set(node.anchor, node);
  }

  private wrong(fault: TreeFault, offset: number, field: Field): undefined {
    this.options.wrong(fault, offset, field);
  }
}

/** In quotes too: Dokploy writes the file anew, and then without them. */
function isMergeKey(key: Parsed): boolean {
  return yamlLibrary().isScalar(key) && key.source === "<<";
}
