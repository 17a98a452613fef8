import { visible } from "../../../packages/text";
import { isUnknown } from "../../../packages/values";
import { type Api, callAny, ifFound } from "../../dokploy";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context } from "../../lifecycle";
import type { Change } from "../../schema";

/**
 * Checks that swarm services can join the networks that a service names. Dokploy takes the id of a network that is not
 * an overlay network, and silently leaves it out. Every plan checks that the networks exist; see `idsOfNothing`.
 *
 * @throws CheckFailedError for a network that a change would leave out
 */
export async function refuseSkippedNetworks(
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
  const row = (await ifFound(callAny(api, "network.one", { networkId }))) as
    | { name: string; driver: string }
    | undefined;
  if (row === undefined || row.driver === "overlay") return [];
  const reason =
    `the network "${visible(row.name)}" (${networkId}) exists on one machine only (driver: ` +
    `"${visible(row.driver)}"), and services in the swarm join only overlay networks: Dokploy leaves it out ` +
    "without a warning";
  return [{ property: "networkIds", reason }];
}

function idsIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((id): id is string => typeof id === "string" && !isUnknown(id));
}
