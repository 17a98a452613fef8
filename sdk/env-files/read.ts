import { basename, extname } from "node:path";
import { isEnvKey } from "../../provider/env/keys";
import { FileError, type Finding, fileError, placeOf, type ReadOptions, readSource } from "../files/source";
import { readDotenv } from "./dotenv-file";
import { type Entry, shownKey } from "./entry";
import { readYaml } from "./yaml-file";

/** How a file is read; undefined when its name says neither. */
export function formatOf(path: string): "yaml" | "dotenv" | undefined {
  const extension = extname(path).toLowerCase();
  if (extension === ".yaml" || extension === ".yml") return "yaml";
  return extension === ".env" || basename(path).startsWith(".env") ? "dotenv" : undefined;
}

/**
 * The variables of one file in their order, each key once.
 *
 * @throws FileError with the place of every problem
 */
export function readEnvFile(path: string, options: ReadOptions = {}): Entry[] {
  const format = formatOf(path);
  if (format === undefined) {
    throw new FileError(`${path}: is neither YAML nor dotenv by its name; call it .yaml, .yml or .env`);
  }
  const source = readSource(path, options);
  const reading = format === "yaml" ? readYaml(source) : readDotenv(source);
  const findings: Finding[] = [...reading.findings];
  const byKey = new Map<string, Entry>();
  for (const entry of reading.entries) {
    const { key, offset } = entry;
    const first = byKey.get(key);
    if (!isEnvKey(key)) {
      const reason = "is no name of a variable; use letters, digits, _, . and -";
      findings.push({ offset, reason: `${shownKey(key)}: ${reason}` });
    } else if (first !== undefined) {
      const { line } = placeOf(source.text, first.offset);
      findings.push({
        offset,
        reason: `${shownKey(key)}: is there twice, first on line ${line}; take one out`,
      });
    } else {
      byKey.set(key, { ...entry, source });
    }
  }
  if (findings.length > 0) throw fileError(source, findings);
  return [...byKey.values()];
}
