import * as pulumi from "@pulumi/pulumi";
import { isCommon, maskValues } from "../../provider/env";
import { currentRun, outsideOfRuns, rememberedBy } from "./current-run";
import type * as IgnoredFiles from "./ignored-files";

/**
 * Secrets that a program has read in its run: by the tags of a file, from the stack's secret settings, as an argument
 * of a function. They are hidden in the errors and warnings of the program, and in Dokploy's responses to functions.
 */
const secretsOf = rememberedBy(() => new Set<string>());

/** Remembers a secret. It must be called where the value is known, because outputs hide theirs. */
export function noteSecret(value: unknown): void {
  if (typeof value === "string" || typeof value === "number") {
    secretsOf(currentRun()).add(String(value));
  } else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) noteSecret(inner);
}

/** Variables that a file calls plain, though they look like secrets. */
const plainOf = rememberedBy((_: object) => new Set<string>());

/** Remembers that a variable with this value is not a secret. */
export function notePlain(key: string, text: string): void {
  for (const run of [outsideOfRuns, currentRun()]) plainOf(run).add(JSON.stringify([key, text]));
}

/** True when a file of the run calls this variable plain. */
export function isPlain(key: string, text: string): boolean {
  return [outsideOfRuns, currentRun()].some((run) => plainOf(run).has(JSON.stringify([key, text])));
}

/** Secrets that a file has in plain text, and whether git ignores it. */
const plainSecretsOf = rememberedBy((_: object) => ({
  files: new WeakMap<object, string>(),
  ignored: new Map<string, boolean>(),
}));

/** Makes a secret of a text that a file has in plain text. */
export function plainSecret(text: string, file: string): pulumi.Output<string> {
  noteSecret(text);
  const marked = pulumi.secret(text);
  for (const run of [outsideOfRuns, currentRun()]) plainSecretsOf(run).files.set(marked, file);
  return marked;
}

/** True for a result of {@link plainSecret}, unless git ignores the file, so that no repository has it. */
export function isPlainSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const run = [outsideOfRuns, currentRun()].find((each) => plainSecretsOf(each).files.has(value));
  if (run === undefined) return false;
  const { files, ignored } = plainSecretsOf(run);
  const file = files.get(value) ?? "";
  if (!ignored.has(file)) {
    const { ignoredFiles } = require("./ignored-files") as typeof IgnoredFiles;
    ignored.set(file, ignoredFiles([file]).has(file));
  }
  return !ignored.get(file);
}

/** Returns all remembered secrets except words that occur in every text. */
export function notedSecrets(): readonly string[] {
  const noted = new Set([outsideOfRuns, currentRun()].flatMap((run) => [...secretsOf(run)]));
  if (noted.size === 0) return [];
  return [...noted].filter((text) => !isCommon(text) || /^\d+$/.test(text));
}

/** Returns a text of the program with the secrets hidden. */
export function withoutSecrets(text: string): string {
  const noted = notedSecrets();
  if (noted.length === 0) return text;
  return maskValues(text, noted);
}
