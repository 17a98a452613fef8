import * as pulumi from "@pulumi/pulumi";
import { someOf } from "../../packages/text";
import { looksSecret } from "../../provider/env";
import { FileError, Findings, inserted, placeName, type ReadOptions } from "../files";
import { type Finding, failAtEnd, inform, noteFinding, notePlain, plainSecret, warn } from "../run";
import type * as ContractCheck from "./contract-check";
import type { Contracts } from "./contract-check";
import type { FileVariable } from "./entry";
import type * as Layers from "./layers";
import type { EnvPath, FileVariables } from "./layers";
import type * as ManagedValues from "./managed-values";
import type { Early, ManagedEntry } from "./managed-values";
import type * as OutsideValue from "./outside-value";
import type * as Rotation from "./rotation";
import { checkNames, type KeyFilter, keyFilter, nameInFile } from "./select";
import type * as ServiceReferences from "./service-references";
import type { KnownServices } from "./service-references";
import type { Resolved } from "./values";

export type { EnvPath } from "./layers";

/** Values of variables by their names; a secret value is an output that Pulumi keeps secret. */
export type EnvVars = Record<string, pulumi.Input<string>>;

/** Options for reading variables. All names are those in the files. */
export interface LoadEnvOptions extends KeyFilter, ReadOptions {
  /** Variables that are secret in addition to those that look so. Takes precedence over `!plain`. */
  readonly secret?: readonly string[] | undefined;
  /** Variables that are not secret although they look so; like `!plain` in YAML. */
  readonly plain?: readonly string[] | undefined;
  /**
   * Configuration in which `!secret NAME` is looked up when the name has no namespace. Default: that of the project.
   */
  readonly config?: pulumi.Config | undefined;
}

/**
 * Reads variables from files: YAML mappings (`.yaml`, `.yml`) and dotenv files (`.env`, or a name that starts with
 * `.env`). With several files, a later one overrides an earlier one, key by key. A directory means all of its
 * files of these kinds. Hidden files, `*.md` and `*.txt` are left out, and no two of the other files may set the
 * same variable.
 *
 * YAML scalars are text as written: `on`, `1.10`, `007`, `~` and dates stay as they are. Quoted and block scalars are
 * parsed as usual, and a missing value is an empty string. Anything that would be silently lost or changed is an error: a
 * duplicate key, a nested value, a line that dotenv ignores, text after a `#` without a space.
 *
 * A tag in YAML gives the source of a value:
 *
 * | written | value |
 * |---|---|
 * | `KEY: !secret` | setting `KEY` of the stack's secret configuration |
 * | `KEY: !secret name`, `!secret space:name` | setting `name` of the project or of the namespace `space` |
 * | `KEY: !env`, `!env NAME` | `KEY` or `NAME` of the process environment, kept secret; empty counts as missing |
 * | `KEY: !ref project.NAME` | `${{project.NAME}}`; also `environment.NAME`, `NAME`, `vault.PROVIDER.REFERENCE` |
 * | `KEY: !ref SERVICE:PORT` | address of a service, in files of a deployment repository |
 * | `KEY: !generate`, `!generate { format: base64 }` | a random secret that the resource with the variables makes once, and keeps |
 * | `KEY: !text { text: …, values: { … } }` | a text with secrets in its places `${NAME}` |
 * | `KEY: !op reference`, `!vault`, `!doppler`, `!infisical`, `!sops` | value of a secrets manager, which its own command-line tool reads |
 * | `KEY: !plain value` | the value, not treated as a secret even though it looks like one |
 *
 * `KEY: { rotate: { current: !secret a, next: !secret b } }` gives `KEY` and `KEY_NEXT`: the first step of a rotation. In
 * the second step, `KEY: { rotate: { previous: !secret a, current: !secret b } }` gives `KEY` and `KEY_PREVIOUS`.
 *
 * A `schema.yaml` next to the folders of stages is a contract, which variables in `<stage>/<service>.yaml` must meet.
 *
 * Plain text that looks like a secret is kept secret. The last words of its key decide (`PASSWORD`, `TOKEN`,
 * `API_KEY` …, not `TOKEN_TTL`), or its form (private keys, addresses with a password, tokens of known kinds).
 *
 * @param paths a file, a directory, or a list of them, relative to the working directory, which in a Pulumi program is
 * the folder of its `main`; an entry `{ path, optional: true }` may be missing
 * @throws FileError with a line `path:line:col: …` for each problem in all files; for a missing secret it gives the
 * command that sets it. A preview continues after missing secrets and fails at its end, so that it names those of all
 * calls. Values of secrets managers are read while the program continues, so their problems show later: an update fails
 * where they are needed
 *
 * @example
 * const env = loadEnv(`envs/${pulumi.getStack()}/api.yaml`);
 *
 * @example Variables of all stages, overridden by those of one stage
 * const env = loadEnv(["envs/base/api.yaml", { path: `envs/${pulumi.getStack()}/api.yaml`, optional: true }]);
 *
 * @example Some variables of a file
 * const env = loadEnv("envs/shared.env", { include: ["SMTP_*"], exclude: ["SMTP_DEBUG"] });
 */
