import { posix } from "node:path";
import type * as Environments from "../../packages/compose-checks/checks/environments";
import type { Expected } from "../deploy/target";
import type { ApplicationRow } from "../dokploy/rows";
import { resolveEnv, type Shared, textsAround } from "../env/resolve";

/** Columns of an application that determine its number of containers; Swarm's `mode` overrides `replicas`. */
export interface Scale {
  replicas: number;
  mode: object | null | undefined;
}

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
  // The YAML library is loaded only here; other resources do not need it.
  const { environmentsOf } =
    require("../../packages/compose-checks/checks/environments") as typeof Environments;
  const resolved = resolveEnv(env ?? "", "stack", textsAround(shared));
  const unknown = Object.fromEntries(resolved.unknown.map((name) => [name, undefined]));
  const services = environmentsOf(composeFile, { ...unknown, ...resolved.env }, createEnvFile);
  const expectEnv = Object.entries(services).flatMap(([service, variables]) =>
    Object.entries(variables).map(([name, value]) => [`${service}/${name}`, value]),
  );
  return { expectEnv: Object.fromEntries(expectEnv) };
}

/** Returns the scale of an application from its row in Dokploy. */
export function scaleOf({ replicas, modeSwarm }: Pick<ApplicationRow, "replicas" | "modeSwarm">): Scale {
  return { replicas, mode: modeSwarm };
}

function containers({ replicas, mode }: Scale): Expected {
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
  row: Pick<
    ApplicationRow,
    "sourceType" | "buildType" | "dockerfile" | (typeof BUILD_PATHS)[keyof typeof BUILD_PATHS]
  >,
): string | undefined {
  if (row.buildType !== "dockerfile" || row.sourceType === "docker") return undefined;
  return dockerfilePath(row[BUILD_PATHS[row.sourceType]], row.dockerfile);
}

/** Dokploy looks for the Dockerfile below the folder that is built. */
export function dockerfilePath(
  buildPath: string | null | undefined,
  dockerfile: string | null | undefined,
): string {
  return posix.join("/", buildPath || "/", dockerfile || "Dockerfile").slice(1);
}
