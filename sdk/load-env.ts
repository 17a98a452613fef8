import { basename, extname } from "node:path";
import { decodeValue, scan } from "../provider/env/dotenv";
import { isEnvKey } from "../provider/env/keys";
import {
  FileError,
  type Finding,
  fileError,
  placeOf,
  type ReadOptions,
  readSource,
  type Source,
} from "./files/source";
import { parseYaml, type Yaml, yamlLibrary } from "./files/yaml";

/** Names of variables to their values. */
export type EnvVars = Record<string, string>;

/** A file's variables, each with the offset of its key, and what is wrong with the rest. */
interface Reading {
  readonly entries: { readonly key: string; readonly value: string; readonly offset: number }[];
  readonly findings: Finding[];
}

/**
 * Reads variables from a file: a YAML mapping (`.yaml`, `.yml`) or a dotenv file (`.env`, or a name that starts
 * with `.env`).
 *
 * Scalars of YAML are text as written: `on`, `1.10`, `007`, `~` and dates stay what they are, quoted and block
 * scalars have their value, and nothing is the empty text. What would be lost or changed in silence is an error:
 * a key that is there twice, a nested value, a line that dotenv ignores, text behind a `#` without a blank.
 *
 * @param path relative to the working directory, in a Pulumi program the folder of its `main`
 * @throws FileError with the place of every problem
 *
 * @example
 * const env = loadEnv(`envs/${pulumi.getStack()}/api.yaml`);
 */
export function loadEnv(path: string, options: ReadOptions = {}): EnvVars {
  const source = readSource(path, options);
  const { text } = source;
  const { entries, findings } = isYaml(path) ? readYaml(source) : readDotenv(text);

  const env: EnvVars = {};
  const first = new Map<string, number>();
  for (const { key, value, offset } of entries) {
    const before = first.get(key);
    if (!isEnvKey(key)) {
      findings.push({
        offset,
        reason: `${shown(key)}: is no name of a variable; use letters, digits, _, . and -`,
      });
    } else if (before !== undefined) {
      const { line } = placeOf(text, before);
      findings.push({ offset, reason: `${key}: is there twice, first on line ${line}; take one out` });
    } else {
      env[key] = value;
      first.set(key, offset);
    }
  }
  if (findings.length > 0) throw fileError(source, findings);
  return env;
}

function isYaml(path: string): boolean {
  const extension = extname(path).toLowerCase();
  if (extension === ".yaml" || extension === ".yml") return true;
  if (extension === ".env" || basename(path).startsWith(".env")) return false;
  throw new FileError(`${path}: is neither YAML nor dotenv by its name; call it .yaml, .yml or .env`);
}

/** A key on one line; one that is a whole paragraph is probably a value that lost its key. */
function shown(key: string): string {
  return key.length > 60 ? "a key" : JSON.stringify(key);
}

function readYaml(source: Source): Reading {
  const yaml = yamlLibrary();
  // The failsafe schema knows text only.
  const parsed = parseYaml(source, "failsafe");
  if (parsed === undefined) return { entries: [], findings: [] };
  const { document, contents } = parsed;
  if (!yaml.isMap(contents)) return wrong(contents.range[0], "is not a mapping; write lines of KEY: value");

  const reading: Reading = { entries: [], findings: [] };
  if (contents.tag !== undefined) {
    reading.findings.push({ offset: contents.range[0], reason: `${unknownTag}; take it out` });
  }
  for (const { key, value } of contents.items) {
    const offset = key.range[0];
    if (!yaml.isScalar(key) || key.tag !== undefined) {
      reading.findings.push({ offset, reason: "a key must be plain text; write KEY: value" });
      continue;
    }
    const name = String(key.value);
    if (name === "<<") {
      reading.findings.push({ offset, reason: "<<: merge keys are not supported; write the variables out" });
      continue;
    }
    let node: Yaml.Node | null | undefined = value;
    if (yaml.isAlias(value)) node = value.resolve(document);
    const at = value?.range[0] ?? offset;
    if (node === undefined) {
      reading.findings.push({
        offset: at,
        reason: `${shown(name)}: refers to an anchor that is not there; write the value`,
      });
    } else if (node !== null && !yaml.isScalar(node)) {
      const reason = `${shown(name)}: has a nested value, and a variable is text; put it in quotes, for example as JSON`;
      reading.findings.push({ offset: at, reason });
    } else if (node?.tag !== undefined) {
      reading.findings.push({
        offset: at,
        reason: `${shown(name)}: ${unknownTag}; take it out or quote the value`,
      });
    } else {
      reading.entries.push({ key: name, value: node === null ? "" : String(node.value), offset });
    }
  }
  return reading;
}

const unknownTag = "has a YAML tag (!…), and values are text without one";

function wrong(offset: number, reason: string): Reading {
  return { entries: [], findings: [{ offset, reason }] };
}

function readDotenv(text: string): Reading {
  const reading: Reading = { entries: [], findings: [] };
  let from = 0;
  for (const assignment of scan(text)) {
    const { key, start, valueStart, valueEnd, end, quote } = assignment;
    reading.findings.push(...ignoredLines(text, from, start));
    from = end;
    const reason = lossOf(
      text.slice(start, valueStart),
      text.slice(valueStart, valueEnd),
      text[valueEnd],
      quote,
    );
    if (reason === undefined)
      reading.entries.push({ key, value: decodeValue(text, assignment), offset: start });
    else reading.findings.push({ offset: start, reason: `${key}: ${reason}` });
  }
  reading.findings.push(...ignoredLines(text, from, text.length));
  return reading;
}

/** How dotenv reads something else than is written. */
function lossOf(
  before: string,
  written: string,
  behind: string | undefined,
  quote: string | undefined,
): string | undefined {
  if (/[\r\n]/.test(before)) return "its key and value are on different lines; write KEY=value on one";
  if (quote !== undefined) return undefined;
  if (/^['"`]/.test(written))
    return "its quote is not closed, or text follows it; close it, or use another kind of quote";
  if (written !== "" && behind === "#") {
    return "is cut at the #; put the value in quotes, or a blank before a comment";
  }
  return undefined;
}

function ignoredLines(text: string, from: number, to: number): Finding[] {
  const findings: Finding[] = [];
  for (const line of text.slice(from, to).matchAll(/[^\r\n]+/g)) {
    const begin = line[0].search(/\S/);
    if (begin === -1 || line[0][begin] === "#") continue;
    const reason =
      "dotenv ignores this line; write KEY=value with letters, digits, _, . and - in the key, or a # first";
    findings.push({ offset: from + line.index + begin, reason });
  }
  return findings;
}
