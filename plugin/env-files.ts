import { isRecord, isUnknown } from "../packages/values";
import { looksSecret, shownKey } from "../provider/env";
import type { Problem } from "../provider/errors";
import {
  Contracts,
  type FileVariable,
  type FoundText,
  filesOf,
  managedValue,
  type Notice,
  noService,
  processValue,
  readLayers,
  rotationNotices,
  sidesOf,
  valuesWithin,
} from "../sdk/env-files";
import { FileError, Findings, inserted, placeName } from "../sdk/files";
import { type Finding, ignoredFiles, inputNames, type Kind } from "../sdk/run";
import { type Path, type Unsealed, type Values, without } from "./values";

/** Inputs that exist only here: Node.js programs call `loadEnv` instead. */
const [files, secretsOfFiles] = ["envFiles", "secrets"] as const;

/** A variable of a file with its value, which is not known yet or missing in some cases. */
interface Read {
  readonly value: unknown;
  readonly isSecret: boolean;
  /** Path of the file, if it has in plain text what looks like a secret. */
  readonly plainIn?: string;
}

/** Inputs with the variables of files. */
interface WithFiles extends Unsealed {
  readonly failures: readonly Problem[];
  /** Messages for the plan. */
  readonly notices: readonly Notice[];
  /** Paths of variables that look like secrets and are in plain text in the files. */
  readonly plain: readonly Path[];
  /** Findings of the checks of a plan in the files. */
  readonly findings: readonly Finding[];
}

/**
 * Returns the inputs with the variables of the files in `envFiles` as part of `env`. A variable of `env` takes
 * precedence. `!secret NAME` in a file takes the value of `NAME` in the input `secrets`.
 *
 * @returns a problem with file, line and column for everything that cannot be read
 */
export async function withEnvFiles(kind: Kind, given: Unsealed): Promise<WithFiles> {
  const { [files]: paths, [secretsOfFiles]: secrets = {}, env } = given.values;
  const hasVariables = (inputNames[kind].variables as readonly string[]).includes("env");
  if (!hasVariables || (paths === undefined && !(secretsOfFiles in given.values))) {
    return { ...given, failures: [], notices: [], plain: [], findings: [] };
  }
  const values = without(given.values, [files, secretsOfFiles]);
  const failed = (property: string, reason: string) => ({
    ...given,
    values,
    failures: [{ property, reason }],
    notices: [],
    plain: [],
    findings: [],
  });
  if (!isListOfTexts(paths)) {
    return failed(files, "must be a list of paths that are known in a preview, relative to the program");
  }
  if (!isRecord(secrets)) return failed(secretsOfFiles, "must be a map of names to values");
  try {
    const { variables, notices, cut } = await read(paths, secrets, isRecord(env) ? Object.keys(env) : []);
    const merged = { ...Object.fromEntries([...variables].map(([key, { value }]) => [key, value])) };
    const ignored = ignoredFiles([...variables.values()].flatMap(({ plainIn = [] }) => plainIn));
    const pathsOf = (is: (read: Read) => boolean) =>
      [...variables].flatMap(([key, read]): Path[] => {
        const isOverridden = isRecord(env) && Object.hasOwn(env, key);
        return is(read) && !isOverridden ? [["env", key]] : [];
      });
    if (env !== undefined && !isRecord(env)) {
      // An unknown map may have any variable.
      return { values, secrets: given.secrets, failures: [], notices, plain: [], findings: cut };
    }
    return {
      values: { ...values, env: { ...merged, ...env } },
      secrets: [...given.secrets, ...pathsOf(({ isSecret }) => isSecret)],
      failures: [],
      notices,
      plain: pathsOf(({ plainIn }) => plainIn !== undefined && !ignored.has(plainIn)),
      findings: cut,
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return failed("", error.message);
  }
}

/** @throws FileError with all problems of all files */
async function read(
  paths: readonly string[],
  secrets: Values,
  given: readonly string[],
): Promise<{ variables: Map<string, Read>; notices: Notice[]; cut: Finding[] }> {
  const findings = new Findings();
  const used = new Set<string>();
  const variables = new Map<string, Read>();
  const all = readLayers(paths, {});
  const entries = new Map(all);
  // A variable of the input env overrides one that rotates, with its other value.
  for (const key of given) for (const side of sidesOf(all, key)) entries.delete(side.key);
  for (const { value } of all.values())
    for (const inner of valuesWithin(value)) if (inner.kind === "secret") used.add(inner.name);
  const values = await Promise.all(
    [...entries.values()].map(async (entry) => ({ entry, found: await resolve(entry, secrets) })),
  );
  for (const { entry, found } of values) {
    const { key, source, offset } = entry;
    if (typeof found !== "string") variables.set(key, found);
    else findings.add(source, { offset, reason: `${key}: ${found}` });
  }
  const textOf = ({ key }: FileVariable) => {
    const value = variables.get(key)?.value;
    return typeof value === "string" && !isUnknown(value) ? value : undefined;
  };
  const found = new Contracts({}).check({ files: filesOf(paths, {}), variables: entries, textOf, given });
  const notices = rotationNotices([...entries.values()], textOf);
  for (const { source, isWarning, ...finding } of found) {
    const text = `${placeName(source, finding.offset)}: ${finding.reason}`;
    if (isWarning) notices.push({ text, code: "deprecated", isWarning });
    else findings.add(source, finding);
  }
  const problems = [findings.error()?.message ?? []].flat();
  const unused = Object.keys(secrets).filter((name) => !used.has(name));
  if (unused.length > 0) {
    problems.push(
      `secrets has ${unused.join(", ")}, and no file has !secret with that name: correct the name, or remove it`,
    );
  }
  if (problems.length > 0) throw new FileError(problems.join("\n"));
  const cut = [...entries.values()].flatMap(({ isCut, key, source, offset }): Finding[] =>
    isCut ? [{ check: "cut-value", name: key, place: `${placeName(source, offset)} ${shownKey(key)}` }] : [],
  );
  return { variables, notices, cut };
}

/** @returns a text with the problem when the value is missing */
async function resolve(entry: FileVariable, secrets: Values): Promise<Read | string> {
  const { key, value, source } = entry;
  const outside = (found: FoundText) =>
    "missing" in found ? found.missing : { value: found.text, isSecret: true };
  switch (value.kind) {
    case "text": {
      const isSecret = !value.plain && looksSecret(key, value.text);
      return { value: value.text, isSecret, ...(isSecret && { plainIn: source.path }) };
    }
    case "environment":
      return outside(processValue(value.name));
    case "address":
      return noService(value.reference);
    case "filled": {
      const parts = Object.entries(value.values).map(
        async ([name, inner]) => [name, await resolve({ ...entry, value: inner }, secrets)] as const,
      );
      const texts: Record<string, string> = {};
      for (const [name, found] of await Promise.all(parts)) {
        if (typeof found === "string") return found;
        // An unknown value makes the whole text one.
        if (isUnknown(found.value)) return found;
        texts[name] = String(found.value);
      }
      return { value: inserted(value.text, texts), isSecret: true };
    }
    case "generated":
      return (
        "is !generate, which a DeploymentRepository and programs for Node.js understand; declare a GeneratedSecret in the " +
        "program, and give its value as env"
      );
    case "managed": {
      return outside(await managedValue(value, source.path, {}));
    }
    case "secret": {
      const given = secrets[value.name];
      if (typeof given === "string") return { value: given, isSecret: true };
      return `the input secrets has no ${value.name}; give its value there, as a secret`;
    }
  }
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string" && !isUnknown(item));
}