export function loadEnv(paths: EnvPath | readonly EnvPath[], options: LoadEnvOptions = {}): EnvVars {
  const env = loadEnvOr(failLater, paths, options);
  if (Object.keys(env).length === 0) warnOfNothing(listOf(paths));
  return env;
}

function warnOfNothing(paths: readonly EnvPath[]): void {
  warn(
    `${namesOf(paths)}: no variables found, so a resource that gets them as its env loses all its variables. ` +
      `To keep them, leave env out.`,
    "no-variables",
  );
}

function loadEnvOr(fail: Fail, paths: EnvPath | readonly EnvPath[], options: LoadEnvOptions): EnvVars {
  const list = listOf(paths);
  const { readLayers, filesOf } = layers();
  const variables = readLayers(list, options);
  checkOptions(options, [variables], list);
  const group = { name: "", variables, files: filesOf(list, options) };
  return resolve([group], options, fail, contractsOf(options))[""] ?? {};
}

/** Variables of a service in a repository, or those that its services share. */
export interface ServiceVariables extends KnownServices {
  /** Files that exist. */
  readonly variables: readonly string[];
  /** File of the stage, which may be missing. */
  readonly stageFile: string;
}

/** Values of variables, and those of them that are addresses of services, without a value yet. */
export interface ServiceEnv {
  /** Undefined when no file exists. */
  readonly env: EnvVars | undefined;
  readonly addresses: readonly FileVariable[];
  /** Problems of its values, with which the caller fails once it has found those of the addresses too. */
  readonly failure: FileError | undefined;
}

/** Reads variables like {@link loadEnv}, for a caller that collects the errors of several files and then fails. */
export function loadServiceEnv(
  { variables: paths, stageFile, ...known }: ServiceVariables,
  options: ReadOptions & Pick<KeyFilter, "exclude">,
  contracts: Contracts,
): ServiceEnv {
  const read = paths.length === 0 ? new Map<string, FileVariable>() : layers().readLayers(paths, options);
  const { withServices } = serviceReferences();
  const { variables, findings } = withServices(read, known);
  // The contract asks for what the last stage needs.
  const files = [...paths.filter((path) => path !== stageFile), stageFile];
  const { given, isShared } = known;
  const group = { name: "", variables, files, given, isShared, findings };
  let failure: FileError | undefined;
  const keep = (error: FileError): undefined => {
    failure = error;
  };
  const { "": env = {} } = resolve([group], options, keep, contracts);
  const takes = keyFilter(options);
  const isWrong = (entry: FileVariable) =>
    findings.some(({ source, offset }) => source === entry.source && offset === entry.offset);
  const addresses = [...variables.values()].filter(
    (entry) => entry.value.kind === "address" && takes(nameInFile(entry)) && !isWrong(entry),
  );
  return { env: paths.length === 0 ? undefined : env, addresses, failure };
}

/**
 * Reads the variables of each file in a directory, by the file's name without its extension. With several directories,
 * a later one overrides an earlier one, file by file and key by key. Files, tags and secrets are as in {@link loadEnv}.
 *
 * @param directories a directory, or a list of them; an entry `{ path, optional: true }` may be missing
 * @throws FileError as {@link loadEnv} does, and when a directory has two files of one name, such as `api.yaml` and
 * `api.env`
 *
 * @example
 * const { api, cache } = loadEnvs(["envs/base", `envs/${pulumi.getStack()}`]);
 */
