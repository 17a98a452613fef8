import { looksSecret } from "../secret-looking";
import { isCommon, isSwitch } from "./common";
import { type Structure, structureOf } from "./structure";

/** Text to hide, because it is a secret or part of one. */
export interface Part {
  readonly text: string;
  /** True when it is hidden only where it stands alone, since it is short and occurs in other words. */
  readonly alone: boolean;
}

/** Shorter texts are not hidden: that would protect nothing and make the text unreadable. */
export const minSecretLength = 4;
/** Shorter parts of a secret are hidden only where they stand alone. */
const minLengthInWords = 6;
/** Enough for JSON in YAML in JSON. */
const maxDepth = 4;

/**
 * Returns all texts that must be hidden so that no part of a secret shows:
 *
 * - the value itself;
 * - for YAML and JSON each value and each comment; for other texts with several lines each line; for `NAME=value`
 *   the value;
 * - the rest of these when `${{…}}` and `${…}` in them are replaced, and the default of `${NAME:-…}`.
 *
 * Some parts of a secret text are common in other texts and are not included: texts of less than 4 characters, words
 * and numbers that every log is full of, and names (the keys of YAML and JSON). The images of a compose file are not
 * included either, because Docker shows them in each message. A value under a name that looks secret is always
 * included.
 */
export function partsOf(secret: string): readonly Part[] {
  const found = new Map<string, boolean>();
  const add = (text: string, alone: boolean) => {
    if (text.length < minSecretLength) return;
    found.set(text, alone && (found.get(text) ?? true));
  };
  for (const text of [secret, secret.trim()]) if (!isSwitch(text)) add(text, /^\d+$/.test(text));

  const inside = (text: string, key: string | undefined, structure: Structure | undefined, depth: number) => {
    const trimmed = text.trim();
    const [name, value] = assignment(trimmed) ?? [];
    // The name before it is not secret, and occurs in other lines too. `abc==` may be base64, however.
    const isValue = value !== undefined && value.length >= minSecretLength;
    const isNamed = key !== undefined && looksSecret(key, trimmed);
    if (isNamed) add(trimmed, /^\d+$/.test(trimmed));
    else if (!isValue && !isCommon(trimmed) && !structure?.names.has(trimmed)) {
      add(trimmed, trimmed.length < minLengthInWords || /^\d+$/.test(trimmed));
    }
    const next = (part: string, name = key) => {
      if (part !== text && part !== "" && depth < maxDepth) inside(part, name, structure, depth + 1);
    };
    if (text.includes("$$")) next(text.replaceAll("$$", "$"));
    for (const piece of piecesOf(text)) next(piece);
    for (const value of valuesIn(trimmed)) add(value, false);
    if (name !== undefined && value !== undefined) next(value, name);
    if (depth < maxDepth) within(text, key, structure, depth + 1);
  };

  const within = (text: string, key: string | undefined, outer: Structure | undefined, depth: number) => {
    const isStructure = /\n|^\s*[{[]/.test(text) && !VARIABLES.test(text);
    const structure = isStructure ? structureOf(text) : undefined;
    if (structure) {
      for (const scalar of structure.scalars) {
        if (scalar.isImage) continue;
        for (const value of scalar.writings) inside(value, scalar.key, structure, depth);
      }
      for (const comment of structure.comments) inside(comment, undefined, structure, depth);
      return;
    }
    const lines = text.split(/[\r\n]+/);
    if (lines.length > 1) for (const line of new Set(lines)) inside(line, key, outer, depth);
    else if (depth === 0)
      for (const piece of piecesOf(text)) if (piece !== text) inside(piece, key, outer, 1);
  };

  const [name, value] = assignment(secret.trim()) ?? [];
  if (name !== undefined && value !== undefined) inside(value, name, undefined, 1);
  for (const part of valuesIn(secret)) add(part, false);
  within(secret, undefined, undefined, 0);
  return [...found].map(([text, alone]) => ({ text, alone }));
}

/** Returns the parts that look secret in a text that is not secret as a whole: a compose file, an address. */
export function secretsWithin(text: string): string[] {
  const structure = structureOf(text);
  if (structure === undefined) return text.split(/[\r\n]+/).flatMap(valuesIn);
  return structure.scalars.flatMap(({ key, writings }) =>
    writings.flatMap((value) => {
      const [name = key, assigned = value] = assignment(value) ?? [];
      return looksSecret(name ?? "", assigned) ? [assigned] : [];
    }),
  );
}

/** Start of a text of variables: where their values end in a colon, YAML would read each line as a name. */
const VARIABLES = /^(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*(?:export\s+)?[\w.-]+=/;

/** `NAME=value` and `name: value`, with or without quotes; not the scheme of an address. */
function assignment(line: string): [name: string, value: string] | undefined {
  const [, name, value] =
    /^(?:export\s+|-\s+)?["']?([\w.-]{1,200})["']?\s*[=:]\s*(?!\/\/)(\S.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) return undefined;
  return [name, value.replace(/^(["'`])(.*)\1$/, "$2")];
}

/** Returns the text around references and variables, and the default of a variable. */
function piecesOf(text: string): string[] {
  if (!text.includes("$")) return [];
  const parts = text.split(/\$\{\{[^}\n]{0,300}\}\}|\$\{([^}\n]{0,300})\}|(?<!\$)\$[A-Za-z_]\w*/);
  return parts.flatMap((part, index) => {
    if (index % 2 === 0) return [part];
    const [, fallback] = /^\s*[A-Za-z_]\w*:?[-+?](.*)$/.exec(part ?? "") ?? [];
    return fallback === undefined ? [] : [fallback];
  });
}

/** Returns the secret parts of a line: the password of a URL, the value after a name that looks secret. */
function valuesIn(line: string): string[] {
  const password = passwordIn(line);
  const bare = namedIn(line)?.replace(/^(["'])(.*)\1$/, "$2");
  return [password, password && decoded(password), bare].filter((part) => part !== undefined);
}

function passwordIn(line: string): string | undefined {
  for (const [login] of line.matchAll(/(?<![^\s@])[^\s@]+@/g)) {
    const [, password] = /:\/\/[^/:]*:([\s\S]+)/.exec(login.slice(0, -1)) ?? [];
    if (password !== undefined) return password;
  }
  return undefined;
}

/** Returns the text after such a name up to the end of the text, if that is on one line. */
function namedIn(text: string): string | undefined {
  const lastLine = 1 + Math.max(...LINE_ENDS.map((end) => text.lastIndexOf(end)));
  for (const { 0: name, index } of text.matchAll(SPEAKING_NAME)) {
    const start = index + name.length;
    if (start >= lastLine && start < text.length) return text.slice(start);
  }
  return undefined;
}

const LINE_ENDS = ["\n", "\r", "\u2028", "\u2029"];
const SPEAKING_NAME = /(?:pass|secret|token|key|credential|auth)\w{0,300}["']?\s*[:=]\s*/gi;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
