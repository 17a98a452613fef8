import { Output } from "@pulumi/pulumi";
import {
  entryAt,
  type KeyPlace,
  type MapNode,
  type Node,
  type ScalarNode,
  type TreeFault,
  treeOf,
} from "../../packages/compose-checks/yaml";
import { isRecord } from "../../packages/values";
import { type FileProblem, fileError, parseYaml, type Source } from "../files";
import type { EntryValue } from "./entry";
import { readFilled, readValues, textTag } from "./filled";
import { generateTag, readGenerated } from "./generated";
import { Generated } from "./generated-text";
import { managerOf } from "./managers/table";
import { taggedValue } from "./tags";

export type Values = Record<string, unknown>;
export type Path = readonly PropertyKey[];

/** A value from outside the file: that of a tag in files of variables, or a file in the folder. */
export type TaggedValue =
  | Extract<EntryValue, { kind: "secret" | "environment" | "generated" | "filled" }>
  | { readonly kind: "image"; readonly name: string }
  | {
      readonly kind: "file";
      readonly name: string;
      /** Secrets for the places of the file. */
      readonly values?: Readonly<Record<string, EntryValue>> | undefined;
    };

const tagOf: Readonly<Record<TaggedValue["kind"], string>> = {
  secret: "!secret",
  environment: "!env",
  generated: generateTag,
  filled: textTag,
  file: "!file",
  image: "!file",
};

/** A value from outside the file: `!secret name`, `!env NAME`, `!file PATH`. */
export class Tagged {
  constructor(
    readonly value: TaggedValue,
    /** Name of the field. */
    readonly field: string,
    readonly offset: number,
  ) {}

  /** The tag as it is written. */
  get tag(): string {
    return tagOf[this.value.kind];
  }
}

/** The values of a file and their positions. */
export interface ValueTree {
  readonly root: Values;
  /** Returns the offset of the value at a path, or of the longest existing part of it. A field begins with its name. */
  locationOf(path: Path): number;
}

/** Differences between the kinds of files. */
export interface TreeKind {
  /** The least that it has, for the message about a file that is not a mapping: "write …". */
  readonly least: string;
  /** True when a value may be from outside the file. */
  readonly takesTags: boolean;
}

/**
 * Reads the values of a file that is one mapping; values from outside the file are {@link Tagged}.
 *
 * @throws FileError with the place of every value that such a file cannot have
 */
export function readTree(source: Source, kind: TreeKind): ValueTree {
  const contents = parseYaml(source, "core");
  const findings: FileProblem[] = [];
  const limits = { maxDepth, maxNodes: maxValues, merge: false };
  const wrong = (fault: TreeFault, offset: number, field: KeyPlace) =>
    findings.push(findingOf(fault, offset, field));
  const tree = contents && treeOf(contents, source.text, { ...limits, wrong });
  if (tree?.kind !== "map" && findings.length === 0) {
    const reason = `is not a mapping; write ${kind.least}`;
    throw fileError(source, [{ offset: contents?.range[0], reason }]);
  }
  const root = tree && new Reader(kind, findings).read(tree, { name: "", offset: tree.offset });
  if (tree === undefined || findings.length > 0) throw fileError(source, findings);
  return { root: root as Values, locationOf: (path) => placeIn(tree, path) };
}

/** True for a plain object of values. */
export function isValues(value: unknown): value is Values {
  return (
    isRecord(value) &&
    !(value instanceof Tagged) &&
    !(value instanceof Generated) &&
    !Output.isInstance(value)
  );
}

/** Returns a copy in which each tagged value is replaced. */
export function replaceTagged(value: unknown, replace: (tagged: Tagged) => unknown): unknown {
  if (value instanceof Tagged) return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceTagged(item, replace));
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, replaceTagged(inner, replace)]),
  );
}

