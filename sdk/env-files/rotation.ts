import { entriesOf, type MapNode, type Node } from "../../packages/compose-checks/yaml/nodes";
import { hasReference } from "../../provider/env/references";
import { nextKey } from "../../provider/env/rotation";
import { looksSecret } from "../../provider/env/secret-looking";
import type { Code } from "../../provider/pulumi/notices";
import { type Finding, fileError, placeName, type Source } from "../files/source";
import type { Entry, EntryValue, Rotation } from "./entry";

/** The two variables of a rotation: the one that rotates, and the one with its next value. */
export interface Pair {
  readonly current: EntryValue;
  readonly next: EntryValue;
  readonly rotation: Rotation;
}

/** Reads a scalar as the value of a variable; returns the text of a problem for any other node. */
export type ReadValue = (node: Node, key: string) => EntryValue | string;

/** True when a nested value is written as a rotation, right or wrong. */
export function isRotation(node: Node): node is MapNode {
  return node.kind === "map" && node.entries.has("rotate");
}

/**
 * Reads `{ rotate: { current: …, next: … } }`.
 *
 * @returns a text with the problem, without a value
 */
export function readRotation(key: string, node: MapNode, read: ReadValue): Pair | string {
  const values = node.entries.get("rotate")?.value;
  const [current, next] = ["current", "next"].map((name) =>
    values?.kind === "map" ? values.entries.get(name)?.value : undefined,
  );
  const isComplete = [node, values].every((map) => map?.tag === undefined && !hasAgain(map));
  if (!isComplete || current === undefined || next === undefined || entriesOf(node).length > 1) return usage;
  if (entriesOf(values).length > 2) return usage;
  const now = read(current, key);
  const then = read(next, nextKey(key));
  if (typeof now === "string") return `current ${now}`;
  if (typeof then === "string") return `next ${then}`;
  if (isSecret(key, now) !== isSecret(key, then) && ![now, then].some(isReference)) return unequal;
  return { current: now, next: then, rotation: { of: key, line: lineOf(key, next, then) } };
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

function lineOf(key: string, node: Node, value: EntryValue): string | undefined {
  if (value.kind === "text" || node.kind !== "scalar" || node.tag === undefined) return undefined;
  return `${key}: ${node.tag} ${node.text === "" ? nextKey(key) : node.text}`;
}

const usage = "a rotation has two values; write rotate: { current: !secret NAME, next: !secret NAME }";
const unequal =
  "one of current and next is a secret, and the other one is not; give both the same way, with !secret or !plain";

/**
 * Puts the variables of layers together: a later one overrides an earlier one, and with a variable its next value.
 *
 * @throws FileError when a layer has a variable that a rotation of another layer gives
 */
export function overlaid(layers: Iterable<readonly Entry[]>): Map<string, Entry> {
  const variables = new Map<string, Entry>();
  for (const layer of layers) {
    for (const { key } of layer) if (nextOf(variables, key)) variables.delete(nextKey(key));
    for (const entry of layer) {
      const clash = givenTwice(variables.get(entry.key), entry);
      if (clash !== undefined) throw fileError(clash.source, [clash]);
      variables.set(entry.key, entry);
    }
  }
  return variables;
}

/** Returns the entry with the next value of a variable, if that rotates. */
export function nextOf(variables: ReadonlyMap<string, Entry>, key: string): Entry | undefined {
  const next = variables.get(nextKey(key));
  return next?.rotation?.of === key ? next : undefined;
}

/** Returns the problem of two entries with one name, of which one is the next value of a rotation. */
export function givenTwice(a: Entry | undefined, b: Entry): (Finding & { source: Source }) | undefined {
  if (a === undefined || (a.rotation === undefined) === (b.rotation === undefined)) return undefined;
  const [byHand, next] = a.rotation === undefined ? [a, b] : [b, a];
  const { source, offset, key } = byHand;
  const place = placeName(next.source, next.offset);
  return {
    source,
    offset,
    reason: `${key}: ${place} rotates ${next.rotation?.of}, which gives this variable; remove it here`,
  };
}

/** A message of a plan about variables of files. */
export interface Notice {
  readonly text: string;
  readonly code: Code;
  readonly isWarning: boolean;
}

/**
 * Describes the first step of each rotation, and finds rotations that change nothing.
 *
 * @param textOf returns a value; undefined where it is not known
 */
export function rotationNotices(
  entries: readonly Entry[],
  textOf: (entry: Entry) => string | undefined,
): Notice[] {
  return entries.flatMap((entry): Notice[] => {
    const { key, rotation, source, offset } = entry;
    if (rotation === undefined) return [];
    const place = placeName(source, offset);
    const current = entries.find((other) => other.key === rotation.of);
    const [now, next] = [current && textOf(current), textOf(entry)];
    if (now !== undefined && now === next) {
      const text = `${place}: ${rotation.of}: current and next have the same value, so nothing rotates; set another next value`;
      return [{ text, code: "rotation", isWarning: true }];
    }
    const then = rotation.line ?? `the next value as ${rotation.of}`;
    const text =
      `${place}: ${rotation.of} rotates, step 1 of 2: the service also gets the next value, as ${key}. ` +
      `Step 2, after this has been deployed: write ${then}`;
    return [{ text, code: "rotation", isWarning: false }];
  });
}
