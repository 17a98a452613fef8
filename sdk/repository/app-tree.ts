import { Output } from "@pulumi/pulumi";
import type { MapNode, Node, ScalarNode } from "../../packages/compose-checks/yaml/nodes";
import { type Field, type TreeFault, treeOf } from "../../packages/compose-checks/yaml/tree";
import { isRecord } from "../../provider/pulumi/unknown";
import { taggedValue } from "../env-files/tags";
import { type Finding, fileError, type Source } from "../files/source";
import { parseYaml } from "../files/yaml";

export type Values = Record<string, unknown>;
export type Path = readonly PropertyKey[];

/** A value from outside the file: `!secret name`, `!env NAME`. */
export class Tagged {
  constructor(
    readonly kind: "secret" | "environment",
    readonly name: string,
    readonly offset: number,
  ) {}

  /** The tag as it is written. */
  get tag(): string {
    return this.kind === "secret" ? "!secret" : "!env";
  }
}

/** The values of a file and their positions. */
export interface AppTree {
  readonly root: Values;
  /** Returns the offset of the value at a path, or of the longest existing part of it. A field begins with its name. */
  locationOf(path: Path): number;
}

/**
 * Reads the values of a `dokploy-app.yaml`; values from outside the file are {@link Tagged}.
 *
 * @throws FileError with the place of every value that such a file cannot have
 */
export function readTree(source: Source): AppTree {
  const contents = parseYaml(source, "core");
  const findings: Finding[] = [];
  const limits = { maxDepth, maxNodes: maxValues, merge: false };
  const wrong = (fault: TreeFault, offset: number, field: Field) =>
    findings.push(findingOf(fault, offset, field));
  const tree = contents && treeOf(contents, source.text, { ...limits, wrong });
  if (tree?.kind !== "map" && findings.length === 0) {
    const reason = "is not a mapping; write at least `kind: application` and an `image:`";
    throw fileError(source, [{ offset: contents?.range[0], reason }]);
  }
  const root = tree && readNode(tree, { name: "", offset: tree.offset }, findings);
  if (tree === undefined || findings.length > 0) throw fileError(source, findings);
  return { root: root as Values, locationOf: (path) => placeIn(tree, path) };
}

/** True for a plain object of values. */
export function isValues(value: unknown): value is Values {
  return isRecord(value) && !(value instanceof Tagged) && !Output.isInstance(value);
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

/** Deeper than the description of any service. */
const maxDepth = 32;
/** Far more than any service needs. */
const maxValues = 100_000;

/** Matches the tags of YAML's core schema; the library knows others, whose values are JavaScript objects. */
const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

const foreignTag = "has an unknown YAML tag; this file can have !secret NAME and !env NAME";
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
function findingOf(fault: TreeFault, offset: number, field: Field): Finding {
  const isOfKey = fault === "no-text" || fault === "twice";
  return { offset: isOfKey ? offset : field.offset, reason: reasons[fault as keyof typeof reasons] };
}

/** Converts a node to a JavaScript value; undefined when it has a problem. */
function readNode(node: Node, field: Field, findings: Finding[]): unknown {
  const wrong = (reason: string) => void findings.push({ offset: field.offset, reason });
  const tag = node.tag !== undefined && coreTag.test(node.tag) ? undefined : node.tag;
  if (node.kind === "scalar") return scalarOf(node, tag, field, wrong);
  if (tag !== undefined) {
    const isOurs = tag === "!secret" || tag === "!env";
    return wrong(isOurs ? "has a YAML tag, which is for a single value" : foreignTag);
  }
  if (node.kind === "map") return valuesOf(node, findings);
  return node.items.map((item) =>
    readNode(item, { name: field.name, offset: item.alias ?? item.offset }, findings),
  );
}

function valuesOf(node: MapNode, findings: Finding[]): Values {
  const values: Values = {};
  for (const { key: name, offset, value } of node.entries.values()) {
    const problem = nameProblem(name);
    if (problem === undefined) values[name] = readNode(value, { name, offset }, findings);
    else findings.push({ offset, reason: problem });
  }
  return values;
}

function scalarOf(
  { text, value }: ScalarNode,
  tag: string | undefined,
  field: Field,
  wrong: (reason: string) => void,
): unknown {
  const problem = typeof value === "string" ? textProblem(value) : undefined;
  if (problem !== undefined) return wrong(problem);
  if (tag === undefined) return value;
  if (tag !== "!secret" && tag !== "!env") return wrong(foreignTag);
  // Checked as in files of variables: a value instead of the name must not get into a message.
  const read = taggedValue(tag, text, field.name);
  if (typeof read === "string") return wrong(read);
  return read.kind === "text" ? read.text : new Tagged(read.kind, read.name, field.offset);
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
