import { posix } from "node:path";
import { environmentsOf } from "../../../packages/compose-checks/checks";
import type { Expected, ServiceName, ServiceTarget } from "../../deploy";
import {
  type ApplicationDetail,
  type ApplicationRow,
  type ComposeDetail,
  DATABASES,
  type DatabaseDetail,
  type DatabaseKind,
} from "../../dokploy";
import { parse, resolveEnv, type Shared, textsAround } from "../../env";

/**
 * Returns a service with the containers that should run, as its row says.
 *
 * @param row row of the service; of a new one, the columns that are saved
 */
export function targetToWatch(
  kind: ServiceName["kind"],
  id: string,
  row: { readonly name: string; readonly appName: string },
): ServiceTarget {
  const { name, appName } = row;
  const { domains } = row as { readonly domains?: unknown };
  const running =
    kind === "application" ? ofApplication(row) : kind === "compose" ? ofCompose(row) : ofDatabase(kind, row);
  return { kind, id, name, appName, ...running, ...(domains ? { domains } : {}) } as ServiceTarget;
}

function ofApplication(row: Partial<ApplicationDetail>) {
  const { serverId, env, environment } = row;
  return { serverId, dockerfile: dockerfileOf(row), expected: expectedOf(row, env, environment) };
}

function ofCompose(row: Partial<ComposeDetail>) {
  const { serverId, composeType, sourceType, composeFile, createEnvFile, env, environment } = row;
  const isKnown = composeType === "stack" && sourceType === "raw" && composeFile !== undefined;
  const expected = isKnown && expectedOfStack(composeFile, createEnvFile !== false, env, environment);
  return { serverId, composeType, ...(expected ? { expected } : {}) };
}

function ofDatabase(kind: DatabaseKind, row: Partial<DatabaseDetail>) {
  const text = row.env ?? "";
  const expected = expectedOf(row, ownVariables(kind, row, text), row.environment);
  const given = parse(text);
  // Dokploy's own variables are not checked: another version may set others.
  const expectEnv = Object.entries(expected.expectEnv ?? {}).filter(([key]) => given.has(key));
  return {
    serverId: row.serverId,
    status: row.applicationStatus ?? "idle",
    expected: { ...expected, expectEnv: Object.fromEntries(expectEnv) },
  };
}

/** Returns the text of a database's variables with those that Dokploy puts before them. */
export function ownVariables(kind: DatabaseKind, row: Partial<DatabaseDetail>, text: string): string {
  const own = DATABASES[kind].variables(row as DatabaseDetail);
  return [...own.map(([key, value]) => `${key}="${value}"`), text].join("\n");
}

/** Columns that determine the number of containers; `modeSwarm` is Swarm's, which overrides `replicas`. */
type Scale = Partial<Pick<ApplicationRow, "replicas" | "modeSwarm">>;

/** Returns the expected containers of an application: their number, if they are meant to end, and variables. */
export function expectedOf(scale: Scale, env: string | null | undefined, shared?: Shared): Expected {
  return { ...containers(scale), expectEnv: resolveEnv(env ?? "", "application", textsAround(shared)).env };
}

/**
 * Returns the expected variables of a stack's containers, each with its service of the compose file (`web/PORT`).
 * Variables whose place the file does not show, and values that only the running service knows, are left out.
 */
export function expectedOfStack(
  composeFile: string,
  createEnvFile: boolean,
  env: string | null | undefined,
  shared?: Shared,
): Expected {
  const resolved = resolveEnv(env ?? "", "stack", textsAround(shared));
  const unknown = Object.fromEntries(resolved.unknown.map((name) => [name, undefined]));
  const services = environmentsOf(composeFile, { ...unknown, ...resolved.env }, createEnvFile);
  const expectEnv = Object.entries(services).flatMap(([service, variables]) =>
    Object.entries(variables).map(([name, value]) => [`${service}/${name}`, value]),
  );
  return { expectEnv: Object.fromEntries(expectEnv) };
}

function containers({ replicas = 1, modeSwarm: mode }: Scale): Expected {
  if (!mode) return { replicas };
  const { Replicated, ReplicatedJob, GlobalJob } = mode as {
    Replicated?: { Replicas?: number };
    ReplicatedJob?: { TotalCompletions?: number };
    GlobalJob?: object;
  };
  if (Replicated?.Replicas !== undefined) return { replicas: Replicated.Replicas };
  if (ReplicatedJob) return { isJob: true, replicas: ReplicatedJob.TotalCompletions ?? 1 };
  return GlobalJob ? { isJob: true } : {};
}

const BUILD_PATHS = {
  github: "buildPath",
  gitlab: "gitlabBuildPath",
  bitbucket: "bitbucketBuildPath",
  gitea: "giteaBuildPath",
  git: "customGitBuildPath",
  drop: "dropBuildPath",
} as const;

/** Returns the Dockerfile of an application, as a path in its repository; undefined for other builds. */
export function dockerfileOf(
  row: Partial<
    Pick<
      ApplicationRow,
      "sourceType" | "buildType" | "dockerfile" | (typeof BUILD_PATHS)[keyof typeof BUILD_PATHS]
    >
  >,
): string | undefined {
  const { sourceType } = row;
  if (row.buildType !== "dockerfile" || sourceType === undefined || sourceType === "docker") return undefined;
  return dockerfilePath(row[BUILD_PATHS[sourceType]], row.dockerfile);
}

/** Dokploy looks for the Dockerfile below the folder that is built. */
export function dockerfilePath(
  buildPath: string | null | undefined,
  dockerfile: string | null | undefined,
): string {
  return posix.join("/", buildPath || "/", dockerfile || "Dockerfile").slice(1);
}
