import { createHash } from "node:crypto";

/**
 * An input of every resource that its class adds: which resource of the program it is. The handlers get it with each call,
 * since the state keeps it beside `__provider`. It never makes a difference: states without it, or with that of a former
 * name, are the same.
 */
export const identityKey = "__urn";

/** The same input as the class gives it, with what only the check needs: one input more would cost Pulumi more time. */
export interface Told {
  readonly identity: string;
  /** The paths of those inputs that the program marked as secret. */
  readonly secrets: unknown;
  /** Identity of the Compose resource, for an object that names a service of its file. */
  readonly compose?: string | undefined;
}

/** The inputs as the state keeps them, and apart from them what only the check is told. */
export function apart(given: Readonly<Record<string, unknown>>): {
  inputs: Record<string, unknown>;
  secrets: unknown;
  compose: string | undefined;
} {
  const told = given[identityKey];
  // With `ignoreChanges: ["*"]` it is what the state has: the identity alone.
  if (typeof told !== "object" || told === null)
    return { inputs: { ...given }, secrets: undefined, compose: undefined };
  const { identity, secrets, compose } = told as Partial<Told>;
  return { inputs: { ...given, [identityKey]: identity }, secrets, compose };
}

/** Long enough that no two resources of a stack share one, short since each state of a resource has it twice. */
const LENGTH = 8;

/** The identity of the resource that the engine knows by this URN: as long as the resource has that. */
export function identityOf(urn: string): string {
  return createHash("sha256").update(urn).digest("base64url").slice(0, LENGTH);
}
