import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of recorded answers of a real Dokploy, from the environment variable DOKPLOY_REFERENCE. */
export const referenceFolder = process.env["DOKPLOY_REFERENCE"];

/** Skips a suite that needs recordings, and says how to have it run. */
export function needsReference(context: Mocha.Context, file: string): string {
  const path = referenceFolder && join(referenceFolder, file);
  if (path && existsSync(path)) return readFileSync(path, "utf8");
  console.log(`      skipped: set DOKPLOY_REFERENCE to a folder that holds ${file}`);
  return context.skip();
}

export function jsonLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}
