import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { someOf, visible } from "../../../packages/text";
import { UsageError } from "../../terminal";

/**
 * Checks that no file would be overwritten.
 *
 * @param advice sentence for the error
 * @throws UsageError with the names of files that exist
 */
export function refuseExisting(directory: string, paths: Iterable<string>, advice: string): void {
  const existing = [...paths].filter((path) => isThere(join(directory, path)));
  if (existing.length === 0) return;
  throw new UsageError(`${visible(directory)} already has ${someOf(existing)}. ${advice}`);
}

/** Writes files by their paths below a folder. */
export function writeFiles(directory: string, files: ReadonlyMap<string, string | Buffer>): void {
  for (const [path, text] of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** True when something has the path, including a broken link. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
