import { dirname, join } from "node:path";
import { looksSecret } from "../../provider/env/secret-looking";
import type { EntryValue } from "../../sdk/env-files/entry";
import { readLayers, readLayersByName, type Variables } from "../../sdk/env-files/layers";
import { isDirectory, isThere } from "../../sdk/files/source";
import { tagVariable } from "../../sdk/repository/image-tag";
import { appFileName } from "../../sdk/repository/layout";
import { variablesBesideFiles } from "../../sdk/repository/services";
import type { Stack } from "../stack/stack";
import { stageFolder } from "../stage/stage";
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
 * Reads the files of a stage: those of `<directory>/<stage>` override those of `<directory>/base`.
 *
 * @throws UsageError when there is no such stage; FileError when a file cannot be read
 */
export async function stageSide(directory: string, stage: string, sources: ValueSources): Promise<Side> {
  const folder = stageFolder(directory, stage);
  const base = { path: join(directory, "base"), optional: true };
  const byName = readLayersByName(stage === "base" ? [folder] : [base, folder], {});
  const hosts = await hostsOf(byName, sources);
  if (stage === "base") return { label: stage, hosts, isSingle: false };
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
    ([key, why]): [string, Value] => [key, { kind: "unknown", why }],
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

async function hostsOf(byName: ReadonlyMap<string, Variables>, sources: ValueSources): Promise<Host[]> {
  const hosts: Host[] = [];
  for (const [name, entries] of byName) {
    const variables = new Map<string, Value>();
    for (const { key, value } of entries.values()) variables.set(key, await resolve(key, value, sources));
    hosts.push({ name, aliases: [], variables });
  }
  return hosts;
}

async function resolve(key: string, value: EntryValue, sources: ValueSources): Promise<Value> {
  const { stack, env, keysOnly } = sources;
  if (value.kind === "text") {
    const isSecret = !value.plain && looksSecret(key, value.text);
    return { kind: "known", text: value.text, origin: isSecret ? "secret" : "plain" };
  }
  if (keysOnly) return { kind: "unknown", why: "values are left out" };
  if (value.kind === "environment") {
    const text = env[value.name];
    if (text !== undefined && text !== "") return { kind: "known", text, origin: "job" };
    return { kind: "unknown", why: `the environment has no ${value.name}, which !env reads` };
  }
  if (stack === undefined) {
    return { kind: "unknown", why: "!secret belongs to a stack; name the stack with --stack" };
  }
  const found = await stack.secret(value.name);
  return "why" in found
    ? { kind: "unknown", why: found.why }
    : { kind: "known", text: found.value, origin: "secret" };
}
