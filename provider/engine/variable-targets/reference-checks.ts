import { isRecord, isUnknown } from "../../../packages/values";
import { type Api, DokployError, type EnvironmentRow, type ProjectRow } from "../../dokploy";
import {
  type EnvDialect,
  looksOutside,
  type OuterVariables,
  parse,
  referencesOf,
  resolveEnv,
  resolveVariables,
  type Shared,
  textsAround,
  toRaw,
  type Variables,
} from "../../env";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context } from "../../lifecycle";
import { readEnvironment } from "../adoption/naming";

/** A text that is about to be saved. */
export interface NewText {
  /** Input that it is written from: `env`, `buildArgs`, `buildSecrets`. */
  input: string;
  text: string;
  target: EnvDialect;
  /** Names that the program sets; the rest of the text belongs to others. */
  owned: readonly string[];
}

/**
 * Refuses a text that would make the deployment fail, before it is saved: for instance a reference to a shared
 * variable that does not exist, which only the server knows. Problems in other people's lines are a warning. The
 * setting `dokploy:references` decides about references.
 *
 * @throws CheckFailedError naming `env.KEY`
 */
export function assertDeployable(
  texts: readonly NewText[],
  shared: Shared,
  { warn, references }: Pick<Context, "warn" | "references">,
): void {
  const problems: Problem[] = [];
  for (const { input, text, target, owned } of texts) {
    for (const { key, reason, reference } of resolveEnv(text, target, textsAround(shared)).problems) {
      if (reference && references === "off") continue;
      const property = key === "" ? input : `${input}.${key}`;
      if (key !== "" && !owned.includes(key)) {
        warn(`${property}, which this program does not own, will not work: it ${reason}`, "reference");
      } else if (reference && references === "warn") warn(`${property} ${reason}`, "reference");
      else problems.push({ property, reason: `${reason}. Nothing was saved` });
    }
  }
  if (problems.length > 0) throw new CheckFailedError(problems);
}

/** Map of variables among a resource's inputs; some values may not be known yet. */
export interface PlannedMap {
  /** Input: `env`, `buildArgs`, `preview.env`. */
  path: string;
  target: EnvDialect;
  value: unknown;
  /** Lines of others in the same text. */
  others?: string | null | undefined;
  /** Names that resources of this run set in the same text, now or before. */
  givenByOthers?: Iterable<string>;
}

/** An environment with its project, as every row of a service or environment contains it. */
export type EnclosingScopes = Pick<EnvironmentRow, "environmentId" | "projectId" | "env"> & {
  project: Pick<ProjectRow, "env">;
};

/**
 * Predicts which references to shared variables and vaults will not be found, from the server's state and the
 * changes of this run. Reads the environment only when some value refers to something outside its text.
 *
 * @param environmentId may be unknown: then the variables of the projects and environments that the run creates count
 */
export async function previewReferences(
  maps: readonly PlannedMap[],
  environmentId: unknown,
  context: Context,
): Promise<Problem[]> {
  return await previewReferencesIn(maps, false, context, async () => {
    const isKnown = typeof environmentId === "string" && !isUnknown(environmentId);
    const around = isKnown
      ? outerVariables(await readEnvironment(environmentId, context.api), context)
      : newVariables(context);
    return { around, maps };
  });
}

/**
 * Predicts missing references like {@link previewReferences}, for any place in Dokploy.
 *
 * @param isShared true when others own lines of the same texts, so that references to those have to be looked up too
 * @param lookUp reads the variables around; undefined where they cannot be known
 */
export async function previewReferencesIn(
  maps: readonly PlannedMap[],
  isShared: boolean,
  context: Context,
  lookUp: () => Promise<{ around: OuterVariables; maps: readonly PlannedMap[] } | undefined>,
): Promise<Problem[]> {
  const needsLook = isShared ? (value: string) => value.includes("${{") : looksOutside;
  if (context.references === "off" || !maps.some((map) => valuesOf(map).some(needsLook))) return [];
  const tooOld = await vaultProblems(maps, context);
  const found = await onceFailing(context.api, lookUp);
  return found ? [...tooOld, ...unresolved(found.maps, found.around)] : tooOld;
}

const failures = new WeakMap<Api, DokployError>();

/** A server that did not respond once is not called again in this run: each of many resources would wait for it. */
async function onceFailing<T>(api: Api, look: () => Promise<T>): Promise<T> {
  const failure = failures.get(api);
  if (failure) throw failure;
  try {
    return await look();
  } catch (error) {
    if (error instanceof DokployError) failures.set(api, error);
    throw error;
  }
}

