import { visible } from "../../packages/text/visible";
import type { Api, Endpoint } from "../dokploy/endpoints";
import { ifFound } from "../dokploy/errors";
import { CheckFailedError, type Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { isUnknown } from "../pulumi/unknown";
import type { Change } from "../schema/changes";

/**
 * Looks whether what runs in the swarm may join the networks that a service names: of one that is no overlay network, Dokploy
 * takes the id and leaves it out, without a word. Whether they are there is looked at for every id, see `idsOfNothing`.
 *
 * @throws CheckFailedError for what it would leave out of a change
 */
export async function refuseNetworksLeftOut(
  inputs: object,
  changes: readonly Change[],
  { reads }: Pick<Context, "reads">,
): Promise<void> {
  if (!changes.some(({ input }) => input === "networkIds")) return;
  const { networkIds } = inputs as Readonly<Record<string, unknown>>;
  const problems = await Promise.all(idsIn(networkIds).map((id) => problemOf(id, reads)));
  if (problems.flat().length > 0) throw new CheckFailedError(problems.flat());
}

async function problemOf(networkId: string, api: Pick<Api, "call">): Promise<Problem[]> {
  const read = api.call("network.one" as Endpoint, { networkId } as never) as Promise<unknown>;
  const row = (await ifFound(read)) as { name: string; driver: string } | undefined;
  if (row === undefined || row.driver === "overlay") return [];
  const reason =
    `the network "${visible(row.name)}" (${networkId}) is of one machine (driver: "${visible(row.driver)}"), and what runs ` +
    "in the swarm joins overlay networks alone: Dokploy leaves it out without a word";
  return [{ property: "networkIds", reason }];
}

function idsIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((id): id is string => typeof id === "string" && !isUnknown(id));
}