/** Lists every tagged value with its path. */
export function taggedIn(value: unknown, path: Path = []): { path: Path; tagged: Tagged }[] {
  if (value instanceof Tagged) return [{ path, tagged: value }];
  const inner = Array.isArray(value) ? [...value.entries()] : isValues(value) ? Object.entries(value) : [];
  return inner.flatMap(([step, item]) => taggedIn(item, [...path, step]));
}

/** True for the path of a file below a folder, of names that every disk can have. */
export function isPathInside(path: string): boolean {
  return /^(?!\.{1,2}(?:\/|$))[\w.+-]{1,100}(?:\/(?!\.{1,2}(?:\/|$))[\w.+-]{1,100}){0,20}$/.test(path);
}

/** Deeper than the description of any service. */
const maxDepth = 32;
/** Far more than any service needs. */
const maxValues = 100_000;

/** Matches the tags of YAML's core schema; the library knows others, whose values are JavaScript objects. */
const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

const takenTags =
  "this file can have !secret NAME, !env NAME, !generate NAME, !text { text, values } and !file PATH";
const needsName =
  "!generate needs the name of the secret here: !generate NAME, or a name: NAME in its fields";
const notInside =
  "!file takes the path of a file in the folder of the service, such as nginx.conf, without .. in it; with secrets for its places, " +
  "!file { path: app.toml, values: { PASSWORD: !generate } }";
const foreignTag = `has an unknown YAML tag; ${takenTags}`;
const managedTag = `has the tag of a secrets manager, which only files of variables can have; ${takenTags}`;
const noTags = "has a YAML tag, and this file has none; remove it";
const notPlain = "a field needs a plain name";

/** Merge keys are ordinary keys here, so they cause no mistakes. */
const reasons: Readonly<Record<Exclude<TreeFault, `merge-${string}`>, string>> = {
  "no-anchor": "refers to an anchor that does not exist; write the value",
  endless: "this alias refers to a value that contains it",
  "too-deep": "is nested too deeply",
  "too-large": `is too large: with its aliases resolved it has over ${maxValues} values`,
  "no-text": notPlain,
  twice: "this key appears twice; remove one",
};

/** Returns the problem at the key if it is about the key, otherwise at the field. */
function findingOf(fault: TreeFault, offset: number, field: KeyPlace): FileProblem {
  const isOfKey = fault === "no-text" || fault === "twice";
  return { offset: isOfKey ? offset : field.offset, reason: reasons[fault as keyof typeof reasons] };
}

class Reader {
  constructor(
    private readonly kind: TreeKind,
    private readonly findings: FileProblem[],
  ) {}

  /** Converts a node to a JavaScript value; undefined when it has a problem. */
  read(node: Node, field: KeyPlace): unknown {
    const tag = node.tag !== undefined && coreTag.test(node.tag) ? undefined : node.tag;
    if (tag !== undefined && !this.kind.takesTags) return this.wrong(field, noTags);
    if (node.kind === "scalar") return this.scalar(node, tag, field);
    if (tag === generateTag || tag === textTag || (tag === "!file" && node.kind === "map"))
      return this.fields(node, tag, field);
    if (tag !== undefined) {
      const isOurs = Object.values(tagOf).includes(tag);
      return this.wrong(field, isOurs ? "has a YAML tag, which is for a single value" : foreignTag);
    }
    if (node.kind === "map") return this.map(node);
    return node.items.map((item) => this.read(item, { name: field.name, offset: item.alias ?? item.offset }));
  }

  private map(node: MapNode): Values {
    const values: Values = {};
    for (const { key: name, offset, value } of node.entries.values()) {
      const problem = nameProblem(name);
      if (problem === undefined) values[name] = this.read(value, { name, offset });
      else this.findings.push({ offset, reason: problem });
    }
    return values;
  }

