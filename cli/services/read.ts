import { visible } from "../../packages/text";
import {
  hasGoneBack,
  imageReader,
  isForbidden,
  isJobOf,
  type Part,
  readDescription,
  readQueue,
  type ServiceTarget,
  whatRuns,
} from "../../provider/deploy";
import { type Api, addressesOf, callAny, type DeploymentRow, ifFound } from "../../provider/dokploy";
import { targetToWatch } from "../../provider/engine";
import { differencesOf } from "./differences";
import type { AnyRow, Condition, LastDeployment, ServiceStatus } from "./model";
import type { StackService } from "./stack-services";

/** Seconds after which a running container is not one of a series that ends again and again. */
const SETTLED_SECONDS = 120;

/** Reads services, each with two calls, the queue of deployments, and the containers of each machine with compose services. */
export async function readStatus(services: readonly StackService[], api: Api): Promise<ServiceStatus[]> {
  // A key without that permission still shows the rest.
  const queue = await readQueue(api).catch(() => []);
  const imagesOf = imageReader(api);
  return await Promise.all(
    services.map(async (service) => {
      const { kind, id, name } = service;
      const row = await rowOf(service, api);
      if (row === undefined) return { ...missing, name, kind };
      const target = targetToWatch(kind, id, row);
      const { parts, ...seen } = await conditionOf(target, api);
      const isNew = parts?.length === 0 && row.deployments?.length === 0;
      const condition = isNew ? "not deployed" : seen.condition;
      const isDeploying =
        (kind === "application" || kind === "compose") &&
        queue.some((job) => isJobOf(job, { kind, id, name }));
      const ages = parts?.flatMap(({ runs, ageSeconds }) =>
        runs && ageSeconds !== undefined ? [ageSeconds] : [],
      );
      const lastDeployment = lastOf(row.deployments);
      return {
        name,
        kind,
        condition,
        image: imageOf(kind, row),
        images: kind === "compose" && parts?.length ? await imagesOf(target, parts) : undefined,
        ageSeconds: ages && ages.length > 0 ? Math.min(...ages) : undefined,
        running: parts?.filter(({ runs }) => runs).length,
        wanted: parts && Math.max(parts.length, target.expected?.replicas ?? 0),
        lastDeployment: lastDeployment && shownDeployment(lastDeployment),
        isDeploying,
        addresses: addressesOf(row.domains),
        differences: differencesOf(service.resource, row, lastDeployment),
      };
    }),
  );
}

const missing: Omit<ServiceStatus, "name" | "kind"> = {
  condition: "missing",
  image: undefined,
  images: undefined,
  ageSeconds: undefined,
  running: undefined,
  wanted: undefined,
  lastDeployment: undefined,
  isDeploying: false,
  addresses: [],
  differences: ["Dokploy no longer has it, or the key cannot see it"],
};

/** Reads the row of a service; undefined when Dokploy has none. */
export async function rowOf({ kind, id }: StackService, api: Api): Promise<AnyRow | undefined> {
  return (await ifFound(callAny(api, `${kind}.one`, { [`${kind}Id`]: id }))) as AnyRow | undefined;
}

async function conditionOf(
  target: ServiceTarget,
  api: Api,
): Promise<{ readonly condition: Condition; readonly parts?: readonly Part[] }> {
  try {
    const { parts, keepsFailing } = await whatRuns(api, target);
    const { replicas = 1 } = target.expected ?? {};
    if (parts.length === 0) return { condition: replicas === 0 ? "stopped" : "failing", parts };
    if (parts.some(({ health, state }) => health === "unhealthy" || state === "restarting"))
      return { condition: "failing", parts };
    const isComplete = parts.every(({ runs }) => runs) && parts.length >= replicas;
    // A task that ends again and again runs between two ends.
    const isOld = parts.every(({ ageSeconds }) => ageSeconds !== undefined && ageSeconds >= SETTLED_SECONDS);
    if (isComplete && isOld) return { condition: "healthy", parts };
    const isStarting = !isComplete || parts.some(({ health }) => health === "starting");
    if ((await keepsFailing()) || (isStarting && (await hasGoneBack(api, target, parts))))
      return { condition: "failing", parts };
    return { condition: isStarting ? "starting" : "healthy", parts };
  } catch (error) {
    if (isForbidden(error)) return { condition: "unknown" };
    throw error;
  }
}

function imageOf(kind: StackService["kind"], row: AnyRow): string | undefined {
  if (kind === "compose") return undefined;
  if (kind !== "application" || row.sourceType === "docker") return row.dockerImage ?? undefined;
  return `built from ${String(row.sourceType)}`;
}

/** Returns the newest deployment of a row, whose list has no order. */
function lastOf(records: readonly DeploymentRow[] = []): DeploymentRow | undefined {
  return [...records].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
}

function shownDeployment({ status, createdAt, title, description }: DeploymentRow): LastDeployment {
  const said = description ?? "";
  const commit = readDescription(said)?.commit ?? /^Commit: ([0-9a-f]{7,64})$/.exec(said)?.[1];
  return { status, at: createdAt, title: visible(title), commit };
}
