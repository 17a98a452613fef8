/**
 * Codes of warnings and information, for programs that read Pulumi's diagnostics: texts may change, codes never do.
 * `docs/notices.md` explains each. A diagnostic has only a text, so the code follows it:
 * `Application "web" (…) is adopted: nothing to change. [dokploy/unchanged R4cNh0_q]`.
 */
export const codes = [
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
  "keeps-running",
  "new-database",
  "no-variables",
  "not-deployed",
  "overwrites",
  "plain-secret",
  "reference",
  "referrers",
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
  return `${message} [dokploy/${code}${about === undefined ? "" : ` ${about}`}]`;
}

/** Separates the text of a diagnostic from its code; other packages' diagnostics have none. */
export function readDiagnostic(diagnostic: string): { message: string; code?: Code; about?: string } {
  const start = diagnostic.lastIndexOf(" [dokploy/");
  const [, name, about] = /^ \[dokploy\/([a-z-]+)(?: (\S+))?\]$/.exec(diagnostic.slice(start)) ?? [];
  const code = start < 0 ? undefined : codes.find((known) => known === name);
  if (code === undefined) return { message: diagnostic };
  return { message: diagnostic.slice(0, start), code, ...(about === undefined ? {} : { about }) };
}
