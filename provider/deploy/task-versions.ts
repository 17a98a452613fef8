import { isDeepStrictEqual } from "node:util";
import type { TaskRow } from "../dokploy/docker-rows";
import type { Api } from "../dokploy/endpoints";
import type { TaskVersion } from "./health-model";
import { failedPlaces, isUp } from "./health-swarm";
import { inspect, type WatchTarget } from "./watch-target";

/**
 * Which version tasks of an application or a database have: with each deployment Dokploy counts up `ForceUpdate` of the
 * service, and each task keeps the number that it was made with. Docker's `inspect` knows tasks by their id.
 *
 * @returns undefined for a task that Docker does not know any more
 */
export async function versionsOf(
  api: Api,
  target: WatchTarget,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, TaskVersion | undefined>> {
  const versions = new Map<string, TaskVersion | undefined>();
  if (taskIds.length === 0) return versions;
  const service = await inspect(api, target, target.appName);
  const wanted = service?.Spec?.TaskTemplate?.ForceUpdate;
  // Then the service has the number of the old version again.
  const isBack = service?.UpdateStatus?.State?.startsWith("rollback_") === true;
  for (const id of taskIds) {
    const made = (await inspect(api, target, id))?.Spec?.ForceUpdate;
    if (made === undefined || wanted === undefined) versions.set(id, undefined);
    else versions.set(id, made > wanted || (made === wanted && !isBack) ? "new" : "old");
  }
  return versions;
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
