import { basename, extname } from "node:path";
import { visible } from "../../packages/text";
import { checkEnv, type EnvDialect, isEnvKey, shownKey } from "../../provider/env";
import {
  FileError,
  type FileProblem,
  fileError,
  locationOf,
  type ReadOptions,
  readSource,
  type Source,
} from "../files";
import { readDotenv } from "./dotenv-file";
import type { EntryValue, FileVariable } from "./entry";
import { givenTwice } from "./rotation";
import { readYaml } from "./yaml-file";

/** Returns the format of a file by its name; undefined for any other name. */
export function formatOf(path: string): "yaml" | "dotenv" | undefined {
  const extension = extname(path).toLowerCase();
  if (extension === ".yaml" || extension === ".yml") return "yaml";
  return extension === ".env" || basename(path).startsWith(".env") ? "dotenv" : undefined;
}

/** Reads the variables of one file in their order, each key once, and throws a FileError with all problems. */
export function readEnvFile(path: string, options: ReadOptions = {}): FileVariable[] {
  assertFormat(path);
  return readEnvText(readSource(path, options));
}

/** Reads a text like the file of its path, whose name gives the format. */
export function readEnvText(source: Source): FileVariable[] {
  const format = assertFormat(source.path);
  const reading = format === "yaml" ? readYaml(source) : readDotenv(source);
  const findings: FileProblem[] = [...reading.findings];
  const byKey = new Map<string, FileVariable>();
  for (const entry of reading.entries) {
    const { key, offset } = entry;
    const first = byKey.get(key);
    const clash = givenTwice(first, { ...entry, source });
    if (clash !== undefined) findings.push(clash);
    else if (!isEnvKey(key)) {
      const reason = "is not a name of a variable; use letters, digits, _, . and -";
      findings.push({ offset, reason: `${shownKey(key)}: ${reason}` });
    } else if (first !== undefined) {
      const { line } = locationOf(source.text, first.offset);
      findings.push({
        offset,
        reason: `${shownKey(key)}: appears twice, first on line ${line}; remove one`,
      });
    } else {
      byKey.set(key, { ...entry, source });
      for (const reason of problemsOf(key, entry.value))
        findings.push({ offset, reason: `${key}: ${reason}` });
    }
  }
  if (findings.length > 0) throw fileError(source, findings);
  return [...byKey.values()];
}

function assertFormat(path: string): "yaml" | "dotenv" {
  const format = formatOf(path);
  if (format !== undefined) return format;
  throw new FileError(
    `${visible(path)}: is neither YAML nor dotenv by its name; call it .yaml, .yml or .env`,
  );
}

/** The strictest target of each kind, because a file does not say which target its variables are for. */
const targets: readonly EnvDialect[] = ["application", "shared"];

/** Lists the problems of a variable that every target would refuse. The others are found where the target is known. */
export function problemsOf(key: string, value: EntryValue): string[] {
  // Pulumi converts the map to a text for its own messages, and would call this as a function.
  const named = key === "toString" ? ["is a name that Pulumi cannot handle; choose another"] : [];
  if (value.kind !== "text" || isCarried(value.text)) return named;
  const [first = [], ...others] = targets.map((target) =>
    checkEnv({ [key]: value.text }, target, { foreignKeys: "unknown" })
      .filter((problem) => problem.key === key && !problem.reference)
      .map(({ reason }) => reason),
  );
  return others.every((reasons) => reasons.length > 0) ? [...named, ...first] : named;
}

/** True for a text of a common form that nothing refuses, which needs no further check. */
function isCarried(text: string): boolean {
  return text.length < 10_000 && /^[\w +,./:;<=>?@()[\]%&*|~^!-]*$/.test(text);
}
