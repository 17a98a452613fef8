import { readFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";
import type * as Yaml from "yaml";
import { decodeValue, scan } from "../provider/env/dotenv";
import { isEnvKey } from "../provider/env/keys";

/** Names of variables to their values. */
export type EnvVars = Record<string, string>;

/**
 * A file that cannot be taken as it is. The message has a line `path:line:col: KEY: …` per problem and no value. Pulumi
 * prints it without a stack trace.
 */
export class LoadEnvError extends RunError {
  override readonly name = "LoadEnvError";

  constructor(message: string) {
    super(message);
    this.stack = "";
  }
}

/** What is wrong, and at which offset of the text; `undefined` is the file as a whole. */
interface Finding {
  readonly offset: number | undefined;
  readonly reason: string;
}

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
 * @throws LoadEnvError with the place of every problem
 *
 * @example
 * const env = loadEnv(`envs/${pulumi.getStack()}/api.yaml`);
 */
export function loadEnv(path: string): EnvVars {
  const text = textOf(path);
  const { entries, findings } = isYaml(path) ? readYaml(text) : readDotenv(text);

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
  if (findings.length > 0) throw new LoadEnvError(report(path, text, findings));
  return env;
}

function isYaml(path: string): boolean {
  const extension = extname(path).toLowerCase();
  if (extension === ".yaml" || extension === ".yml") return true;
  if (extension === ".env" || basename(path).startsWith(".env")) return false;
  throw new LoadEnvError(`${path}: is neither YAML nor dotenv by its name; call it .yaml, .yml or .env`);
}

function textOf(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new LoadEnvError(
        `${path}: there is no such file (looked for ${resolve(path)}); make it or correct the path`,
      );
    }
    if (code === "EISDIR") throw new LoadEnvError(`${path}: is a directory; name a file in it`);
    throw new LoadEnvError(`${path}: cannot be read (${code ?? "unknown error"}); check its permissions`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LoadEnvError(`${path}: is not UTF-8; save it in that encoding`);
  }
}

function report(path: string, text: string, findings: readonly Finding[]): string {
  return [...findings]
    .sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0))
    .map(({ offset, reason }) => {
      if (offset === undefined) return `${path}: ${reason}`;
      const { line, column } = placeOf(text, offset);
      return `${path}:${line}:${column}: ${reason}`;
    })
    .join("\n");
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n?|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** A key on one line; one that is a whole paragraph is probably a value that lost its key. */
function shown(key: string): string {
  return key.length > 60 ? "a key" : JSON.stringify(key);
}

function readYaml(text: string): Reading {
  // Loaded here, so that programs without YAML files do not pay for it.
  const yaml = require("yaml") as typeof Yaml;
  // The failsafe schema knows text only; duplicates and merge keys are told below, with their place.
  const documents = yaml.parseAllDocuments(text, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const document: Yaml.Document.Parsed | undefined = documents[0];
  if (document === undefined) return { entries: [], findings: [] };
  const error = document.errors[0];
  if (error !== undefined) return wrong(error.pos[0], yamlReason(error.code));
  const second: Yaml.Document.Parsed | undefined = documents[1];
  if (second !== undefined) {
    return wrong(second.range[0], "another document begins here, and a file holds one; take out the ---");
  }
  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && contents.value === "" && !contents.tag)) {
    return { entries: [], findings: [] };
  }
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

/** The parser's own messages quote the file. */
function yamlReason(code: Yaml.ErrorCode): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab indents this line, which YAML forbids; use blanks";
    case "MISSING_CHAR":
      return "something is missing here: the colon behind a key, or the end of a quote or bracket further up";
    case "BAD_SCALAR_START":
      return "a value cannot begin with this character; put it in quotes";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a second colon makes this a mapping in a mapping; put the value in quotes";
    case "BAD_DQ_ESCAPE":
      return "no escape sequence of double quotes; double the backslash or use single quotes";
    case "BAD_INDENT":
      return "the indentation fits nothing above; begin each key at the start of its line";
    case "MULTILINE_IMPLICIT_KEY":
      return "a key must be on one line; is the colon missing in the line above?";
    default:
      return `is not valid YAML (${code.toLowerCase().replaceAll("_", " ")}); if it is part of a value, put that in quotes`;
  }
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
