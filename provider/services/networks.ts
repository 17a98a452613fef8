import type { Api, Endpoint } from "../dokploy/endpoints";
import { ifFound } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import { CheckFailedError, type Problem } from "../problem";
import { isRecord, isUnknown } from "../pulumi/unknown";
import type { Change } from "../schema/changes";
import { visible } from "../visible";

/**
 * Looks for the networks that a service is to join: of what is gone, and for services of the swarm of what is no overlay network,
 * Dokploy takes the id and leaves the network out, without a word.
 *
 * @throws CheckFailedError for what it would leave out of a change
 */
export async function refuseNetworksLeftOut(
  inputs: object,
  changes: readonly Change[],
  { reads }: Pick<Context, "reads">,
): Promise<void> {
  const { networkIds, serviceNetworks } = inputs as Readonly<Record<string, unknown>>;
  const isChanged = (name: string) => changes.some(({ input }) => input === name);
  const ofServices = listOf(serviceNetworks).flatMap((joined) =>
    isRecord(joined) ? listOf(joined["networkIds"]) : [],
  );
  const asked = [
    ...(isChanged("networkIds") ? idsIn(listOf(networkIds)) : []).map((id) =>
      problemOf("networkIds", id, true, reads),
    ),
    ...(isChanged("serviceNetworks") ? idsIn(ofServices) : []).map((id) =>
      problemOf("serviceNetworks", id, false, reads),
    ),
  ];
  const problems = (await Promise.all(asked)).flat();
  if (problems.length > 0) throw new CheckFailedError(problems);
}

async function problemOf(
  property: string,
  networkId: string,
  isOfSwarm: boolean,
  api: Pick<Api, "call">,
): Promise<Problem[]> {
  const read = api.call("network.one" as Endpoint, { networkId } as never) as Promise<unknown>;
  const row = (await ifFound(read)) as { name: string; driver: string } | undefined;
  if (row === undefined)
    return [{ property, reason: `Dokploy has no network ${networkId} (or this key may not see it)` }];
  if (!isOfSwarm || row.driver === "overlay") return [];
  const reason =
    `the network "${visible(row.name)}" (${networkId}) is of one machine (driver: "${visible(row.driver)}"), and what runs ` +
    "in the swarm joins overlay networks alone: Dokploy leaves it out without a word";
  return [{ property, reason }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function idsIn(values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === "string" && !isUnknown(value));
}
