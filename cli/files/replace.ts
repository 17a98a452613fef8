import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isThere } from "../../sdk/files";

/** The bytes of a byte order mark, which reading a file removes. */
const mark = "\uFEFF";

/**
 * Replaces the texts of files, or creates them. Each is written to a new file next to it, which then takes its place in
 * one step, so that nobody ever reads half of it; permissions and a byte order mark stay. None is replaced before all are
 * written.
 *
 * @param texts new texts by path
 */
export function replaceFiles(texts: ReadonlyMap<string, string>): void {
  const written: { readonly file: string; readonly next: string }[] = [];
  try {
    for (const [path, text] of texts) {
      const exists = isThere(path);
      // A symbolic link stays one.
      const file = exists ? realpathSync(path) : path;
      // Hidden, since a file of another name in a folder of variables is an error.
      const next = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
      written.push({ file, next });
      writeFileSync(next, withMark(file, text), { flag: "wx", ...(exists ? { mode: 0o600 } : {}) });
      if (exists) chmodSync(next, statSync(file).mode);
    }
    for (const { file, next } of written) renameSync(next, file);
  } finally {
    for (const { next } of written) rmSync(next, { force: true });
  }
}

/** Returns a text for a file, with a byte order mark if the file has one. */
function withMark(file: string, text: string): string {
  return isThere(file) && readFileSync(file, "utf8").startsWith(mark) ? mark + text : text;
}
