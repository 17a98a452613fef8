import { type JudgedTarget, judged, type Part, startOf } from "../../provider/deploy";
import { type Api, DokployError, ifFound, SERVICES, serviceKinds } from "../../provider/dokploy";
import { isService, observeKind } from "../../provider/engine";
import { type StateResource, secretsAmong } from "../stack";

/** Containers of a service that run. */
export interface Running {
  /** `none`: no container runs, or they fail again and again; `unknown`: that cannot be seen. */
  readonly runs: "all" | "some" | "none" | "unknown";
  /** Clause that says why not all of it runs, or why the previous version does. */
  readonly why?: string;
  /** Time at which the running containers started. */
  readonly since?: Date;
  /** True when its last deployment failed, or Swarm went back to the version before. */
  readonly failed: boolean;
}

const unknown: Running = { runs: "unknown", failed: false };

/** Looks at the containers of a service; a key that may not see them, or a server that fails, gives `unknown`. */
export async function runningOf(resource: StateResource, api: Api): Promise<Running> {
  const { kind: className, id } = resource;
  const kind = serviceKinds.find((name) => SERVICES[name].kind === className);
  if (kind === undefined) return unknown;
  try {
    const service = await ifFound(observeKind(kind, id, api));
    if (service === undefined || !isService(service)) return { runs: "none", failed: false };
    const target = { ...service.withTexts({}), secrets: secretsAmong(service.values, resource) };
    const failed = service.status === "error";
    try {
      return await containersOf(target, api, failed);
    } catch (error) {
      if (!(error instanceof DokployError)) throw error;
      return { runs: "unknown", failed };
    }
  } catch (error) {
    if (!(error instanceof DokployError)) throw error;
    return unknown;
  }
}

async function containersOf(target: JudgedTarget, api: Api, hasFailed: boolean): Promise<Running> {
  const { condition, why, parts = [] } = await judged(api, target);
  const failed = hasFailed || condition === "rolled back";
  const said = why === undefined ? {} : { why };
  if (condition === "unknown") return { runs: "unknown", ...said, failed };
  const up = parts.filter(({ runs }) => runs);
  const [first, ...others] = up;
  if (first === undefined) return { runs: "none", ...said, failed };
  const youngest = others.reduce<Part>((a, b) => ((b.ageSeconds ?? 0) < (a.ageSeconds ?? 0) ? b : a), first);
  const since = await startOf(api, target, youngest);
  const isWhole = up.length === parts.length && condition !== "failing";
  return { runs: isWhole ? "all" : "some", ...said, ...(since && { since }), failed };
}
