/** Inputs and columns as they are compared. */

import { isDeepStrictEqual } from "node:util";
import { containsUnknown, isRecord } from "../../packages/values";
import { secret, unmarked } from "../pulumi";
import { keyChanges } from "./changes";
import type { MappedField } from "./compile";

/** Returns the value of the column for an input. */
export function toColumn(leaf: MappedField, value: unknown): unknown {
  return leaf.write && !containsUnknown(value) ? leaf.write(value as never) : value;
}

/** Returns the input for a value of the column in a row. */
export function fromColumn(leaf: MappedField, column: unknown, row: object): unknown {
  return leaf.read ? leaf.read(column as never, row as never) : column;
}

/** True when the column has its default. For an empty text, Dokploy has null until a text was set once. */
export function isReset({ reset }: MappedField, column: unknown): boolean {
  return isDeepStrictEqual(reset === "" && column === null ? "" : column, reset);
}

/** Compares values as Dokploy keeps them: `"0.5GiB"` equals `"512MiB"`; maps are equal in any order. */
export function same(leaf: MappedField, a: unknown, b: unknown): boolean {
  if (leaf.env) return isRecord(a) && isRecord(b) && sameKeysAndValues(a, b);
  if (isDeepStrictEqual(a, b)) return true;
  if (!leaf.write || a === undefined || b === undefined || containsUnknown([a, b])) return false;
  return isDeepStrictEqual(toColumn(leaf, unmarked(a)), toColumn(leaf, unmarked(b)));
}

function sameKeysAndValues(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const { added, changed, removed } = keyChanges(a, b);
  return added.length + changed.length + removed.length === 0;
}

/** Reads a map key by key, so that a plan names drifted variables. A value that differs may be somebody's secret. */
export function readBackEnv(live: unknown, old: unknown): Record<string, string> {
  if (!isRecord(live)) return {};
  const before: Readonly<Record<string, unknown>> = isRecord(old) ? old : {};
  const values = live as Record<string, string>;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, before[key] === value ? value : secret(value)]),
  );
}
