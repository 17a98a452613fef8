import { runtime } from "@pulumi/pulumi";

/**
 * Marks a value as secret on its way to the engine.
 *
 * Values that the program gave keep their own marks (the engine restores them by name); this is for what came
 * from the server and the program never saw: a variable changed by hand, a generated token. Without the mark it
 * would land in the state in clear.
 */
export function secret<T>(value: T): T {
  return { [runtime.specialSigKey]: runtime.specialSecretSig, value } as T;
}

/** The value without its mark, as Dokploy gets it. */
export function unmarked(value: unknown): unknown {
  const isMarked =
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>)[runtime.specialSigKey] === runtime.specialSecretSig;
  return isMarked ? (value as { value?: unknown }).value : value;
}
