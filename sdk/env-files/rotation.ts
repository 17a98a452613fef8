import { entriesOf, type MapNode, type Node } from "../../packages/compose-checks/yaml";
import { hasReference, looksSecret, type Side, sideKey, sides } from "../../provider/env";
import type { Code } from "../../provider/pulumi";
import { type FileProblem, fileError, placeName, type Source } from "../files";
import type { EntryValue, FileVariable, ReadValue, Rotation } from "./entry";
import { writtenTagged } from "./generated";

/** The two variables of a rotation: the one that rotates, and the one with its next or its previous value. */
export interface Pair {
  readonly current: EntryValue;
  readonly other: EntryValue;
  readonly rotation: Rotation;
}

/** True when a nested value is written as a rotation, right or wrong. */
export function isRotation(node: Node): node is MapNode {
  return node.kind === "map" && node.entries.has("rotate");
}

/**
 * Reads `{ rotate: { current: …, next: … } }`, the first step, or `{ rotate: { previous: …, current: … } }`, the second.
 *
 * @returns a text with the problem, without a value
 */
export function readRotation(key: string, node: MapNode, read: ReadValue): Pair | string {
  const values = node.entries.get("rotate")?.value;
  const valueAt = (name: string) => (values?.kind === "map" ? values.entries.get(name)?.value : undefined);
  const current = valueAt("current");
  const side = sides.find((name) => valueAt(name) !== undefined);
  const other = side && valueAt(side);
  const isComplete = [node, values].every((map) => map?.tag === undefined && !hasAgain(map));
  if (!isComplete || current === undefined || side === undefined || other === undefined) return usage;
  if (entriesOf(node).length > 1 || entriesOf(values).length > 2) return usage;
  const now = read(current, key);
  const then = read(other, sideKey(key, side));
  if (typeof now === "string") return `current ${now}`;
  if (typeof then === "string") return `${side} ${then}`;
  if (isSecret(key, now) !== isSecret(key, then) && ![now, then].some(isReference)) return unequal;
  const [own, its] = [written(current, now, key), written(other, then, sideKey(key, side))];
  const line = side === "previous" ? own : own && its && `{ rotate: { previous: ${own}, current: ${its} } }`;
  return { current: now, other: then, rotation: { of: key, side, line: line && `${key}: ${line}` } };
}

function hasAgain(node: Node | undefined): boolean {
  return node?.kind === "map" && node.again.length > 0;
}

function isSecret(key: string, value: EntryValue): boolean {
  return value.kind !== "text" || (!value.plain && looksSecret(key, value.text));
}

function isReference(value: EntryValue): boolean {
  return value.kind === "text" && hasReference(value.text);
}

/** Returns a value as it may stand elsewhere in the file; undefined where that would show it. */
function written(node: Node, value: EntryValue, key: string): string | undefined {
  if (value.kind === "generated" || value.kind === "filled") return writtenTagged(value);
  if (value.kind === "text" || node.kind !== "scalar" || node.tag === undefined) return undefined;
  return `${node.tag} ${node.text === "" ? key : node.text}`;
}

const usage =
  "a rotation has two values; write rotate: { current: !secret NAME, next: !secret NAME }, and in the second step " +
  "rotate: { previous: !secret NAME, current: !secret NAME }";
const unequal =
  "one of the two values is a secret, and the other one is not; give both the same way, with !secret or !plain";

/**
 * Puts the variables of layers together: a later one overrides an earlier one, and with a variable its other value of a rotation.
 *
 * @throws FileError when a layer has a variable that a rotation of another layer gives
 */
export function overlaid(layers: Iterable<readonly FileVariable[]>): Map<string, FileVariable> {
  const variables = new Map<string, FileVariable>();
  for (const layer of layers) {
    for (const { key } of layer) for (const side of sidesOf(variables, key)) variables.delete(side.key);
    for (const entry of layer) {
      const clash = givenTwice(variables.get(entry.key), entry);
      if (clash !== undefined) throw fileError(clash.source, [clash]);
      variables.set(entry.key, entry);
    }
  }
  return variables;
}

/** Returns the entry with the other value of a variable, if that rotates. */
export function sidesOf(variables: ReadonlyMap<string, FileVariable>, key: string): FileVariable[] {
  return sides.flatMap((side) => {
    const entry = variables.get(sideKey(key, side));
    return entry?.rotation?.of === key ? [entry] : [];
  });
}

/** Returns the problem of two entries with one name, of which one is the other value of a rotation. */
export function givenTwice(
  a: FileVariable | undefined,
  b: FileVariable,
): (FileProblem & { source: Source }) | undefined {
  if (a === undefined || (a.rotation === undefined) === (b.rotation === undefined)) return undefined;
  const [byHand, other] = a.rotation === undefined ? [a, b] : [b, a];
  const { source, offset, key } = byHand;
  const place = placeName(other.source, other.offset);
  return {
    source,
    offset,
    reason: `${key}: ${place} rotates ${other.rotation?.of}, which gives this variable; remove it here`,
  };
}

/** A message of a plan about variables of files. */
export interface Notice {
  readonly text: string;
  readonly code: Code;
  readonly isWarning: boolean;
}

/** Words about each step that a file describes. */
const described: Readonly<Record<Side, { step: number; value: string; following: string }>> = {
  next: {
    step: 1,
    value: "next",
    following:
      "rotate: { previous, current }, with the value of today as previous and the next one as current",
  },
  previous: { step: 2, value: "former", following: "the current value alone" },
};

/** Returns the part of a sentence about the services that get another value of a variable, under its own name. */
export function whoGets(value: string, key: string, isShared: boolean): string {
  return isShared
    ? `only services that refer to ${key} get ${value}`
    : `the service also gets ${value}, as ${key}`;
}

/**
 * Describes the step of each rotation, and finds rotations that change nothing.
 *
 * @param textOf returns a value; undefined where it is not known
 * @param isShared true for variables that services share: each service gets only those that it refers to
 */
export function rotationNotices(
  entries: readonly FileVariable[],
  textOf: (entry: FileVariable) => string | undefined,
  isShared = false,
): Notice[] {
  return entries.flatMap((entry): Notice[] => {
    const { key, rotation, source, offset } = entry;
    if (rotation === undefined) return [];
    const place = placeName(source, offset);
    const current = entries.find((other) => other.key === rotation.of);
    const [now, other] = [current && textOf(current), textOf(entry)];
    if (now !== undefined && now === other) {
      const text = `${place}: ${rotation.of}: current and ${rotation.side} have the same value, so nothing rotates; set another ${rotation.side} value`;
      return [{ text, code: "rotation", isWarning: true }];
    }
    const { step, value, following } = described[rotation.side];
    const then = rotation.line ?? following;
    const text =
      `${place}: ${rotation.of} rotates, step ${step} of 3: ${whoGets(`the ${value} value`, key, isShared)}. ` +
      `Step ${step + 1}, after this has been deployed: write ${then}`;
    return [{ text, code: "rotation", isWarning: false }];
  });
}
