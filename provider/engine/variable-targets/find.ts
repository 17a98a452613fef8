import type { RunFacts } from "../../deploy";
import { type Api, ifFound } from "../../dokploy";
import { looksOutside } from "../../env";
import { CheckFailedError } from "../../errors";
import { type Context, noSuch } from "../../lifecycle";
import { type DeployedTarget, kindAndId, type NamedService, type Target } from "../../schema";
import type { EnvHost, Service } from "./host";
import { observeKind } from "./observe";
import type { EnclosingScopes } from "./reference-checks";

/** @throws CheckFailedError when the target does not exist */
export async function existing(of: DeployedTarget, api: Api): Promise<Service>;
export async function existing(of: Target, api: Api): Promise<EnvHost>;
export async function existing(of: Target, api: Api): Promise<EnvHost> {
  const found = await observe(of, api);
  if (found) return found;
  const { kind, id } = kindAndId(of);
  throw new CheckFailedError([{ property: `target.${kind}Id`, reason: await noSuch(kind, id, api) }]);
}

/** Reads the target's current state; undefined when it does not exist. */
export async function observe(of: NamedService, api: Api): Promise<Service | undefined>;
export async function observe(of: Target, api: Api): Promise<EnvHost | undefined>;
export async function observe(of: Target, api: Api): Promise<EnvHost | undefined> {
  const { kind, id } = kindAndId(of);
  return await ifFound(observeKind(kind, id, api));
}

/** Returns the facts of a run about a service that was read at that position and for which nothing was saved. */
export function runFactsOf(
  of: Target,
  { environment, texts }: Pick<Service, "environment" | "texts">,
  readAt: number,
  { api }: Pick<Context, "api">,
): RunFacts {
  return {
    since: 0,
    readAt,
    around: placesAround(environment),
    takesShared: Object.values(texts).some((text) => looksOutside(text ?? "")),
    again: async () => (await existing(of as DeployedTarget, api)).withTexts({}),
  };
}

/** Returns the keys, within a run, of the environment and the project whose variables a service may use. */
export function placesAround({
  environmentId,
  projectId,
}: Pick<EnclosingScopes, "environmentId" | "projectId">): string[] {
  return [`project/${projectId}`, `environment/${environmentId}`];
}
