import { Output } from "@pulumi/pulumi";
import { taggedValue } from "../env-files/tags";
import { type Finding, fileError, type Source } from "../files/source";
import { parseYaml, type Yaml, yamlLibrary } from "../files/yaml";

export type Values = Record<string, unknown>;
export type Path = readonly PropertyKey[];

/** A value that stands elsewhere: `!secret name`, `!env NAME`. */
export class Tagged {
  constructor(
    readonly kind: "secret" | "environment",
    readonly name: string,
    readonly offset: number,
  ) {}

  /** As it is written. */
  get tag(): string {
    return this.kind === "secret" ? "!secret" : "!env";
  }
}

/** What a file says, and where. */
export interface AppTree {
  readonly root: Values;
  /** Where the value at a path stands, or as much of the path as there is; a field stands where its name does. */
  locationOf(path: Path): number;
}

/**
 * The values of a `dokploy-app.yaml`, with those that stand elsewhere as {@link Tagged}.
 *
 * @throws FileError with the place of everything that is no value of such a file
 */
export function readTree(source: Source): AppTree {
  const contents = parseYaml(source, "core")?.contents;
  if (contents === undefined || !yamlLibrary().isMap(contents)) {
    const reason = "is not a mapping; write at least `kind: application` and an `image:`";
    throw fileError(source, [{ offset: contents?.range[0], reason }]);
  }
  const builder = new Builder();
  const start = contents.range[0];
  const root = builder.value(contents, { name: "", offset: start }, 0) as Values;
  if (builder.findings.length > 0) throw fileError(source, builder.findings);
  return { root, locationOf: (path) => builder.locationOf(root, path) ?? start };
}

export function isValues(value: unknown): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Tagged) &&
    !Output.isInstance(value)
  );
}

/** A copy with something else in the place of each tagged value. */
export function replaceTagged(value: unknown, replace: (tagged: Tagged) => unknown): unknown {
  if (value instanceof Tagged) return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceTagged(item, replace));
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, replaceTagged(inner, replace)]),
  );
}

/** Every tagged value, with its path. */
export function taggedIn(value: unknown, path: Path = []): { path: Path; tagged: Tagged }[] {
  if (value instanceof Tagged) return [{ path, tagged: value }];
  const inner = Array.isArray(value) ? [...value.entries()] : isValues(value) ? Object.entries(value) : [];
  return inner.flatMap(([step, item]) => taggedIn(item, [...path, step]));
}

/** Deeper than any service is described. */
const maxDepth = 32;
/** Far more than any service has; a few aliases of aliases can stand for billions. */
const maxValues = 100_000;

/** The tags of YAML's core schema; the library knows others, whose values are objects of JavaScript. */
const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** The field that a node is the value of: its name, for what is in a list that of the list, and where it begins. */
interface Field {
  readonly name: string;
  readonly offset: number;
}

class Builder {
  readonly findings: Finding[] = [];
  private count = 0;
  /** What each anchor stands for at this point of the file: the library would look through the file for each alias. */
  private readonly anchors = new Map<string, Yaml.Node>();
  /** Where the alias stands that is being read, the outermost one. */
  private alias: Field | undefined;
  /** The collections that are being read: an alias of one would have no end. */
  private readonly open = new Set<Yaml.Node>();
  private readonly places = new WeakMap<object, Map<PropertyKey, number>>();

