import { dirname, join } from "node:path";
import { looksSecret } from "../../../provider/env";
import {
  baseStage,
  type FileVariable,
  type FileVariables,
  generatedName,
  managedValue,
  nameInFile,
  readLayers,
  readLayersByName,
  serviceOf,
  sharedService,
  withServices,
} from "../../../sdk/env-files";
import { inserted, isDirectory, isThere } from "../../../sdk/files";
import { appFileName, tagVariable, variablesBesideFiles } from "../../../sdk/repository";
import { type Stack, servicesNextTo } from "../../stack";
import { foldersOf, stageFolder } from "../stage/stage";
import type { Host, Side, Value } from "./model";

/** Sources of the values that files refer to. */
export interface ValueSources {
  /** The stack whose secrets `!secret` means; undefined when none was named. */
  readonly stack: Stack | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** True when values do not count, so that none is read. */
  readonly keysOnly: boolean;
}

/**
 * Reads the files of a stage, by service: those of `<directory>/<stage>` override those of `<directory>/base`.
 *
 * @throws UsageError when there is no such stage; FileError when a file cannot be read
 */
export function readStage(directory: string, stage: string): ReadonlyMap<string, FileVariables> {
  stageFolder(directory, stage);
  const services = servicesNextTo(directory);
  const byName = readLayersByName(foldersOf(directory, stage), {});
  return new Map(
    [...byName].map(([name, read]) => {
      const known = { services, given: [], isShared: name === sharedService };
      return [name, withServices(read, known).variables];
    }),
  );
}

/** Reads the values of a stage, whose files may have been read before; throws as {@link readStage} does. */
export async function stageSide(
  directory: string,
  stage: string,
  sources: ValueSources,
  byName = readStage(directory, stage),
): Promise<Side> {
  const hosts = await hostsOf(byName, sources);
  if (stage === baseStage) return { label: stage, hosts, isSingle: false };
  return {
    label: stage,
    hosts: hosts.map((host) => withRest(host, join(dirname(directory), "services", host.name), stage)),
    isSingle: false,
  };
}

/** Adds the variables that a repository gives the service outside its files, whose values only a run knows. */
function withRest(host: Host, folder: string, stage: string): Host {
  const app = join(folder, appFileName);
  if (!isThere(app)) return host;
  const rest = [...variablesBesideFiles({ folder, app }, [...host.variables.keys()], stage)].map(
    ([key, origin]): [string, Value] => [key, { kind: "unknown", ...origin }],
  );
  const variables = new Map([...rest, ...host.variables]);
  // The file may have a default for the tag, so that a run need not give one.
  const owned = new Set(
    [...variables.keys()].filter((key) => host.variables.has(key) || key !== tagVariable),
  );
  return { ...host, variables, owned };
}

/** Reads a file, or each file of a directory, and throws a FileError when it cannot. */
export async function pathSide(path: string, sources: ValueSources): Promise<Side> {
  if (isDirectory(path)) {
    const byName = readLayersByName([path], {});
    return { label: path, hosts: await hostsOf(byName, sources), isSingle: false };
  }
  const name = (path.split(/[/\\]/).at(-1) ?? path).replace(/(?<=.)\.[^.]*$/, "");
  const byName = new Map([[name, readLayers([path], {})]]);
  return { label: path, hosts: await hostsOf(byName, sources), isSingle: true };
}

async function hostsOf(byName: ReadonlyMap<string, FileVariables>, sources: ValueSources): Promise<Host[]> {
  return await Promise.all(
    [...byName].map(async ([name, entries]) => {
      const values = [...entries.values()].map(
        async (entry) => [entry.key, await valueIn(entry, sources, entries)] as const,
      );
      return { name, aliases: [], variables: new Map(await Promise.all(values)) };
    }),
  );
}

/**
 * Returns the value of a variable in a file, as far as it is known.
 *
 * @param all the variables of its service
 */
export async function valueIn(
  entry: FileVariable,
  sources: ValueSources,
  all: FileVariables,
): Promise<Value> {
  const { stack, env, keysOnly } = sources;
  const { key, value, source } = entry;
  const unknown = (why: string): Value => ({ kind: "unknown", why });
  const known = (text: string, origin: "plain" | "secret" | "job"): Value => ({
    kind: "known",
    text,
    origin,
  });
  if (keysOnly && value.kind !== "text") return unknown("values are left out");
  switch (value.kind) {
    case "text":
      return known(value.text, !value.plain && looksSecret(key, value.text) ? "secret" : "plain");
    case "environment": {
      const text = env[value.name] ?? "";
      return text === ""
        ? unknown(`the environment has no ${value.name}, which !env reads`)
        : known(text, "job");
    }
    case "secret": {
      if (stack === undefined) return unknown("!secret belongs to a stack; name the stack with --stack");
      const found = await stack.secret(value.name);
      return "why" in found ? unknown(found.why) : known(found.value, "secret");
    }
    case "address":
      return {
        kind: "unknown",
        why: `is the address of ${value.reference.name}, which only Dokploy knows`,
        addressOf: value.reference.text,
      };
    case "generated": {
      if (stack === undefined) return unknown("!generate belongs to a stack; name the stack with --stack");
      const owner = serviceOf(source.path);
      const own = value.name ?? nameInFile(entry);
      const name = generatedName(owner, own, rotationOf(entry, own, value.rotation, all));
      // The shared variables of a repository are a block with the name of the repository before it.
      const found = await stack.generated(
        (its) => its === name || (owner === sharedService && its.endsWith(`-${name}`)),
      );
      return "why" in found ? unknown(found.why) : known(found.value, "secret");
    }
    case "filled": {
      const texts: Record<string, string> = {};
      for (const [name, inner] of Object.entries(value.values)) {
        const found = await valueIn({ ...entry, value: inner }, sources, all);
        if (found.kind === "unknown") return found;
        texts[name] = found.text;
      }
      return known(inserted(value.text, texts), "secret");
    }
    case "managed": {
      const found = await managedValue(value, source.path, {});
      return "missing" in found ? unknown(found.missing) : known(found.text, "secret");
    }
  }
}

/** Returns the number of the value that a secret has, which another variable may say. */
function rotationOf(entry: FileVariable, name: string, rotation: number, all: FileVariables): number {
  if (entry.rotation !== undefined || rotation !== 1) return rotation;
  const numbers = [...all.values()].flatMap((other) => {
    const isIt = other.value.kind === "generated" && (other.value.name ?? nameInFile(other)) === name;
    return isIt && other.rotation === undefined ? [other.value.rotation] : [];
  });
  return Math.max(1, ...numbers);
}
