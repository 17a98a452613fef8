import { type Part, startOf, type WatchTarget, whatRuns } from "../../provider/deploy";
import { type Api, DokployError, ifFound, SERVICES, serviceKinds } from "../../provider/dokploy";
import { isService, observeKind } from "../../provider/engine";
import type { StateResource } from "../stack";

/** Containers of a service that run. */
export interface Running {
  /** `none`: no container runs, or they fail again and again; `unknown`: that cannot be seen. */
  readonly runs: "all" | "some" | "none" | "unknown";
  /** Time at which the running containers started. */
  readonly since?: Date;
  /** True when its last deployment failed, so that the previous version runs. */
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

async function containersOf(target: WatchTarget, api: Api): Promise<Omit<Running, "failed">> {
  const { parts, keepsFailing } = await whatRuns(api, target);
  const up = parts.filter(({ runs }) => runs);
  const [first, ...others] = up;
  if (first === undefined || (await keepsFailing())) return { runs: "none" };
  const youngest = others.reduce<Part>((a, b) => ((b.ageSeconds ?? 0) < (a.ageSeconds ?? 0) ? b : a), first);
  const since = await startOf(api, target, youngest);
  return { runs: up.length === parts.length ? "all" : "some", ...(since && { since }) };
}
