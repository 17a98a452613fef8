import type { Container } from "../../packages/compose-checks/checks";
import type { Service } from "./service";

/** A service with the containers of its compose file, if that is known. */
export interface Reachable extends Service {
  readonly containers: ReadonlyMap<string, Container> | undefined;
}

/** Networks that containers join: by their names in Docker, and by their ids in Dokploy. */
interface Joined {
  readonly names: readonly string[];
  readonly ids: readonly string[];
}

const dokployNetwork = "dokploy-network";

/**
 * Says why no container of one service reaches another service, as far as the files prove it.
 *
 * @param container name of the container of `target` in its compose file
 */
export function areApart(
  user: Reachable,
  target: Reachable,
  container: string | undefined,
): "servers" | "networks" | undefined {
  const server = ({ app }: Reachable) => app.inputs["serverId"] ?? "";
  if (server(user) !== server(target)) return "servers";
  const [from, to] = [joinedBy(user, undefined), joinedBy(target, container)];
  if (from === undefined || to === undefined) return undefined;
  // An id may be that of a network with another name.
  const mayBeSame = (some: Joined, other: Joined) =>
    some.ids.length > 0 && other.names.some((name) => name !== dokployNetwork);
  const shares =
    from.names.some((name) => to.names.includes(name)) || from.ids.some((id) => to.ids.includes(id));
  return shares || mayBeSame(from, to) || mayBeSame(to, from) ? undefined : "networks";
}

/** Returns the networks of a service, or of one of its containers; undefined when the files do not say. */
function joinedBy({ app, containers }: Reachable, container: string | undefined): Joined | undefined {
  if (app.kind === "compose") return joinedByContainers(app.inputs, containers, container);
  const { swarm, networkIds, detachDokployNetwork } = app.inputs;
  const targets = (swarm as { readonly networks?: { readonly Target?: string }[] } | undefined)?.networks;
  if (targets !== undefined) {
    const names = targets.map(({ Target = "" }) => Target);
    // Docker's ids of networks.
    return names.some((name) => /^[a-z\d]{25}$/.test(name)) ? undefined : { names, ids: [] };
  }
  return { names: detachDokployNetwork === true ? [] : [dokployNetwork], ids: textsOf(networkIds) };
}

function joinedByContainers(
  { domains, serviceNetworks, isolatedDeployment }: Reachable["app"]["inputs"],
  containers: Reachable["containers"],
  container: string | undefined,
): Joined | undefined {
  const chosen = [...(containers ?? [])].filter(([name]) => container === undefined || name === container);
  if (chosen.length === 0) return undefined;
  const of = (list: unknown, name: string) =>
    (Array.isArray(list) ? (list as Readonly<Record<string, unknown>>[]) : []).filter(
      (item) => item["serviceName"] === name,
    );
  const all = chosen.map(([name, { networks }]): Joined | undefined => {
    if (networks === undefined) return undefined;
    const extra = of(serviceNetworks, name);
    const isRouted = isolatedDeployment !== true && of(domains, name).length > 0;
    const isDetached = extra.some((item) => item["detachDokployNetwork"] === true);
    const names = [...networks, ...(isRouted ? [dokployNetwork] : [])];
    return {
      names: names.filter((network) => !(isDetached && network === dokployNetwork)),
      ids: extra.flatMap((item) => textsOf(item["networkIds"])),
    };
  });
  if (all.includes(undefined)) return undefined;
  return {
    names: all.flatMap((joined) => joined?.names ?? []),
    ids: all.flatMap((joined) => joined?.ids ?? []),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