export function loadEnvs(
  directories: EnvPath | readonly EnvPath[],
  options: LoadEnvOptions = {},
): Record<string, EnvVars> {
  const list = listOf(directories);
  const { readLayersByName, filesNamed } = layers();
  const byName = readLayersByName(list, options);
  checkOptions(options, byName.values(), list);
  const contracts = contractsOf(options);
  const groups = [...new Set([...byName.keys(), ...contracts.servicesBeside(list)])].map((name) => ({
    name,
    variables: byName.get(name) ?? new Map<string, FileVariable>(),
    files: filesNamed(name, list, options),
  }));
  const env = resolve(groups, options, failLater, contracts);
  return Object.fromEntries([...byName.keys()].map((name) => [name, env[name] ?? {}]));
}

function contractsOf(options: ReadOptions): Contracts {
  const { Contracts } = require("./contract-check") as typeof ContractCheck;
  return new Contracts(options);
}

/** Loads the code that reads files, with the first file, so that a program without files starts faster. */
function layers(): typeof Layers {
  return require("./layers") as typeof Layers;
}

/** Loads the code for addresses of services, with the first of them. */
function serviceReferences(): typeof ServiceReferences {
  return require("./service-references") as typeof ServiceReferences;
}

function listOf(paths: EnvPath | readonly EnvPath[]): readonly EnvPath[] {
  return Array.isArray(paths) ? paths : [paths as EnvPath];
}

function namesOf(paths: readonly EnvPath[]): string {
  return someOf(paths.map((entry) => (typeof entry === "object" ? entry.path : entry)));
}

function checkOptions(
  options: LoadEnvOptions,
  all: Iterable<FileVariables>,
  paths: readonly EnvPath[],
): void {
  const { include, exclude, secret, plain } = options;
  const keys = new Set([...all].flatMap((variables) => [...variables.values()].map(nameInFile)));
  const files = namesOf(paths);
  checkNames({ include, exclude, secret, plain }, keys, files);
  const both = plain?.find((key) => secret?.includes(key));
  if (both !== undefined) {
    throw new FileError(`${files}: the options secret and plain both name ${both}; remove it from one`);
  }
}

/** Handler of missing values: it returns a placeholder for them, or undefined where the caller fails with the error. */
type Fail = (error: FileError) => pulumi.Input<string> | undefined;

const failLater: Fail = (error) => {
  failAtEnd(error);
  return pulumi.output(pulumi.unknown as unknown as string);
};

/** Variables that belong together. */
interface Group {
  readonly name: string;
  readonly variables: FileVariables;
  /** Files that they are in or could be in, those of the stage last. */
  readonly files: readonly string[];
  readonly given?: readonly string[];
  /** True for variables that services share. */
  readonly isShared?: boolean | undefined;
  /** Problems of its addresses of services; undefined outside a repository, where nobody knows any. */
  readonly findings?: ReturnType<(typeof ServiceReferences)["withServices"]>["findings"];
}

/** Returns the values of each group; none if the caller fails with the missing values and breaches of contracts. */
function resolve(
  groups: readonly Group[],
  options: LoadEnvOptions,
  fail: Fail,
  contracts: Contracts,
): Record<string, EnvVars> {
  const takes = keyFilter(options);
  const findings = new Findings();
  const values = new Map<FileVariable, pulumi.Input<string>>();
  const parts = new Map<FileVariable, Parts>();
  const early: Early[] = [];
  const resolved = groups.map((group) => {
    const texts = new Map<FileVariable, string | undefined>();
    const textOf = (entry: FileVariable) => textIn(entry, parts.get(entry), texts);
    const managed: ManagedEntry[] = [];
    const entries = [...group.variables.values()].filter((entry) => takes(nameInFile(entry)));
    const rotating = new Set(entries.flatMap(({ rotation }) => rotation?.of ?? []));
    for (const { source, ...finding } of group.findings ?? []) findings.add(source, finding);
    for (const entry of entries) parts.set(entry, partsOf(entry));
    for (const entry of entries.flatMap((entry) => [...(parts.get(entry)?.values() ?? [])])) {
      const { key, source, offset } = entry;
      const isKnown = entry.value.kind === "address" && group.findings !== undefined;
      const value: ReturnType<typeof resolveEntry> = isKnown
        ? { value: "", text: undefined }
        : resolveEntry(entry, options, rotating.has(nameInFile(entry)));
      if (value === "managed") managed.push(entry as ManagedEntry);
      else if ("missing" in value) findings.add(source, { offset, reason: `${key}: ${value.missing}` });
      else {
        texts.set(entry, value.text);
        values.set(entry, value.value);
      }
    }
    const found = contracts.check({ ...group, textOf });
    if (managed.length > 0) early.push({ managed, group, found });
    for (const entry of entries.filter(({ isCut }) => isCut))
      noteFinding({ check: "cut-value", ...placeOf(entry) });
    for (const { source, isWarning, ...finding } of found) {
      if (isWarning) warn(`${placeName(source, finding.offset)}: ${finding.reason}`, "deprecated");
      else findings.add(source, finding);
    }
    const { rotationNotices } = require("./rotation") as typeof Rotation;
    for (const { text, code, isWarning } of rotationNotices(entries, textOf, group.isShared))
      (isWarning ? warn : inform)(text, code);
    return { name: group.name, entries };
  });
  const error = findings.error();
  const none = error === undefined ? "" : fail(error);
  if (none === undefined) return {};
  if (early.length > 0) {
    const { managedOutputs } = require("./managed-values") as typeof ManagedValues;
    for (const [entry, output] of managedOutputs(early, options, contracts)) values.set(entry, output);
  }
  const valueIn = (entry: FileVariable) => {
    if (entry.value.kind !== "filled") return values.get(entry) ?? none;
    const given = [...(parts.get(entry) ?? [])].map(([name, part]) => [name, values.get(part) ?? none]);
    return outside().filledValue(entry.value, Object.fromEntries(given), askingOf(entry));
  };
  return Object.fromEntries(
    resolved.map(({ name, entries }) => [
      name,
      Object.fromEntries(entries.map((entry) => [entry.key, valueIn(entry)])),
    ]),
  );
}

