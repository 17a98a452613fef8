import { isUnknown } from "../../../packages/values";
import { fullNetworkPage } from "../../deploy";
import { DokployError, levelOf } from "../../dokploy";
import { CheckFailedError } from "../../errors";
import type { Context } from "../../lifecycle";

/** Inputs of a new service that decide whether it takes addresses of Dokploy's network. */
interface Inputs {
  readonly serverId?: string | null | undefined;
  readonly detachDokployNetwork?: boolean | undefined;
  readonly isolatedDeployment?: boolean | undefined;
}

const dokploysNetwork = "dokploy-network";
/** Part of the addresses after which the plan warns. */
const nearlyFull = 0.8;

/**
 * Warns of a new service on a server whose network has few free addresses: in a full one, Swarm waits for ever. Says nothing
 * where Dokploy does not show the network, because it is too old or the key may not look at servers.
 *
 * @throws CheckFailedError if the level of the check is `error`
 */
export async function checkNetwork(
  inputs: Inputs,
  { reads, run, checks, warn, inform }: Context,
): Promise<void> {
  const { serverId, detachDokployNetwork, isolatedDeployment } = inputs;
  const level = levelOf("full-network", [], checks);
  const isApart = detachDokployNetwork === true || isolatedDeployment === true;
  if (level === "off" || isApart || isUnknown(serverId)) return;
  const server = serverId ?? "";
  const found = run.networks.get(server) ?? {
    warning: fewAddresses(serverId ?? undefined, reads),
    isReported: false,
  };
  run.networks.set(server, found);
  const text = await found.warning;
  if (text === undefined) return;
  if (level === "error") throw new CheckFailedError([{ property: "", reason: text }]);
  if (found.isReported) return;
  found.isReported = true;
  (level === "warn" ? warn : inform)(text, "advice");
}

async function fewAddresses(
  serverId: string | undefined,
  reads: Context["reads"],
): Promise<string | undefined> {
  try {
    if ((await reads.supports?.("docker.getServerHealth")) === false) return undefined;
    const { containers, dockerNetworks } = await reads.call("docker.getServerHealth", {
      ...(serverId === undefined ? {} : { serverId }),
      sinceHours: 1,
    });
    const network = dockerNetworks.usage.find(({ name }) => name === dokploysNetwork);
    const capacity = network?.capacity ?? 0;
    // Docker shows no other use of addresses: each service has one too.
    const inUse = (network?.containersInUse ?? 0) + containers.serviceCount;
    if (capacity === 0 || inUse < capacity * nearlyFull) return undefined;
    return (
      `${dokploysNetwork} of ${serverId === undefined ? "the server" : `the server ${serverId}`} has about ${inUse} of its ${capacity} ` +
      "addresses in use: one for each container in it, and one for each service of the Swarm. When none is left, new containers " +
      `never start. Remove services that nobody uses, or make the network larger: ${fullNetworkPage} [full-network]`
    );
  } catch (error) {
    if (error instanceof DokployError) return undefined;
    throw error;
  }
}
