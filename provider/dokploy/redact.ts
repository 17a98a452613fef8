import { maskSecrets } from "../env";

const MAX_LENGTH = 300;

const COMMAND_FAILED = "Command failed:";

/** Error line of rclone: `2026/11/26 08:01:23 Failed to ls: AccessDenied: Access Denied`. */
const RCLONE_FAILED = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:Failed to|ERROR|CRITICAL)\b/;

/** A longer text of a server is not a message. */
const MAX_INPUT_LENGTH = 20_000;

/** Input fields that only identify a thing or its kind. Every other text counts as secret. */
const HARMLESS_FIELD = /^(?:name|appName|title|tail|.+Ids?|(?:source|build|compose|trigger)Type)$/;

/** Returns the texts in a request that no error may contain: the values of all fields but ids, names and kinds. */
export function secretsOf(input: unknown): string[] {
  if (typeof input === "string") return [input];
  if (Array.isArray(input)) return input.flatMap(secretsOf);
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input).flatMap(([field, value]) =>
    HARMLESS_FIELD.test(field) ? [] : secretsOf(value),
  );
}

/**
 * Makes a text of the server safe for an error message: one line of at most 300 characters, without these parts:
 * - the given secrets, and logins in URLs
 * - SQL and its parameters, which Dokploy puts into the message of a database error, with values in plain text
 * - the shell command of a `Command failed:`; its last line gives the reason, unless it belongs to the command
 */
export function redact(text: string, secrets: readonly string[]): string {
  const line = maskSecrets(withoutCommand(withoutQuery(bounded(text))), secrets)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const characters = [...line];
  return characters.length <= MAX_LENGTH ? line : `${characters.slice(0, MAX_LENGTH - 1).join("")}…`;
}

/** Returns the text, or a note when it is too long for a message. */
export function bounded(text: string): string {
  return text.length > MAX_INPUT_LENGTH ? "(a very long text, withheld)" : text;
}

function withoutQuery(text: string): string {
  const start = text.search(/Failed query|params:/i);
  return start === -1 ? text : `${text.slice(0, start).trimEnd()} (details of the database error withheld)`;
}

function withoutCommand(text: string): string {
  const start = text.indexOf(COMMAND_FAILED);
  if (start === -1) {
    return text;
  }
  const [, ...output] = text.slice(start).trimEnd().split("\n");
  // An indented line belongs to the command itself, which printed nothing; or to the line of rclone before
  // it.
  const last =
    output.at(-1)?.match(/^(?!\t| {4}).*/)?.[0] ?? output.findLast((line) => RCLONE_FAILED.test(line));
  return text.slice(0, start) + (last === undefined ? "Command failed" : `${COMMAND_FAILED} ${last}`);
}
