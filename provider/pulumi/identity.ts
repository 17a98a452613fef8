import { createHash } from "node:crypto";
import { dynamicUrn } from "./urn";

/**
 * Input that the class of every resource adds: it identifies the resource in the program. The handlers get it with
 * each call, because the state contains it next to `__provider`. It never causes a difference: states without it, or
 * with that of a former name, count as equal.
 */
export const identityKey = "__urn";

/**
 * Input with the places of variables that look like secrets and that the program gives in plain text. The package marks
 * them as secret, so a policy would otherwise not know. It exists only where there are some, and never causes a difference.
 */
export const plainKey = "plainSecrets";

/** Form of the identity in the class, with data for the check only: one more input would cost Pulumi more time. */
export interface IdentityInput {
  readonly identity: string;
  /** URN of the resource, for the row in which its progress is shown. */
  readonly urn?: string | undefined;
  /** Name of the resource in the program, for messages about two resources. */
  readonly name?: string | undefined;
  /** Paths of the inputs that the program marked as secret. */
  readonly secrets: unknown;
  /** Value of {@link plainKey}. */
  readonly plain?: readonly string[] | undefined;
  /** Identity of the compose service, for a resource that names a service of it. */
  readonly compose?: string | undefined;
  /** Paths of the inputs that Pulumi takes from the state, by the option `ignoreChanges`. */
  readonly ignored?: readonly string[] | undefined;
  /** Id that the adoption file gives the resource, which counts only while the resource is new. */
  readonly adopts?: string | undefined;
}

/** Separates the inputs that the state contains from the data for the check. */
export function separate(given: Readonly<Record<string, unknown>>): {
  inputs: Record<string, unknown>;
  secrets: unknown;
} & Pick<IdentityInput, "urn" | "name" | "compose" | "ignored" | "adopts"> {
  const reported = given[identityKey];
  // With `ignoreChanges: ["*"]` the value is that of the state: only the identity.
  if (typeof reported !== "object" || reported === null) return { inputs: { ...given }, secrets: undefined };
  const { identity, plain, ...data } = reported as Partial<IdentityInput>;
  const kept = { [identityKey]: identity, ...(plain === undefined ? {} : { [plainKey]: plain }) };
  return { secrets: undefined, ...data, inputs: { ...given, ...kept } };
}

/** Long enough to differ for all resources of a stack, and short, since each state contains it twice. */
const LENGTH = 8;

/**
 * Returns the identity of the resource with this URN. It changes only with the URN, and is the same for the dynamic
 * provider and the plugin.
 */
export function identityOf(urn: string): string {
  return createHash("sha256").update(dynamicUrn(urn)).digest("base64url").slice(0, LENGTH);
}
