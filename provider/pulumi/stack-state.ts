import { isRecord } from "../../packages/values";
import { identityKey, identityOf } from "./identity";
import { secretMark } from "./internals";
import { parseUrn, pluginPrefix } from "./urn";

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
  /** Names of its variables, by the input that sets them, where the state shows them. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Paths of its secret values: `["env", "TOKEN"]`. */
  readonly secrets?: readonly (readonly string[])[];
  /** Identity in its outputs, which may be that of a former name; undefined in a state of 0.1.0. */
  readonly identity?: string;
  /** True when the next run replaces it without a change. */
  readonly isTainted?: boolean;
  /**
   * True when it was deleted to be created again. Pulumi counts the parts of a replaced service as deleted before it
   * deletes the service. If that fails, the service still has them.
   */
  readonly isWaiting?: boolean;
}

/** Key by which Pulumi marks a secret; its content cannot be seen. */
const [secretKey] = secretMark;

/** Output that names the server of a resource. Pulumi shows no name that begins like this. */
export const serverKey = "__server";

/** Returns this package's resources in an exported state; undefined for another text, or another stack's state. */
export function parseStack(
  exported: string,
  expected: { project?: string | undefined; stack?: string | undefined } = {},
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
  return all.flatMap(({ resource, urn, type, kind, name }) => {
    const { id } = resource;
    // A resource that is only read is not managed.
    if (kind === undefined || typeof id !== "string" || id === "" || resource["external"]) return [];
    const { variables, names } = variablesOf(resource, kind);
    const { [serverKey]: server, [identityKey]: stored } = isRecord(resource["outputs"])
      ? resource["outputs"]
      : {};
    // Under the plugin a state needs no identity, since each call names its resource.
    const identity = type.startsWith(pluginPrefix) ? identityOf(urn) : stored;
    const secrets = [resource["inputs"], resource["outputs"]].flatMap((values) => secretPaths(values));
    const found = {
      urn,
      kind,
      name,
      id,
      variables,
      names,
      secrets,
      isTainted: resource["taint"] === true,
      isWaiting: resource["pendingReplacement"] === true,
      ...(typeof server === "string" ? { server } : {}),
      ...(typeof identity === "string" ? { identity } : {}),
    };
    return [found];
  });
}

/**
 * Returns the inputs with which an interrupted run updates a resource, with the secrets that the export shows.
 *
 * @param identity identity of the resource
 * @returns undefined when no run was interrupted during its update
 */
export function parseInterrupted(exported: string, identity: string): Record<string, unknown> | undefined {
  const operations = deploymentIn(exported)?.["pending_operations"];
  for (const operation of Array.isArray(operations) ? operations : []) {
    const { type, resource } = isRecord(operation) ? operation : {};
    const { urn, inputs } = isRecord(resource) ? resource : {};
    if (type === "updating" && typeof urn === "string" && identityOf(urn) === identity && isRecord(inputs))
      return shownSecrets(inputs) as Record<string, unknown>;
  }
  return undefined;
}

/** True when some value of these inputs is a secret that an export does not show. */
export function hidesSecrets(inputs: Readonly<Record<string, unknown>>): boolean {
  return secretPaths(inputs).length > 0;
}

function shownSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownSecrets);
  if (!isRecord(value)) return value;
  const { plaintext } = value;
  if (secretKey in value) return typeof plaintext === "string" ? JSON.parse(plaintext) : value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shownSecrets(inner)]));
}

function resourcesOf(exported: string): Record<string, unknown>[] | undefined {
  const deployment = deploymentIn(exported);
  if (deployment === undefined) return undefined;
  const { resources = [] } = deployment;
  return Array.isArray(resources) ? resources.filter(isRecord) : undefined;
}

function deploymentIn(exported: string): Record<string, unknown> | undefined {
  try {
    const { deployment } = JSON.parse(exported) as { deployment?: unknown };
    return isRecord(deployment) ? deployment : undefined;
  } catch {
    return undefined;
  }
}

function secretPaths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => secretPaths(item, [...path, String(index)]));
  if (!isRecord(value)) return [];
  if (secretKey in value) return [path];
  return Object.entries(value).flatMap(([name, inner]) => secretPaths(inner, [...path, name]));
}

function variablesOf(
  resource: Record<string, unknown>,
  kind: string,
): Required<Pick<StackResource, "variables" | "names">> {
  const { inputs, outputs } = resource;
  const values = isRecord(outputs) ? outputs : isRecord(inputs) ? inputs : {};
  const isPart = kind === "EnvironmentBlock" && values["mode"] === "additive";
  const variables: Record<string, readonly string[] | "all"> = {};
  const names: Record<string, readonly string[]> = {};
  for (const field of ["env", "buildArgs", "buildSecrets"]) {
    const map = values[field];
    if (map === undefined || map === null) continue;
    if (isRecord(map) && !(secretKey in map)) names[field] = Object.keys(map);
    variables[field] = (isPart ? names[field] : undefined) ?? "all";
  }
  return { variables, names };
}
