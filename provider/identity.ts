import { createHash } from "node:crypto";

/**
 * An input of every resource that its class adds: which resource of the program it is. The handlers get it with each call,
 * since the state keeps it beside `__provider`. It never makes a difference: states without it, or with that of a former
 * name, are the same.
 */
export const identityKey = "__urn";

/** Long enough that no two resources of a stack share one, short since each state of a resource has it twice. */
const LENGTH = 8;

/** The identity of the resource that the engine knows by this URN: as long as the resource has that. */
export function identityOf(urn: string): string {
  return createHash("sha256").update(urn).digest("base64url").slice(0, LENGTH);
}