  /** A node as a value of JavaScript. */
  value(node: Yaml.Node | null, field: Field, depth: number): unknown {
    this.count += 1;
    // Told of once: what follows is not looked at any more.
    if (this.count === maxValues + 1) {
      return this.wrong(
        this.alias ?? field,
        `is too large: with what its aliases stand for it has over ${maxValues} values`,
      );
    }
    if (this.count > maxValues) return undefined;
    if (depth > maxDepth) return this.wrong(field, "is nested too deeply");
    if (node === null) return null;
    const { isAlias, isScalar } = yamlLibrary();
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined) {
        return this.wrong(field, "refers to an anchor that is not there; write the value");
      }
      if (this.open.has(target)) return this.wrong(field, "this alias stands for something that contains it");
      const outer = this.alias;
      this.alias ??= field;
      const value = this.value(target, field, depth + 1);
      this.alias = outer;
      return value;
    }
    this.note(node);
    const tag = node.tag !== undefined && coreTag.test(node.tag) ? undefined : node.tag;
    if (isScalar(node)) return this.scalar(node, tag, field);
    if (tag !== undefined) {
      const isOurs = tag === "!secret" || tag === "!env";
      return this.wrong(field, isOurs ? "has a YAML tag, which is for a single value" : foreignTag);
    }
    this.open.add(node);
    const value = this.collection(node, field, depth + 1);
    this.open.delete(node);
    return value;
  }

  locationOf(root: unknown, path: Path): number | undefined {
    let value = root;
    let place: number | undefined;
    for (const step of path) {
      const inner = typeof value === "object" && value !== null ? this.places.get(value) : undefined;
      const at = inner?.get(step);
      if (at === undefined) return place;
      place = at;
      value = (value as Record<PropertyKey, unknown>)[step];
    }
    return place;
  }

  private scalar(node: Yaml.Scalar, tag: string | undefined, field: Field): unknown {
    const { value } = node;
    const problem = typeof value === "string" ? textProblem(value) : undefined;
    if (problem !== undefined) return this.wrong(field, problem);
    if (tag === undefined) return value;
    if (tag !== "!secret" && tag !== "!env") return this.wrong(field, foreignTag);
    // Checked as in files of variables: a value in the place of the name must not get into a message.
    const read = taggedValue(tag, String(value ?? ""), field.name);
    if (typeof read === "string") return this.wrong(field, read);
    return read.kind === "text" ? read.text : new Tagged(read.kind, read.name, field.offset);
  }

  private collection(node: Yaml.Node, field: Field, depth: number): unknown {
    const { isScalar, isSeq } = yamlLibrary();
    const places = new Map<PropertyKey, number>();
    if (isSeq<Yaml.Node | null>(node)) {
      const items = node.items.map((item, index) => {
        const offset = item?.range?.[0] ?? field.offset;
        places.set(index, offset);
        return this.value(item, { ...field, offset }, depth);
      });
      this.places.set(items, places);
      return items;
    }
    const values: Values = {};
    for (const { key, value } of (node as Yaml.YAMLMap<Yaml.Node, Yaml.Node | null>).items) {
      const offset = key.range?.[0] ?? field.offset;
      const name = isScalar(key) ? String(key.value) : undefined;
      this.note(key);
      const problem = name === undefined ? notPlain : nameProblem(name, places);
      if (name === undefined || problem !== undefined) {
        this.findings.push({ offset, reason: problem ?? notPlain });
        continue;
      }
      places.set(name, offset);
      values[name] = this.value(value, { name, offset }, depth);
    }
    this.places.set(values, places);
    return values;
  }

  private note(node: Yaml.Node): void {
    const { isCollection, isScalar } = yamlLibrary();
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)
      this.anchors.set(node.anchor, node);
  }

  private wrong({ offset }: Field, reason: string): undefined {
    this.findings.push({ offset, reason });
  }
}

const foreignTag = "has a YAML tag that is none of this file; it has !secret NAME and !env NAME";
const notPlain = "a field needs a plain name";

function nameProblem(name: string, others: ReadonlyMap<PropertyKey, number>): string | undefined {
  if (name === "<<") return "merge keys are not supported; write the fields out";
  if (name === "__proto__") return notPlain;
  // Pulumi turns maps into texts for its own messages, and takes this for the function that does it.
  if (name === "toString") return "toString is a name that Pulumi cannot carry; choose another";
  if (others.has(name)) return "this key is there twice; take one out";
  return textProblem(name);
}

/** Why nothing can carry a text; Pulumi fails on it long before any check. */
function textProblem(text: string): string | undefined {
  if (text.includes("\0")) return "holds a NUL character, which nothing can carry; take it out";
  if (/\p{Surrogate}/u.test(text)) {
    return "holds half of a character (a lone surrogate), which is lost on the way; write the whole character";
  }
  return undefined;
}
