import type { Api } from "../dokploy";
import { containersOf, inspect, isSwarm, onServer, type WatchTarget } from "./watch-target";

/** Maximum number of containers that are checked. */
const MAX_CONTAINERS = 5;

/**
 * True when the running containers have these variables: for a Swarm service every container; for a compose service
 * every container that has a variable of the name, and at least one. False where that cannot be seen.
 */
export async function runsWith(
  api: Api,
  target: WatchTarget,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const containers = await runningEnvs(api, target);
    if (containers.length === 0) return false;
    return Object.entries(env).every(([name, value]) => {
      const values = containers.flatMap((container) => {
        const found = container.get(name);
        return found === undefined && !isSwarm(target) ? [] : [found];
      });
      return values.length > 0 && values.every((found) => found === value);
    });
  } catch {
    return false;
  }
}

async function runningEnvs(api: Api, target: WatchTarget): Promise<ReadonlyMap<string, string>[]> {
  const rows = isSwarm(target)
    ? await containersOf(api, target)
    : await api.call("docker.getContainersByAppNameMatch", {
        appName: target.appName,
        appType: "docker-compose",
        ...onServer(target),
      });
  const running = rows.filter(({ state }) => state === "running");
  const found: ReadonlyMap<string, string>[] = [];
  for (const { containerId } of running.slice(0, MAX_CONTAINERS)) {
    const lines = (await inspect(api, target, containerId))?.Config?.Env ?? [];
    found.push(
      new Map(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)] as const)),
    );
  }
  return found;
}
