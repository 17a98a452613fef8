import { isDeepStrictEqual } from "node:util";
import type { ContainerConfig, TaskRow, TaskSpec } from "../dokploy/docker-rows";
import type { Api } from "../dokploy/endpoints";
import type { TaskVersion } from "./health-model";
import { failedPlaces, isUp, serviceOf } from "./health-swarm";
import { inspect, type WatchTarget } from "./watch-target";

/**
 * Which version tasks have: their spec is that of their service or that of the one before. Docker's `inspect` knows both,
 * tasks by their id.
 *
 * @returns undefined for a task that Docker does not know any more, and where nothing of the service has changed
 */
export async function versionsOf(
  api: Api,
  target: WatchTarget,
  tasks: readonly TaskRow[],
): Promise<ReadonlyMap<string, TaskVersion | undefined>> {
  const versions = new Map<string, TaskVersion | undefined>();
  const services = new Map<string, ContainerConfig | undefined>();
  for (const { containerId, name } of tasks) {
    const service = serviceOf(name);
    if (!services.has(service)) services.set(service, await inspect(api, target, service));
    const spec = (await inspect(api, target, containerId))?.Spec;
    versions.set(containerId, versionOf(spec, services.get(service)));
  }
  return versions;
}

function versionOf(
  spec: TaskSpec | undefined,
  service: ContainerConfig | undefined,
): TaskVersion | undefined {
  const present = service?.Spec?.TaskTemplate;
  const former = service?.PreviousSpec?.TaskTemplate;
  if (spec === undefined || present === undefined) return undefined;
  const isPresent = isDeepStrictEqual(withDefaults(spec), present);
  // Then the service has the spec of the old version again.
  if (service?.UpdateStatus?.State?.startsWith("rollback_")) return isPresent ? "old" : "new";
  const isFormer = former !== undefined && isDeepStrictEqual({ ...spec, Runtime: RUNTIME }, former);
  if (isPresent && isFormer) return undefined;
  return isFormer ? "old" : "new";
}

const RUNTIME = "container";

/** The spec of a task as Docker's command line shows that of its service. */
function withDefaults(spec: TaskSpec): object {
  return {
    Runtime: RUNTIME,
    Resources: {},
    Placement: {},
    ...spec,
    RestartPolicy: { Condition: "any", Delay: 5_000_000_000, MaxAttempts: 0, ...spec.RestartPolicy },
    ContainerSpec: { StopGracePeriod: 10_000_000_000, DNSConfig: {}, ...spec.ContainerSpec },
  };
}

/**
 * Whether the version that is there runs, of which rows were just read. One that fails again and again does not, though a
 * task of it may run right now; one to which Swarm goes back in this moment does.
 */
export async function isRunning(api: Api, target: WatchTarget, rows: readonly TaskRow[]): Promise<boolean> {
  const places = failedPlaces(rows);
  const specOf = async (id: string) => (await inspect(api, target, id))?.Spec;
  for (const { wanted, failed } of places) {
    const bad = await Promise.all(failed.map(specOf));
    const there = await Promise.all(wanted.map(specOf));
    if (!there.some((spec) => !bad.some((other) => isDeepStrictEqual(spec, other)))) return false;
  }
  return places.length > 0 || isUp(rows);
}
