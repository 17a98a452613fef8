const MAX_LENGTH = 300;
const MASK = "***";

const COMMAND_FAILED = "Command failed:";

/** A message of a server that is longer than this is not a message. */
const MAX_INPUT_LENGTH = 20_000;

/** Shorter texts are left alone: masking them everywhere would make a message unreadable and hide nothing. */
const MIN_SECRET_LENGTH = 4;

/** Input fields that only say which thing is meant or of which kind it is. Every other text counts as secret. */
const HARMLESS_FIELD = /^(?:name|appName|title|tail|.+Ids?|(?:source|build|compose|trigger)Type)$/;

/**
 * The texts in a request that must not come back in an error: each value of a field that is not an id, a name or a
 * kind; of a text with several lines (environment texts) also each line, and of `KEY=value` the value.
 */
export function secretsOf(input: unknown): string[] {
  const found = new Set<string>();
  collect(input, found);
  return [...found].filter((text) => text.length >= MIN_SECRET_LENGTH);
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    collectText(value, found);
  } else if (Array.isArray(value)) {
    for (const item of value) {
      collect(item, found);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [field, item] of Object.entries(value)) {
      if (!HARMLESS_FIELD.test(field)) {
        collect(item, found);
      }
    }
  }
}

function collectText(text: string, found: Set<string>): void {
  const add = (part: string) => {
    found.add(part);
    found.add(JSON.stringify(part).slice(1, -1));
  };
  add(text);
  for (const line of text.split(/[\r\n]+/)) {
    const trimmed = line.trim();
    add(trimmed);
    const name = /^[^=:]+[=:]/.exec(trimmed)?.[0];
    if (name !== undefined) {
      const assigned = trimmed.slice(name.length).trimStart();
      add(assigned);
      add(assigned.replace(/^(["'`])(.*)\1$/, "$2"));
    }
  }
}

/**
 * Makes a text of the server fit for an error message: one line of at most 300 characters, without the given
 * secrets, logins in URLs, SQL and its parameters (Dokploy puts both into the message of a database error, values in
 * clear), and without the shell command of a `Command failed:` (whose last line says why it failed).
 */
export function redact(text: string, secrets: readonly string[]): string {
  let out = bounded(text);
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    out = out.replaceAll(secret, MASK);
  }
  const line = withoutCommand(withoutQuery(out))
    .replace(/\/\/[^\s/@]+@/g, `//${MASK}@`)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const characters = [...line];
  return characters.length <= MAX_LENGTH ? line : `${characters.slice(0, MAX_LENGTH - 1).join("")}…`;
}

/** The text, or, when it is too long for a message, words that say so. */
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
  const last = output.at(-1);
  return text.slice(0, start) + (last === undefined ? "Command failed" : `${COMMAND_FAILED} ${last}`);
}
