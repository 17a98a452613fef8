import type { Api, ContainerConfig } from "../dokploy";
import {
  aftermath,
  exited,
  type Failure,
  KILLED,
  rolledBack,
  type Snapshot,
  unhealthy,
} from "./health-model";
import { containerOf, inspect, isSwarm, type WatchTarget } from "./watch-target";

/** Information of Docker about a failure in addition to the rows. */
export interface Explanation {
  readonly failure: Failure;
  /** True when a task that the rows show as new may have the old version. */
  readonly mayBeOld: boolean;
  /** True when the kernel killed the process because of its memory use. */
  readonly isOutOfMemory: boolean;
  /** Output of the last health check, which failed. Secrets in it are not masked yet. */
  readonly checkOutput?: string;
}

/** Docker's default number of failing checks that make a container unhealthy. */
const RETRIES = 3;
/**
 * Waits between the looks at an update that Swarm has not decided on. One task is decided on within moments; with
 * several replicas, or on a busy machine, Swarm may first update the next slot and see its task fail too.
 */
const WAITS_MS = [500, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000] as const;

/**
 * Asks Docker for facts about a failure that rows do not contain. Was a process that ended with code 0 stopped
 * because of its health check? Was one killed because of its memory use? Did Swarm go back to the old version? Where
 * Docker does not respond, the facts of the rows stay.
 */
export async function explain(
  api: Api,
  target: WatchTarget,
  failure: Failure,
  before: Snapshot,
  pause: (ms: number) => Promise<void>,
): Promise<Explanation> {
  const base = failure.itself ?? failure;
  const container = await containerConfig(api, target, base);
  const itself = healthOf(base, container);
  const isOutOfMemory = base.exitCode === KILLED && container?.State?.OOMKilled === true;
  const reported = failure.itself === undefined ? itself : rolledBack(itself, before);
  const checkOutput = itself.reason === "unhealthy" ? failedCheck(container) : undefined;
  const facts = { isOutOfMemory, ...(checkOutput === undefined ? {} : { checkOutput }) };
  if (!isSwarm(target) || before.ids.size === 0 || base.service === undefined) {
    return { failure: reported, mayBeOld: false, ...facts };
  }
  const state = await updateState(api, target, base.service, pause);
  const mayBeOld = state === undefined || state.startsWith("rollback_");
  return { failure: inState(state, itself, reported, before), mayBeOld, ...facts };
}

/** Reads the failed container when its exit code leaves a doubt, or its health check failed. */
async function containerConfig(
  api: Api,
  target: WatchTarget,
  { id, exitCode, reason }: Failure,
): Promise<ContainerConfig | undefined> {
  if (id === undefined || (exitCode !== 0 && exitCode !== KILLED && reason !== "unhealthy")) return undefined;
  try {
    const containerId = await containerOf(api, target, id);
    return containerId === undefined ? undefined : await inspect(api, target, containerId);
  } catch {
    return undefined;
  }
}

/** A container that ended always counts as unhealthy; only its failing checks show why it ended. */
function healthOf(failure: Failure, container: ContainerConfig | undefined): Failure {
  const { exitCode, id, subject = "its container" } = failure;
  if (exitCode !== 0 || id === undefined || !container?.State) return failure;
  const { Health: health } = container.State;
  const retries = container.Config?.Healthcheck?.Retries || RETRIES;
  if (!health) return { ...failure, ...exited(subject, id) };
  return {
    ...failure,
    ...((health.FailingStreak ?? 0) < retries ? exited(subject, id) : unhealthy(subject, id)),
  };
}

/** Returns what the last check printed, if it failed and printed something. */
function failedCheck(container: ContainerConfig | undefined): string | undefined {
  const last = container?.State?.Health?.Log?.at(-1);
  const output = last?.ExitCode === 0 ? undefined : last?.Output?.trim();
  return output === "" ? undefined : output;
}

/** Reads what Swarm did after the failure; undefined when Swarm does not report it. */
async function updateState(
  api: Api,
  target: WatchTarget,
  service: string,
  pause: (ms: number) => Promise<void>,
): Promise<string | undefined> {
  try {
    for (let looks = 0; ; looks += 1) {
      const config = await inspect(api, target, service);
      const state = config?.UpdateStatus?.State;
      const isUndecided = state === "updating" && config?.Spec?.UpdateConfig?.FailureAction !== "continue";
      const wait = WAITS_MS[looks];
      if (!isUndecided || wait === undefined) return state;
      await pause(wait);
    }
  } catch {
    return undefined;
  }
}

function inState(state: string | undefined, itself: Failure, seen: Failure, before: Snapshot): Failure {
  switch (state) {
    case "rollback_started":
    case "rollback_completed":
      return rolledBack(itself, before);
    case "rollback_paused":
      return aftermath(
        itself,
        itself.reason,
        ", and the old version, to which Swarm rolled back, does not run either",
      );
    case "paused":
      // The rows show if an old task was not replaced yet.
      return seen.reason === "rolled-back"
        ? aftermath(itself, "rolled-back", ", and Swarm stopped the update; the old version still runs")
        : aftermath(itself, itself.reason, ", and Swarm stopped the update");
    case "updating":
    case "completed":
      return itself;
    default:
      return seen;
  }
}