/** Finds references of these maps without a match in the shared variables around, or in the lines of others. */
function unresolved(maps: readonly PlannedMap[], around: OuterVariables): Problem[] {
  return maps.flatMap((map) => {
    const given = variablesOf(map);
    if (given === undefined) return [];
    const own =
      map.others === undefined
        ? given
        : new Map<string, string | undefined>([
            ...[...(map.givenByOthers ?? [])].map((name) => [name, undefined] as const),
            ...parse(map.others ?? ""),
            ...given,
          ]);
    return (
      resolveVariables(own, map.target, around)
        .problems.filter(({ key, reference }) => reference && given.has(key))
        // If the program sets the whole text, references within it were checked before.
        .filter(({ key }) => map.others !== undefined || looksOutside(given.get(key) ?? ""))
        .map(({ key, reason }) => ({ property: `${map.path}.${key}`, reason }))
    );
  });
}

/** Returns the shared variables around a service in their current state. */
export function sharedOf({ env, project }: Shared): Required<OuterVariables> {
  return { project: parse(project.env ?? ""), environment: parse(env ?? "") };
}

/** Returns the shared variables around a service as this run will leave them. */
export function outerVariables(scopes: EnclosingScopes, { run }: Pick<Context, "run">): OuterVariables {
  const { environmentId, projectId } = scopes;
  const shared = sharedOf(scopes);
  const inProject = run.shared.applied({ kind: "project", id: projectId }, shared.project);
  const inEnvironment = run.shared.applied({ kind: "environment", id: environmentId }, shared.environment);
  return {
    ...(inProject ? { project: inProject } : {}),
    ...(inEnvironment ? { environment: inEnvironment } : {}),
  };
}

/** Returns the variables around a service whose project or environment this run creates, as far as they are known. */
function newVariables({ run }: Pick<Context, "run">): OuterVariables {
  const inProject = run.shared.appliedToNew("project");
  const inEnvironment = run.shared.appliedToNew("environment");
  return {
    ...(inProject ? { project: new Incomplete(inProject) } : {}),
    ...(inEnvironment ? { environment: new Incomplete(inEnvironment) } : {}),
  };
}

/** Variables to which other resources may add more: the value of any other name is not known yet. */
class Incomplete extends Map<string, string | undefined> {
  override has(): boolean {
    return true;
  }
}

/** Finds references to `environment` in an environment's own variables, which Dokploy inserts only after that step. */
export function environmentProblems(env: unknown): Problem[] {
  return [...(variablesOf({ path: "env", target: "shared", value: env }) ?? [])].flatMap(([key, value]) =>
    referencesOf(value ?? "").some(({ kind }) => kind === "environment")
      ? [
          {
            property: `env.${key}`,
            reason:
              "refers to a variable of the environment, which Dokploy does not resolve in the environment's " +
              "own variables: a deployment that uses it fails; put the reference into the service instead",
          },
        ]
      : [],
  );
}

/** Servers before 0.30.0 treat a reference to a vault as a name that does not exist. */
async function vaultProblems(maps: readonly PlannedMap[], { api }: Context): Promise<Problem[]> {
  const using = maps.flatMap((map) =>
    [...(variablesOf(map) ?? [])]
      .filter(([, value]) => referencesOf(value ?? "").some(({ kind }) => kind === "vault"))
      .map(([key]) => `${map.path}.${key}`),
  );
  if (using.length === 0 || !api.supports) return [];
  try {
    if (await api.supports("vault")) return [];
  } catch (error) {
    if (error instanceof DokployError) return [];
    throw error;
  }
  return using.map((property) => ({
    property,
    reason:
      "refers to a vault, which needs Dokploy 0.30.0, and this server is older: the deployment fails; update " +
      "Dokploy, or give the value from the stack's secret configuration",
  }));
}

function valuesOf(map: PlannedMap): string[] {
  return [...(variablesOf(map)?.values() ?? [])].filter((value) => value !== undefined);
}

/** Converts the variables as dotenv will read them; undefined when not even the names are known. */
function variablesOf({ value, target }: PlannedMap): Variables | undefined {
  if (!isRecord(value)) return undefined;
  return new Map(
    Object.entries(value).map(([key, given]) => [
      key,
      typeof given === "string" && !isUnknown(given) ? toRaw(given, target) : undefined,
    ]),
  );
}