/** Returns the value of a variable, or `managed` for one that its manager gives later. */
function resolveEntry(
  entry: FileVariable,
  options: LoadEnvOptions,
  isRotating: boolean,
): Resolved | "managed" {
  const { key, value } = entry;
  const name = nameInFile(entry);
  const isPlain = options.plain?.includes(name) ?? false;
  switch (value.kind) {
    case "text": {
      const { text } = value;
      const looks = looksSecret(key, text);
      const isSaidPlain = value.plain || isPlain;
      if ((isSaidPlain || !looks) && !options.secret?.includes(name)) {
        if (looks) notePlain(key, text);
        return { value: text, text };
      }
      noteFinding({ check: "plain-secret", ...placeOf(entry) });
      return { value: plainSecret(text, entry.source.path), text };
    }
    case "address":
      return { missing: serviceReferences().noService(value.reference) };
    case "managed":
      return isPlain ? contradiction(`!${value.manager}`) : "managed";
    default:
      return isPlain
        ? contradiction(tagOfKind[value.kind])
        : outside().outsideValue(value, { ...askingOf(entry), isRotating, config: options.config });
  }
}

const tagOfKind = {
  secret: "!secret",
  environment: "!env",
  generated: "!generate",
  filled: "!text",
} as const;

function askingOf(entry: FileVariable): OutsideValue.Asking {
  const { source, offset, rotation } = entry;
  return {
    name: nameInFile(entry),
    place: placeName(source, offset),
    isAside: rotation !== undefined,
  };
}

/** Variables that a variable is made of: those in the places of a text, or it alone. */
type Parts = ReadonlyMap<string, FileVariable>;

function partsOf(entry: FileVariable): Parts {
  const { value } = entry;
  if (value.kind !== "filled") return new Map([["", entry]]);
  return new Map(Object.entries(value.values).map(([name, inner]) => [name, { ...entry, value: inner }]));
}

/** Returns the text of a variable; undefined where that of a part is not known. */
function textIn(
  entry: FileVariable,
  parts: Parts = new Map(),
  known: ReadonlyMap<FileVariable, string | undefined>,
): string | undefined {
  const texts = [...parts].map(([name, part]) => [name, known.get(part)] as const);
  if (entry.value.kind !== "filled") return texts[0]?.[1];
  if (texts.some(([, text]) => text === undefined)) return undefined;
  return inserted(entry.value.text, Object.fromEntries(texts) as Record<string, string>);
}

/** Loads the code for values from outside the files, with the first of them. */
function outside(): typeof OutsideValue {
  return require("./outside-value") as typeof OutsideValue;
}

/** Returns the place of a variable for checks. */
function placeOf({ key, source, offset }: FileVariable): Omit<Finding, "check"> {
  return { name: key, place: `${placeName(source, offset)} ${key}`, file: source.path };
}

function contradiction(tag: string): Resolved {
  return { missing: `is ${tag}, and the option plain names it; remove it there` };
}
