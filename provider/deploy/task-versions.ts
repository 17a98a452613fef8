import { isDeepStrictEqual } from "node:util";
import type { Api, ContainerConfig, TaskRow, TaskSpec } from "../dokploy";
import type { TaskVersion } from "./health-model";
import { type FailedPlace, failedPlaces, isUp, serviceOf } from "./health-swarm";
import { inspect, type WatchTarget } from "./watch-target";

/**
 * Determines the versions of tasks: the spec of a task equals that of its service or the previous one. Docker's
 * `inspect` returns both, and finds tasks by their id.
 *
 * @returns undefined for a task that Docker no longer knows, and where the service has not changed
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

/** Completes the spec of a task as Docker's command line shows that of its service. */
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
 * True when the current version runs, judged by rows that were just read. A version that fails again and again does
 * not run, though one of its tasks may run right now. A version to which Swarm is going back does.
 */
export async function isRunning(api: Api, target: WatchTarget, rows: readonly TaskRow[]): Promise<boolean> {
  const places = failedPlaces(rows);
  if ((await stillFailing(api, target, places)).length > 0) return false;
  return places.length > 0 || isUp(rows);
}

/** Returns those of some slots in which Swarm wants nothing else than what has failed there. */
export async function stillFailing(
  api: Api,
  target: WatchTarget,
  places: readonly FailedPlace[],
): Promise<FailedPlace[]> {
  const specOf = async (id: string) => (await inspect(api, target, id))?.Spec;
  const found: FailedPlace[] = [];
  for (const place of places) {
    const bad = await Promise.all(place.failed.map(specOf));
    const there = await Promise.all(place.wanted.map(specOf));
    if (!there.some((spec) => !bad.some((other) => isDeepStrictEqual(spec, other)))) found.push(place);
  }
  return found;
}
