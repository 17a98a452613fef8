import type { Context } from "../context";
import type { Api } from "../dokploy/endpoints";
import { isGone } from "../dokploy/errors";
import { looksOutside } from "../env/uses";
import { ProblemError } from "../problem";
import type { Standing } from "./deployable";
import type { Surroundings } from "./foresight";
import { observeApplication } from "./targets/application";
import { observeCompose } from "./targets/compose";
import { observeDatabase } from "./targets/database";
import type { Holder, Service } from "./targets/holder";
import { type DeployedTarget, kindAndId, type Target, type TargetKind } from "./targets/kinds";
import { observeEnvironment, observeProject } from "./targets/shared";
import { noSuch } from "./wrong-id";

/**
 * What the target names, as it is now.
 *
 * @throws ProblemError when it is not there
 */
export async function existing(of: DeployedTarget, api: Api): Promise<Service>;
export async function existing(of: Target, api: Api): Promise<Holder>;
export async function existing(of: Target, api: Api): Promise<Holder> {
  const found = await observe(of, api);
  if (found) return found;
  const { kind, id } = kindAndId(of);
  throw new ProblemError([
    {
      property: `target.${kind}Id`,
      reason: await noSuch(kind, id, api),
    },
  ]);
}

/** The same; undefined when it is not there. */
export async function observe(of: DeployedTarget, api: Api): Promise<Service | undefined>;
export async function observe(of: Target, api: Api): Promise<Holder | undefined>;
export async function observe(of: Target, api: Api): Promise<Holder | undefined> {
  const { kind, id } = kindAndId(of);
  try {
    return await read(kind, id, api);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/**
 * What a run knows of a service for which nothing was saved yet.
 *
 * @param readAt where the run stood before the service was read
 */
export function standingOf(
  of: Target,
  { environment, texts }: Pick<Service, "environment" | "texts">,
  readAt: number,
  { api }: Pick<Context, "api">,
): Standing {
  return {
    since: 0,
    readAt,
    around: placesAround(environment),
    takesShared: Object.values(texts).some((text) => looksOutside(text ?? "")),
    again: async () => (await existing(of as DeployedTarget, api)).withTexts({}),
  };
}

/** How a run calls the environment and the project whose variables a service may take. */
export function placesAround({
  environmentId,
  projectId,
}: Pick<Surroundings, "environmentId" | "projectId">): string[] {
  return [`project/${projectId}`, `environment/${environmentId}`];
}

async function read(kind: TargetKind, id: string, api: Api): Promise<Holder> {
  switch (kind) {
    case "application":
      return await observeApplication(id, api);
    case "compose":
      return await observeCompose(id, api);
    case "project":
      return await observeProject(id, api);
    case "environment":
      return await observeEnvironment(id, api);
    default:
      return await observeDatabase(kind, id, api);
  }
}