  private scalar(node: ScalarNode, tag: string | undefined, field: KeyPlace): unknown {
    const { text, value } = node;
    const problem = typeof value === "string" ? textProblem(value) : undefined;
    if (problem !== undefined) return this.wrong(field, problem);
    if (tag === undefined) return value;
    if (managerOf(tag) !== undefined) return this.wrong(field, managedTag);
    if (tag === "!file") {
      if (!isPathInside(text)) return this.wrong(field, notInside);
      return this.tagged({ kind: field.name === "icon" ? "image" : "file", name: text }, field);
    }
    if (tag === generateTag || tag === textTag) return this.fields(node, tag, field);
    if (tag !== "!secret" && tag !== "!env") return this.wrong(field, foreignTag);
    // Checked as in files of variables: a value instead of the name must not get into a message.
    const read = taggedValue(tag, text, field.name);
    if (typeof read === "string") return this.wrong(field, read);
    return read.kind === "secret" || read.kind === "environment" ? this.tagged(read, field) : undefined;
  }

  /** Reads a tag that may have fields. */
  private fields(node: Node, tag: string, field: KeyPlace): Tagged | undefined {
    if (tag === generateTag) {
      const read = readGenerated(node, valueInside);
      if (typeof read === "string") return this.wrong(field, read);
      // Several fields of a service may have one name.
      return read.name === undefined ? this.wrong(field, needsName) : this.tagged(read, field);
    }
    if (tag === textTag) {
      const read = readFilled(node, valueInside);
      return typeof read === "string" ? this.wrong(field, read) : this.tagged(read, field);
    }
    const [path, values] = [entryAt(node, "path")?.value, entryAt(node, "values")?.value];
    const isComplete = node.kind === "map" && node.again.length === 0 && node.entries.size === 2;
    if (!isComplete || path?.kind !== "scalar" || !isPathInside(path.text))
      return this.wrong(field, notInside);
    const read = readValues(values, [], valueInside);
    if (typeof read === "string") return this.wrong(field, `!file: ${read}`);
    return this.tagged({ kind: "file", name: path.text, values: read }, field);
  }

  private tagged(value: TaggedValue, { name, offset }: KeyPlace): Tagged {
    return new Tagged(value, name, offset);
  }

  private wrong({ offset }: KeyPlace, reason: string): undefined {
    this.findings.push({ offset, reason });
  }
}

/** Reads a secret inside another value; returns the text of a problem. */
function valueInside(node: Node, key: string): EntryValue | string {
  if (node.tag === generateTag) return readGenerated(node, valueInside);
  if (node.kind !== "scalar" || node.tag === undefined || managerOf(node.tag) !== undefined)
    return "takes !generate, !secret or !env";
  return taggedValue(node.tag, node.text, node.alias === undefined ? key : undefined);
}

function placeIn(root: Node, path: Path): number {
  let node = root;
  let place = root.offset;
  for (const step of path) {
    if (node.kind === "map") {
      const entry = typeof step === "string" ? node.entries.get(step) : undefined;
      if (entry === undefined) return place;
      place = entry.offset;
      node = entry.value;
    } else {
      const item = node.kind === "list" ? node.items[Number(step)] : undefined;
      if (item === undefined) return place;
      place = item.alias ?? item.offset;
      node = item;
    }
  }
  return place;
}

function nameProblem(name: string): string | undefined {
  if (name === "<<") return "merge keys are not supported; write the fields out";
  if (name === "__proto__") return notPlain;
  // Pulumi converts maps to texts for its own messages, and would call this as a function.
  if (name === "toString") return "toString is a name that Pulumi cannot handle; choose another";
  return textProblem(name);
}

/** Returns the reason why a text cannot be processed; Pulumi fails on it before any check. */
function textProblem(text: string): string | undefined {
  if (text.includes("\0")) return "contains a NUL character, which no input can hold; remove it";
  if (/\p{Surrogate}/u.test(text)) {
    return "contains half of a character (a lone surrogate), which is lost on the way; write the whole character";
  }
  return undefined;
}
