import { type Api, DokployError } from "../dokploy";
import { readContainer, readTask } from "./health-rows";
import { isStack, isSwarm, observe, onServer, type WatchTarget } from "./watch-target";

/** Parts of a service in Docker that outlive its row in Dokploy. */
export interface Remains {
  /** Names of tasks or containers that should run, such as `web-x7k2a1.1`; undefined when the key may not see them. */
  readonly containers: readonly string[] | undefined;
  /** Names of volumes; undefined when the key may not see them, or nothing shows them. */
  readonly volumes: readonly string[] | undefined;
}

/**
 * Looks for the containers and volumes of a service that Dokploy may no longer have: by its name in Docker, which no other
 * service ever gets.
 *
 * @param volumes names of volumes that it may have; those that Compose or Swarm made for it are found without
 */
export async function remainsOf(target: WatchTarget, volumes: readonly string[], api: Api): Promise<Remains> {
  const [seen, all] = await Promise.all([
    shown(observe(api, target, Date.now)),
    shown(api.call("dockerVolume.getVolumes", onServer(target))),
  ]);
  const label = isSwarm(target) ? "com.docker.stack.namespace" : "com.docker.compose.project";
  const isIts = ({ Name, Labels }: { readonly Name: string; readonly Labels: string }) =>
    volumes.includes(Name) || Labels.split(",").includes(`${label}=${target.appName}`);
  return {
    containers: seen && [
      ...(seen.tasks ?? [])
        .map(readTask)
        .flatMap(({ desired, name }) => (desired === "running" ? [name] : [])),
      ...(seen.containers ?? [])
        .map(readContainer)
        .flatMap(({ state, name }) => (state === "running" ? [name] : [])),
    ],
    // Dokploy has volumes of its own, so that an empty list means that Docker did not respond.
    volumes: all === undefined || all.length === 0 ? undefined : all.filter(isIts).map(({ Name }) => Name),
  };
}

/** Returns the command that stops everything of a service on its server. */
export function stopCommand(target: WatchTarget): string {
  if (isStack(target)) return `docker stack rm ${target.appName}`;
  return isSwarm(target) ? `docker service rm ${target.appName}` : `docker compose -p ${target.appName} down`;
}

/** Returns the command that lists the containers of a service on its server. */
export function listCommand(target: WatchTarget): string {
  if (isStack(target)) return `docker stack ps ${target.appName}`;
  return isSwarm(target) ? `docker service ps ${target.appName}` : `docker compose -p ${target.appName} ps`;
}

/** Returns what a call shows; undefined where the key may not see it, or the server is too old for the call. */
async function shown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DokployError) return undefined;
    throw error;
  }
}
