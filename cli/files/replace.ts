import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/** The bytes of a byte order mark, which reading a file removes. */
const mark = "\uFEFF";

/**
 * Replaces the texts of existing files. Each is written beside its file and takes its place in one step, so that nobody
 * ever reads half of it; permissions and a byte order mark stay. None is replaced before all are written.
 *
 * @param texts new texts by path
 */
export function replaceFiles(texts: ReadonlyMap<string, string>): void {
  const written: { readonly file: string; readonly beside: string }[] = [];
  try {
    for (const [path, text] of texts) {
      // A symbolic link stays one.
      const file = realpathSync(path);
      const beside = `${file}.${randomBytes(6).toString("hex")}.tmp`;
      const hadMark = readFileSync(file, "utf8").startsWith(mark);
      written.push({ file, beside });
      writeFileSync(beside, (hadMark ? mark : "") + text, { flag: "wx", mode: 0o600 });
      chmodSync(beside, statSync(file).mode);
    }
    for (const { file, beside } of written) renameSync(beside, file);
  } finally {
    for (const { beside } of written) rmSync(beside, { force: true });
  }
}
