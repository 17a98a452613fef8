/**
 * Makes a deployment log safe to show. A log contains everything that a build prints, including secrets. Dokploy
 * itself prints some: Swarm's refusal of a value shows `KEY=value` in plain text, and a clone may show the login in its
 * URL.
 */

import { counted, shorten } from "../../packages/text";
import { maskSecrets, plainText } from "../env";

const MAX_LINES = 30;
const MAX_LINE_LENGTH = 500;
const MAX_BYTES = 8 * 1024;

/** The limit of a request counts lines; searching many megabytes would take long. */
const MAX_INPUT_LENGTH = 256 * 1024;

/** Number of lines to request, so that about 30 remain without blank lines and drawn boxes. */
export const LINES_TO_READ = 60;

/** Returns at most 30 lines of 500 characters, 8 KB together, without terminal codes, blank lines and secrets. */
export function logTail(log: string, secrets: Iterable<string>): string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const line of logLines(log, secrets).slice(-MAX_LINES).reverse()) {
    const short = shorten(line, MAX_LINE_LENGTH);
    bytes += Buffer.byteLength(short) + 1;
    if (bytes > MAX_BYTES) break;
    kept.unshift(short);
  }
  return kept;
}

/** Formats the lines of {@link logTail} for the message of an error; nothing for an empty log. */
export function printedTail(tail: readonly string[]): string[] {
  if (tail.length === 0) return [];
  return [`End of the log (${counted(tail.length, "line")}):`, ...tail.map((line) => `    ${line}`)];
}

/** Returns the lines of a log at full length, without terminal codes, blank lines, drawn boxes and secrets. */
export function logLines(log: string, secrets: Iterable<string>): string[] {
  return maskSecrets(plainText(endOf(log)), secrets)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^[╔╚║]/.test(line));
}

/** Returns the end of a long log, without the line that would be cut: half a secret would not be recognised. */
function endOf(log: string): string {
  if (log.length <= MAX_INPUT_LENGTH) return log;
  const end = log.slice(-MAX_INPUT_LENGTH);
  const firstBreak = end.indexOf("\n");
  return firstBreak < 0 ? "(one very long line, withheld)" : end.slice(firstBreak + 1);
}
