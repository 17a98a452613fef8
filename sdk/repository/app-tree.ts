import { Output } from "@pulumi/pulumi";
import type { MapNode, Node, ScalarNode } from "../../packages/compose-checks/yaml/nodes";
import { type Field, type TreeFault, treeOf } from "../../packages/compose-checks/yaml/tree";
import { taggedValue } from "../env-files/tags";
import { type Finding, fileError, type Source } from "../files/source";
import { parseYaml } from "../files/yaml";

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
/** Far more than any service has. */
const maxValues = 100_000;

/** The tags of YAML's core schema; the library knows others, whose values are objects of JavaScript. */
const coreTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

const foreignTag = "has a YAML tag that is none of this file; it has !secret NAME and !env NAME";
const notPlain = "a field needs a plain name";

/** The mistakes that only merging could make are none here. */
const reasons: Readonly<Record<Exclude<TreeFault, `merge-${string}`>, string>> = {
  "no-anchor": "refers to an anchor that is not there; write the value",
  endless: "this alias stands for something that contains it",
  "too-deep": "is nested too deeply",
  "too-large": `is too large: with what its aliases stand for it has over ${maxValues} values`,
  "no-text": notPlain,
  twice: "this key is there twice; take one out",
};

/** What is wrong with a value stands at its field, with a key at the key. */
function findingOf(fault: TreeFault, offset: number, field: Field): Finding {
  const isOfKey = fault === "no-text" || fault === "twice";
  return { offset: isOfKey ? offset : field.offset, reason: reasons[fault as keyof typeof reasons] };
}

/** A node as a value of JavaScript; undefined where something is wrong with it. */
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
  // Checked as in files of variables: a value in the place of the name must not get into a message.
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
  // Pulumi turns maps into texts for its own messages, and takes this for the function that does it.
  if (name === "toString") return "toString is a name that Pulumi cannot carry; choose another";
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
