import { basename, extname } from "node:path";
import { visible } from "../../packages/text/visible";
import { checkEnv, type EnvDialect } from "../../provider/env/codec";
import { isEnvKey } from "../../provider/env/keys";
import {
  FileError,
  type Finding,
  fileError,
  locationOf,
  type ReadOptions,
  readSource,
} from "../files/source";
import { readDotenv } from "./dotenv-file";
import { type Entry, type EntryValue, shownKey } from "./entry";
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
    throw new FileError(
      `${visible(path)}: is neither YAML nor dotenv by its name; call it .yaml, .yml or .env`,
    );
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
      const { line } = locationOf(source.text, first.offset);
      findings.push({
        offset,
        reason: `${shownKey(key)}: is there twice, first on line ${line}; take one out`,
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

/** The strictest of each kind: a file does not say which of them its variables are for. */
const targets: readonly EnvDialect[] = ["application", "shared"];

/** What every target would refuse; the rest is found where the target is known. */
function problemsOf(key: string, value: EntryValue): string[] {
  // Pulumi turns the map into a text for its own messages, and takes this for the function that does it.
  const named = key === "toString" ? ["is a name that Pulumi cannot carry; choose another"] : [];
  if (value.kind !== "text" || isCarried(value.text)) return named;
  const [first = [], ...others] = targets.map((target) =>
    checkEnv({ [key]: value.text }, target, { foreignKeys: "unknown" })
      .filter((problem) => problem.key === key && !problem.reference)
      .map(({ reason }) => reason),
  );
  return others.every((reasons) => reasons.length > 0) ? [...named, ...first] : named;
}

/** Whether a text is of the common kind that nothing refuses, which need not be looked at any closer. */
function isCarried(text: string): boolean {
  return text.length < 10_000 && /^[\w +,./:;<=>?@()[\]%&*|~^!-]*$/.test(text);
}
