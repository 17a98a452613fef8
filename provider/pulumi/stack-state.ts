import { execFile } from "node:child_process";
import { findCommand, matchesUrn, type PulumiCommand } from "./command";
import { isRecord } from "./unknown";
import { parseUrn } from "./urn";

/** Facts about one resource of this package in the stack's own state. No value of it is kept. */
export interface StackResource {
  readonly urn: string;
  /** `Application` */
  readonly kind: string;
  /** Name in the program. */
  readonly name: string;
  readonly id: string;
  /** Address of its server, where the state contains it. */
  readonly server?: string;
  /** Variables that it owns, by the input that sets them: their names, or `all` of the text. */
  readonly variables: Readonly<Record<string, readonly string[] | "all">>;
  /** Paths of its secret values: `["env", "TOKEN"]`. */
  readonly secrets?: readonly (readonly string[])[];
  /** Set when this run replaces it without a change: by `--replace`, or because it was tainted. */
  readonly replaced?: "--replace" | "taint";
}

/** Output that names the server of a resource. Pulumi shows no name that begins like this. */
export const serverKey = "__server";

/** Reads the state once more; undefined where that is not possible. */
export type ReadStack = () => Promise<readonly StackResource[] | undefined>;

/** Longer than a remote backend takes. */
const timeoutMs = 30_000;
const maxBytes = 512 * 2 ** 20;

/**
 * Returns a reader for the state of the stack that this run works on. It uses the same command line interface as the
 * run. A run with `--target`, and `destroy`, sees only some resources; only the state knows the objects of all. The
 * reader locks nothing, decrypts nothing, and works during an update.
 *
 * @param stack asks the engine for the stack's name, which it does not know in runs without a program
 */
export function stackReader(
  stack: () => Promise<string | undefined>,
  environment: NodeJS.ProcessEnv = process.env,
): ReadStack {
  return async () => {
    const command = findCommand();
    const expected = { project: environment["PULUMI_PROJECT"], stack: await stack() };
    // First the stack of the options, then the selected one; last the bare name, which implies the default
    // organisation.
    const names = new Set(command.stack === undefined ? [undefined, expected.stack] : [command.stack]);
    for (const name of names) {
      const found = parseStack(await exportStack(command, name, environment), expected, command.replaces);
      if (found) return found;
    }
    return undefined;
  };
}

function exportStack(
  { program, folder }: PulumiCommand,
  stack: string | undefined,
  { PULUMI_LOG_OTLP_ENDPOINT: _, ...environment }: NodeJS.ProcessEnv,
): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  const options = {
    cwd: folder,
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true", NO_COLOR: "1" },
    timeout: timeoutMs,
    maxBuffer: maxBytes,
    windowsHide: true,
  };
  return new Promise((resolve) => {
    // Its output, including errors, must not be shown: it may contain the state.
    execFile(program, args, options, (error, stdout) => resolve(error ? "" : stdout)).stdin?.end();
  });
}

/**
 * Returns the resources of this package in an exported state.
 *
 * @returns undefined when it is not a state, or that of another stack
 */
export function parseStack(
  exported: string,
  expected: { project?: string | undefined; stack?: string | undefined } = {},
  replaces: readonly string[] = [],
): StackResource[] | undefined {
  const resources = resourcesOf(exported);
  if (!resources) return undefined;
  const all = resources.flatMap((resource) => {
    const { urn } = resource;
    const parsed = typeof urn === "string" ? parseUrn(urn) : undefined;
    return parsed ? [{ ...parsed, urn: urn as string, resource }] : [];
  });
  const isOther = (mine: string | undefined, its: string) =>
    mine !== undefined && mine !== "" && mine !== its;
  if (
    all.some(({ project, stack }) => isOther(expected.project, project) || isOther(expected.stack, stack))
  ) {
    return undefined;
  }
  return all.flatMap(({ resource, urn, kind, name }) => {
    const { id } = resource;
    // A resource that is only read is not managed; one that waits to be created again was deleted.
    const isHeld = !resource["external"] && !resource["pendingReplacement"];
    if (kind === undefined || typeof id !== "string" || id === "" || !isHeld) return [];
    const replaced = resource["taint"] ? "taint" : matchesUrn(replaces, urn) ? "--replace" : undefined;
    const variables = variablesOf(resource, kind);
    const { [serverKey]: server } = isRecord(resource["outputs"]) ? resource["outputs"] : {};
    const secrets = [resource["inputs"], resource["outputs"]].flatMap((values) => secretPaths(values));
    const found = {
      urn,
      kind,
      name,
      id,
      variables,
      secrets,
      ...(typeof server === "string" ? { server } : {}),
    };
    return [{ ...found, ...(replaced === undefined ? {} : { replaced }) }];
  });
}

function resourcesOf(exported: string): Record<string, unknown>[] | undefined {
  try {
    const { deployment } = JSON.parse(exported) as { deployment?: { resources?: unknown } };
    if (!isRecord(deployment)) return undefined;
    const { resources = [] } = deployment;
    return Array.isArray(resources) ? resources.filter(isRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Key by which Pulumi marks a secret; its content cannot be seen. */
const secretMark = "4dabf18193072939515e22adb298388d";

function secretPaths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => secretPaths(item, [...path, String(index)]));
  if (!isRecord(value)) return [];
  if (secretMark in value) return [path];
  return Object.entries(value).flatMap(([name, inner]) => secretPaths(inner, [...path, name]));
}

function variablesOf(resource: Record<string, unknown>, kind: string): StackResource["variables"] {
  const { inputs, outputs } = resource;
  const values = isRecord(outputs) ? outputs : isRecord(inputs) ? inputs : {};
  const isPart = kind === "EnvironmentBlock" && values["mode"] === "additive";
  return Object.fromEntries(
    ["env", "buildArgs", "buildSecrets"].flatMap((field) => {
      const map = values[field];
      if (map === undefined || map === null) return [];
      const isOpen = isRecord(map) && !(secretMark in map);
      return [[field, isPart && isOpen ? Object.keys(map) : ("all" as const)]];
    }),
  );
}
