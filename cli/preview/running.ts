import {
  inspect,
  isRunning,
  observe as look,
  readContainer,
  readTask,
  type WatchTarget,
} from "../../provider/deploy";
import { type Api, DokployError, ifFound, SERVICES, serviceKinds } from "../../provider/dokploy";
import { isService, observeKind } from "../../provider/engine";
import type { StateResource } from "../stack";

/** Containers of a service that run. */
export interface Running {
  /** `none`: no container runs, or they fail again and again; `unknown`: that cannot be seen. */
  readonly runs: "all" | "some" | "none" | "unknown";
  /** Time since when what runs has been running. */
  readonly since?: Date;
  /** True when its last deployment failed, so that what runs is the version before. */
  readonly failed: boolean;
}

const unknown: Running = { runs: "unknown", failed: false };

/** Looks at the containers of a service; a key that may not see them, or a server that fails, gives `unknown`. */
export async function runningOf({ kind: className, id }: StateResource, api: Api): Promise<Running> {
  const kind = serviceKinds.find((name) => SERVICES[name].kind === className);
  if (kind === undefined) return unknown;
  try {
    const service = await ifFound(observeKind(kind, id, api));
    if (service === undefined || !isService(service)) return { runs: "none", failed: false };
    const target = service.withTexts({});
    const failed = service.status === "error";
    try {
      return { ...(await containersOf(target, api)), failed };
    } catch (error) {
      if (!(error instanceof DokployError)) throw error;
      return { runs: "unknown", failed };
    }
  } catch (error) {
    if (!(error instanceof DokployError)) throw error;
    return unknown;
  }
}

/** A task or container that should run. */
interface Part {
  readonly id: string;
  readonly runs: boolean;
  readonly ageSeconds: number | undefined;
}

async function containersOf(target: WatchTarget, api: Api): Promise<Omit<Running, "failed">> {
  const { tasks, containers = [] } = await look(api, target, Date.now);
  const parts =
    tasks === undefined
      ? containers.map(readContainer).flatMap(partOf)
      : tasks
          .map(readTask)
          .filter(({ desired }) => desired === "running")
          .map((task): Part => ({ ...task, runs: task.current === "Running" }));
  const up = parts.filter(({ runs }) => runs);
  const [first, ...others] = up;
  if (first === undefined || (tasks !== undefined && !(await isRunning(api, target, tasks))))
    return { runs: "none" };
  const youngest = others.reduce((a, b) => ((b.ageSeconds ?? 0) < (a.ageSeconds ?? 0) ? b : a), first);
  return { runs: up.length === parts.length ? "all" : "some", ...(await startOf(youngest, target, api)) };
}

/** Returns a container that should run; none for one that ended with code 0, such as a migration. */
function partOf({ id, state, exitCode, health, ageSeconds }: ReturnType<typeof readContainer>): Part[] {
  if (state === "exited" && exitCode === 0) return [];
  return [{ id, runs: state === "running" && health !== "unhealthy", ageSeconds }];
}

/** Reads when a task or container started. Its row says it in words only, such as `About an hour ago`. */
async function startOf({ id }: Part, target: WatchTarget, api: Api): Promise<{ since?: Date }> {
  const { Status, State } = (await inspect(api, target, id)) ?? {};
  const since = new Date(Status?.Timestamp ?? State?.StartedAt ?? "");
  return Number.isNaN(since.valueOf()) ? {} : { since };
}
