import type { ApplicationRow, EnvironmentRow, ProjectRow } from "../dokploy/rows";
import { resolveEnv } from "../env/resolve";
import type { Expected } from "./deployable";

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
