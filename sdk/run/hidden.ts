import type * as Common from "../../provider/masking/common";
import type * as Mask from "../../provider/masking/mask";
import { currentRun, outsideOfRuns } from "./current-run";

/**
 * What a program itself has read as a secret in its run: by the tags of a file, from the stack's secret settings, as an
 * argument of a function. No error and no warning of the program shows it, nor what Dokploy says to a function.
 */
const secrets = new WeakMap<object, Set<string>>();

/** Takes down a secret. Outputs keep theirs to themselves, so this is told where the value is at hand. */
export function noteSecret(value: unknown): void {
  if (typeof value === "string" || typeof value === "number") {
    const run = currentRun();
    secrets.set(run, (secrets.get(run) ?? new Set()).add(String(value)));
  } else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) noteSecret(inner);
}

/** All that was taken down, but for words that every text is full of. */
export function notedSecrets(): readonly string[] {
  const noted = new Set([outsideOfRuns, currentRun()].flatMap((run) => [...(secrets.get(run) ?? [])]));
  if (noted.size === 0) return [];
  const { isCommon } = require("../../provider/masking/common") as typeof Common;
  return [...noted].filter((text) => !isCommon(text) || /^\d+$/.test(text));
}

/** A text of the program without them. */
export function withoutSecrets(text: string): string {
  const noted = notedSecrets();
  if (noted.length === 0) return text;
  const { maskValues } = require("../../provider/masking/mask") as typeof Mask;
  return maskValues(text, noted);
}
