import { UserError } from "../errors";
import type { Endpoint } from "./endpoints";

/** Kind of a failure; callers branch on this and never on a status or a text. */
export type ErrorKind =
  | "not-found"
  | "unauthorized"
  | "forbidden"
  | "invalid"
  | "conflict"
  | "too-large"
  | "rate-limited"
  | "unreachable"
  | "timeout"
  | "not-dokploy"
  | "redirect"
  | "server"
  | "unsupported-version";

/**
 * Effect of a failed call: with `not-sent` and `refused` the server did not act; with `unknown` it may have, so read
 * before doing anything else. A query is never `unknown`.
 */
export type Outcome = "not-sent" | "refused" | "unknown";

/**
 * A failed call. The message names the call, its object, the cause and the remedy. It contains no secret, and the
 * error has no reference to the request, the response or another error.
 *
 * @example
 * try {
 *   await api.call("application.delete", { applicationId });
 * } catch (error) {
 *   if (!isNotFound(error)) throw error;
 * }
 */
export class DokployError extends UserError {
  override readonly name = "DokployError";
  readonly kind: ErrorKind;
  readonly endpoint: Endpoint;
  readonly outcome: Outcome;
  /** HTTP status of the last response; undefined without a response. */
  declare readonly status?: number;
  /** True when the object of the call itself is missing, not one that the input refers to. */
  declare readonly gone?: boolean;
  /** Dokploy's reason, safe to show in a message; undefined without one. */
  declare readonly said?: string;
  #hidden: readonly string[] = [];
  readonly #saidWithout: ((secrets: Iterable<string>) => string) | undefined;

  constructor(
    message: string,
    facts: {
      kind: ErrorKind;
      endpoint: Endpoint;
      outcome: Outcome;
      status?: number | undefined;
      gone?: boolean;
      said?: string;
      /**
       * Returns Dokploy's words without further secrets. It searches the full text: half a secret is not recognised.
       */
      saidWithout?: (secrets: Iterable<string>) => string;
    },
  ) {
    super(message);
    this.#saidWithout = facts.saidWithout;
    this.kind = facts.kind;
    this.endpoint = facts.endpoint;
    this.outcome = facts.outcome;
    for (const key of ["status", "gone", "said"] as const) {
      if (facts[key] !== undefined) {
        Object.defineProperty(this, key, { value: facts[key], enumerable: true, configurable: true });
      }
    }
  }

  /** True for a response that Dokploy gives for a deleted object as for one of another user. */
  get hidesObject(): boolean {
    return this.endpoint === "organization.one" && this.status === 403;
  }

  /** True for a refused creation whose row Dokploy keeps all the same. */
  get leavesRow(): boolean {
    return (
      this.endpoint === "mounts.create" && this.said?.startsWith("Error Error creating the mount") === true
    );
  }

  /** Removes further secrets from Dokploy's words in this error, and returns it. */
  secretOutputs(secrets: Iterable<string>): this {
    const { said } = this;
    this.#hidden = [...this.#hidden, ...secrets];
    const less = this.#saidWithout?.(this.#hidden);
    if (said === undefined || less === undefined) return this;
    this.message = this.message.replaceAll(said, () => less);
    return Object.defineProperty(this, "said", { value: less });
  }
}

/** Removes secrets from Dokploy's reason for refusing a call, which may quote the input, and returns the error. */
export function hideIn<E>(error: E, secrets: Iterable<string>): E {
  return error instanceof DokployError ? error.secretOutputs(secrets) : error;
}

/**
 * True when the object of the call does not exist: Dokploy returned 404, or 400 `… not found`, about that object.
 * Never for 401 or 403: Dokploy gives 401 for a missing service when the key belongs to a member, and for every
 * object when the key has expired. Never for an object that the input only refers to.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof DokployError && error.kind === "not-found" && error.gone === true;
}

/** Returns the response of a call; undefined when the requested object does not exist. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
