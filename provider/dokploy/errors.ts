import { UserError } from "../errors/problem";
import type { Endpoint } from "./endpoints";

/** What kind of failure it is; callers branch on this and never on a status or a text. */
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
 * Whether the server acted: `not-sent` and `refused` mean it did not; `unknown` means it may have, so read before
 * doing anything else. A query is never `unknown`.
 */
export type Outcome = "not-sent" | "refused" | "unknown";

/**
 * A call that failed. The message says what failed, on which object, why, and what to do; it holds no secret, and
 * nothing else hangs on the error (no request, no answer, no cause).
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
  /** HTTP status of the last answer; missing when there was none. */
  declare readonly status?: number;
  /** What a `not-found` answer says is missing, in Dokploy's word (`Application`, `SSH Key`). */
  declare readonly missing?: string;
  /** Whether what is missing is the very object that the call is about, not another that the input refers to. */
  declare readonly gone?: boolean;
  /** What Dokploy gave as the reason, fit for a message; missing when it gave none. */
  declare readonly said?: string;
  #hidden: readonly string[] = [];
  readonly #saidWithout: ((secrets: Iterable<string>) => string) | undefined;

  constructor(
    message: string,
    facts: {
      kind: ErrorKind;
      endpoint: Endpoint;
      outcome: Outcome;
      status?: number;
      missing?: string;
      gone?: boolean;
      said?: string;
      /** What Dokploy said without some secrets more: of that in full length, since half a one is not recognised. */
      saidWithout?: (secrets: Iterable<string>) => string;
    },
  ) {
    super(message);
    this.#saidWithout = facts.saidWithout;
    this.kind = facts.kind;
    this.endpoint = facts.endpoint;
    this.outcome = facts.outcome;
    for (const key of ["status", "missing", "gone", "said"] as const) {
      if (facts[key] !== undefined) {
        Object.defineProperty(this, key, { value: facts[key], enumerable: true, configurable: true });
      }
    }
  }

  /** The same error without some secrets in what Dokploy said. */
  hiding(secrets: Iterable<string>): this {
    const { said } = this;
    this.#hidden = [...this.#hidden, ...secrets];
    const less = this.#saidWithout?.(this.#hidden);
    if (said === undefined || less === undefined) return this;
    this.message = this.message.replaceAll(said, () => less);
    return Object.defineProperty(this, "said", { value: less });
  }
}

/**
 * Takes secrets out of the reason that Dokploy gave for refusing a call: it may quote what it refused.
 *
 * @returns the same error
 */
export function hideIn<E>(error: E, secrets: Iterable<string>): E {
  return error instanceof DokployError ? error.hiding(secrets) : error;
}

/**
 * Whether the object that the call was about does not exist: Dokploy answered 404, or 400 `… not found`, about that
 * object. Never for 401 or 403: Dokploy gives 401 for a missing service when the key belongs to a member, and for
 * every object when the key has expired. Never for an object that the input only refers to.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof DokployError && error.kind === "not-found" && error.gone === true;
}

/** What a call answers; undefined where the object that it asks for is not there. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
