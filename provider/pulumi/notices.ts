import { createHash } from "node:crypto";

/**
 * Codes of warnings and information, for programs that read Pulumi's diagnostics: texts may change, codes never do.
 * `docs/operations/notices.md` explains each. A diagnostic has only a text, so the code follows it:
 * `Application "web" (…) is adopted: nothing to change. [dokploy/unchanged R4cNh0_q qq~R4~cN~h0~_q]`.
 *
 * In every text, Pulumi replaces the secrets of a stack that have three characters or more, even the word `change`. So the last
 * word repeats the code, as two characters, and its data, with a sign after each two: no word or password is part of that.
 */
export const codes = [
  "address",
  "adopts",
  "advice",
  "compose",
  "data",
  "deprecated",
  "drift",
  "duplicate",
  "expired",
  "fingerprint",
  "hidden",
  "host-port",
  "interruption",
  "keeps-running",
  "lost",
  "new-database",
  "no-variables",
  "not-deployed",
  "overwrites",
  "plain-secret",
  "reference",
  "referrers",
  "release",
  "renamed",
  "rotation",
  "server",
  "slow-save",
  "stays",
  "unchanged",
  "unchecked",
  "unfinished",
  "unknown-setting",
  "unlisted",
  "unused",
  "variable",
] as const;

export type Code = (typeof codes)[number];

/**
 * Reports something that a person should know.
 *
 * @param about data for programs, without spaces: for `server` the address, for `unchanged` the resource's identity
 */
export type Report = (message: string, code: Code, about?: string) => void;

/** Returns the text of a diagnostic. */
export function diagnosticOf(message: string, code: Code, about?: string): string {
  const words = [`[dokploy/${code}`, ...(about === undefined ? [] : [about]), unmaskable(code, about)];
  return `${message} ${words.join(" ")}]`;
}

/** Separates the text of a diagnostic from its code; other packages' diagnostics have none. */
export function readDiagnostic(diagnostic: string): { message: string; code?: Code; about?: string } {
  return readUnmaskable(diagnostic) ?? readPlain(diagnostic) ?? { message: diagnostic };
}

function unmaskable(code: Code, about: string | undefined): string {
  if (about === undefined) return shortOf(code);
  // An address may be a secret of the stack itself, so it is not repeated.
  const data = code === "server" ? "" : about;
  return `${shortOf(code)}~${data.replace(/..(?!$)/g, "$&~")}`;
}

/** Returns two characters that represent the code. A test finds two codes with the same ones. */
export function shortOf(code: Code): string {
  return createHash("sha256").update(code).digest("base64url").slice(0, 2);
}

function readUnmaskable(diagnostic: string): ReturnType<typeof readDiagnostic> | undefined {
  const words = diagnostic.split(" ");
  const [, short, data] = /^(..)(?:~((?:..~)*.{0,2}))?\]$/.exec(words.pop() ?? "") ?? [];
  const code = codes.find((known) => shortOf(known) === short);
  if (code === undefined) return undefined;
  const plain = data === undefined ? undefined : words.pop();
  if (!words.pop()?.startsWith("[")) return undefined;
  const message = words.join(" ");
  if (plain === undefined || data === undefined) return { message, code };
  return { message, code, about: code === "server" ? plain : data.replace(/(..)~/g, "$1") };
}

/** Reads the diagnostic of a version that did not repeat the code. */
function readPlain(diagnostic: string): ReturnType<typeof readDiagnostic> | undefined {
  const start = diagnostic.lastIndexOf(" [dokploy/");
  const [, name, about] = /^ \[dokploy\/([a-z-]+)(?: (\S+))?\]$/.exec(diagnostic.slice(start)) ?? [];
  const code = start < 0 ? undefined : codes.find((known) => known === name);
  if (code === undefined) return undefined;
  return { message: diagnostic.slice(0, start), code, ...(about === undefined ? {} : { about }) };
}
