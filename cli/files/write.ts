import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isThere } from "../../sdk/files";
import { replaceFiles } from "./replace";

/** Writes a file that may exist, in one step, with the folders that it needs. */
export function writeText(path: string, text: string): void {
  if (isThere(path)) replaceFiles(new Map([[path, text]]));
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  }
}
