import { secretMark } from "./internals";

const [markKey, mark] = secretMark;

/**
 * Marks a value as secret on its way to the engine.
 *
 * Values that the program gave keep their own marks (the engine restores them by name). This mark is for values from
 * the server that the program never saw: a variable changed by hand, a generated token. Without it they would be in
 * the state in plain text.
 */
export function secret<T>(value: T): T {
  return { [markKey]: mark, value } as T;
}

/** True when the value is marked as secret as a whole. */
export function isMarked(value: unknown): value is { value?: unknown } {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)[markKey] === mark;
}

/** Removes the mark from a value, for Dokploy. */
export function unmarked(value: unknown): unknown {
  return isMarked(value) ? value.value : value;
}
