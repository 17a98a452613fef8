import { type Api, ifFound } from "../../dokploy";
import { looksOutside } from "../../env";
import { CheckFailedError } from "../../errors";
import { type Context, noSuch } from "../../lifecycle";
import {
  type DeployedTarget,
  kindAndId,
  type NamedService,
  type ServiceKind,
  type Target,
  type TargetKind,
  type Texts,
} from "../../schema";
import { type Deployable, maskedValues } from "../rollout/deployable";
import type { Service, VariableTarget } from "./host";
import { observeKind } from "./observe";
import type { EnclosingScopes } from "./reference-checks";

/** @throws CheckFailedError when the target does not exist */
export async function existing(of: DeployedTarget, api: Api): Promise<Service>;
export async function existing(of: Target, api: Api): Promise<VariableTarget>;
export async function existing(of: Target, api: Api): Promise<VariableTarget> {
  const { kind, id } = kindAndId(of);
  return (await observe(of, api)) ?? (await missing(kind, id, api));
}

/** @throws CheckFailedError always: the target does not exist */
async function missing(kind: TargetKind, id: string, api: Api): Promise<never> {
  throw new CheckFailedError([{ property: `target.${kind}Id`, reason: await noSuch(kind, id, api) }]);
}

/** Reads the target's current state; undefined when it does not exist. */
export async function observe(of: NamedService, api: Api): Promise<Service | undefined>;
export async function observe(of: Target, api: Api): Promise<VariableTarget | undefined>;
export async function observe(of: Target, api: Api): Promise<VariableTarget | undefined> {
  const { kind, id } = kindAndId(of);
  return await ifFound(observeKind(kind, id, api));
}

/** Reads the current state of a service; undefined when it does not exist. */
export async function observeService(kind: ServiceKind, id: string, api: Api): Promise<Service | undefined> {
  return await ifFound(observeKind(kind, id, api));
}

/**
 * Returns a service for its rollout.
 *
 * @param texts texts that were saved after it was read
 */
export function deployable(
  service: Service,
  { api, run }: Pick<Context, "api" | "run">,
  texts: Texts = {},
): Deployable {
  const { kind, id, status, deployments } = service;
  return {
    target: service.withTexts(texts),
    status,
    deployments,
    around: placesAround(service.environment),
    takesShared: Object.values(service.texts).some((text) => looksOutside(text ?? "")),
    secrets: maskedValues(service.values, run),
    again: async () => {
      const now = (await observeService(kind, id, api)) ?? (await missing(kind, id, api));
      return now.withTexts({});
    },
  };
}

/** Returns the keys, within a run, of the environment and the project whose variables a service may use. */
export function placesAround({
  environmentId,
  projectId,
}: Pick<EnclosingScopes, "environmentId" | "projectId">): string[] {
  return [`project/${projectId}`, `environment/${environmentId}`];
}
