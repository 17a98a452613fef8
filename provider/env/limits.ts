import { type EnvDialect, isCompose, isSwarm } from "./dialects";
import type { EnvProblem } from "./model";

/**
 * Limit for `KEY=value` of an application's container, in bytes. Measured: 131,071 runs; from 131,072 on the
 * deployment says `done` and the container crash-loops ("argument list too long"), Linux' limit for one argument.
 */
export const MAX_APPLICATION_VARIABLE_BYTES = 131_071;

/**
 * Limit for the whole text of a compose service, in bytes. Measured: 95 KB works; from 130 KB on the deployment ends
 * in `error` without a reason in its log. Sizes between the two were not tested, so they are refused.
 */
export const MAX_COMPOSE_TEXT_BYTES = 95_000;

/**
 * Limit for the whole text of a stack, in bytes. One command line of at most 131,072 bytes contains its variables
 * twice, in base64 for `.env` and in quotes for docker; everything else on it takes less than 3,000 bytes.
 */
export const MAX_STACK_TEXT_BYTES = 50_000;

/** Limit for the body of a request; above it Dokploy returns 413 `Body exceeded 1mb limit`. */
export const MAX_REQUEST_BYTES = 1_048_576;

/**
 * Limit for the text that references may insert, for all variables of a text together, in characters. Linux starts
 * no process with more than 2 MB of variables; without a limit, references in a text of 1 MB could insert 100 GB.
 */
export const MAX_INSERTED = 4 * 1024 * 1024;

/** Reason for a text whose references insert more than that. */
export const TAKES_IN_TOO_MUCH =
  "becomes larger than 4 MB through its references, and no process can start with that; refer to large values less often," +
  " or put them in file mounts";

/** Size of the rest of a request: ids, flags, names. */
const REQUEST_OVERHEAD_BYTES = 2_048;

/** Returns the problem of a variable that is too large for a container; `[]` if it is not. */
export function variableSizeProblem(key: string, value: string, target: EnvDialect): EnvProblem[] {
  // No UTF-16 unit takes more than 3 bytes: most values need no counting.
  if (!isSwarm(target) || value.length * 3 + key.length < MAX_APPLICATION_VARIABLE_BYTES) return [];
  const bytes = Buffer.byteLength(value) + key.length + 1;
  if (bytes <= MAX_APPLICATION_VARIABLE_BYTES) return [];
  const reason =
    `has ${bytes} bytes as KEY=value, and no container starts with more than ${MAX_APPLICATION_VARIABLE_BYTES} in ` +
    "one variable; put the content in a file mount";
  return [{ key, reason }];
}

/** Returns problems of a text as a whole; their key is "". */
export function textProblems(text: string, target: EnvDialect): EnvProblem[] {
  const reasons: string[] = [];
  if (text.startsWith("enc:v1:")) {
    reasons.push(
      "starts with enc:v1:, so Dokploy treats it as its own encrypted form and cannot read it back; put another " +
        "line first",
    );
  }
  const bytes = Buffer.byteLength(text);
  const most = isCompose(target)
    ? MAX_COMPOSE_TEXT_BYTES
    : target === "stack"
      ? MAX_STACK_TEXT_BYTES
      : Number.POSITIVE_INFINITY;
  if (bytes > most) {
    const what = target === "stack" ? "a stack: with more" : "a compose service: with 130 KB";
    reasons.push(
      `has ${bytes} bytes, and at most ${most} are known to work for ${what} the deployment fails without a reason ` +
        "in its log; put large values in file mounts",
    );
  }
  // Quotes, backslashes and control characters grow in JSON, at most sixfold.
  if (bytes * 6 + REQUEST_OVERHEAD_BYTES > MAX_REQUEST_BYTES) {
    const request = Buffer.byteLength(JSON.stringify(text)) + REQUEST_OVERHEAD_BYTES;
    if (request > MAX_REQUEST_BYTES) {
      reasons.push(
        `makes a request of ${request} bytes, and Dokploy accepts at most ${MAX_REQUEST_BYTES}; put large values in ` +
          "file mounts",
      );
    }
  }
  return reasons.map((reason) => ({ key: "", reason }));
}
