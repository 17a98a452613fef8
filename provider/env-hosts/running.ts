import { posix } from "node:path";
import type * as Environments from "../../packages/compose-checks/checks/environments";
import type { Expected } from "../deploy/target";
import type { ApplicationRow, EnvironmentRow, ProjectRow } from "../dokploy/rows";
import { resolveEnv } from "../env/resolve";

/** What of an application says how many containers run; `mode` is Swarm's, which overrides `replicas`. */
export interface Scale {
  replicas: number;
  mode: object | null | undefined;
}

/** The containers that an application should have: how many, whether they are meant to end, and with which variables. */
export function expectedOf(
  scale: Scale,
  env: string | null | undefined,
  shared?: Pick<EnvironmentRow, "env"> & { project: Pick<ProjectRow, "env"> },
): Expected {
  const texts = shared ? { project: shared.project.env ?? "", environment: shared.env ?? "" } : {};
  return { ...containers(scale), expectEnv: resolveEnv(env ?? "", "application", texts).env };
}

/**
 * What the containers of a stack should have, each variable behind its service of the compose file (`web/PORT`): as far as the file says where each variable
 * goes, and nothing but the running service knows its value.
 */
export function expectedOfStack(
  composeFile: string,
  createEnvFile: boolean,
  env: string | null | undefined,
  shared?: Pick<EnvironmentRow, "env"> & { project: Pick<ProjectRow, "env"> },
): Expected {
  // With the YAML library, which other resources do without.
  const { environmentsOf } =
    require("../../packages/compose-checks/checks/environments") as typeof Environments;
  const texts = shared ? { project: shared.project.env ?? "", environment: shared.env ?? "" } : {};
  const resolved = resolveEnv(env ?? "", "stack", texts);
  const unknown = Object.fromEntries(resolved.unknown.map((name) => [name, undefined]));
  const services = environmentsOf(composeFile, { ...unknown, ...resolved.env }, createEnvFile);
  const expectEnv = Object.entries(services).flatMap(([service, variables]) =>
    Object.entries(variables).map(([name, value]) => [`${service}/${name}`, value]),
  );
  return { expectEnv: Object.fromEntries(expectEnv) };
}

/** The same for an application as it stands in Dokploy. */
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

/** The Dockerfile that an application is built with, as a path within its repository; undefined for other builds. */
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
