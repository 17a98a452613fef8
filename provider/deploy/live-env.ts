import type { Api } from "../dokploy";
import { containersOf, inspect, isSwarm, onServer, type WatchTarget } from "./watch-target";

/** Maximum number of containers that are checked. */
const MAX_CONTAINERS = 5;

/**
 * Compares variables with those of the running containers. Each container of an application or database should have all
 * of them. One of a compose service has only what its file gives it, also with other values; so such a service differs
 * where some container has a name, and none of them with this value.
 *
 * @returns `unseen` where nothing runs, where Docker shows nothing, or where the containers of a compose service decide nothing
 */
export async function liveVariables(
  api: Api,
  target: WatchTarget,
  env: Readonly<Record<string, string>>,
): Promise<"same" | "other" | "unseen"> {
  const containers = await runningEnvs(api, target).catch(() => []);
  if (containers.length === 0) return "unseen";
  const found = Object.entries(env).map(([name, value]) => {
    const values = containers.map((container) => container.get(name));
    const given = target.kind === "compose" ? values.filter((live) => live !== undefined) : values;
    if (given.length === 0) return "unseen";
    if (given.every((live) => live === value)) return "same";
    return target.kind === "compose" && given.includes(value) ? "unseen" : "other";
  });
  return (["other", "unseen"] as const).find((state) => found.includes(state)) ?? "same";
}

/** Returns the variables of each running container; none where one of them is gone before it was looked at. */
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
    const config = await inspect(api, target, containerId);
    // Gone meanwhile: the service is changing.
    if (config === undefined) return [];
    const lines = config.Config?.Env ?? [];
    found.push(
      new Map(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)] as const)),
    );
  }
  return found;
}
