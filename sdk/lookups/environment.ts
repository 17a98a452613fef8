import type { OneOf } from "./arguments";
import { findEnvironment, findProjectId, isDefault } from "./find";
import { hostLookup } from "./host";

interface ById {
  /** Id of the environment. */
  readonly environmentId: string;
}
interface InProjectById {
  /** Id of the project. */
  readonly projectId: string;
  /** Name of the environment, exactly as Dokploy shows it. Default: the project's default environment. */
  readonly name?: string;
}
interface InProjectByName {
  /** Name of the project, exactly as Dokploy shows it. */
  readonly project: string;
  /** Name of the environment, exactly as Dokploy shows it. Default: the project's default environment. */
  readonly name?: string;
}

/** Arguments that name an environment: its id, or its project and its name. */
export type GetEnvironmentArgs = OneOf<ById | InProjectById | InProjectByName>;

/** An environment of a project. */
export interface GetEnvironmentResult {
  /** Id of the environment. */
  readonly environmentId: string;
  /** Name of the environment. */
  readonly name: string;
  /** Description in Dokploy; undefined when it has none. */
  readonly description: string | undefined;
  /** True for the environment that Dokploy made with the project. */
  readonly isDefault: boolean;
  /** Id of the project. */
  readonly projectId: string;
  /** Name of the project. */
  readonly projectName: string;
  /** Names of the variables that its services share, sorted. */
  readonly envKeys: readonly string[];
}

/**
 * Returns an existing environment, found by its id, or by its project and its name. Without a name it is
 * the default environment of the project.
 *
 * It is read in every run, including previews. For an environment that the same program creates, use the outputs of
 * that resource. To pass outputs as arguments use `getEnvironmentOutput`, whose result also has the shared variables,
 * as the secret `env`.
 *
 * @throws LookupError when no such environment exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const staging = await dokploy.getEnvironment({ project: "shop", name: "staging" });
 *   new dokploy.Application("api", { environmentId: staging.environmentId, name: "api", source });
 * };
 * ```
 *
 * @outputs
 * @example
 * ```ts
 * const staging = dokploy.getEnvironmentOutput({ projectId: shop.id, name: "staging" });
 * ```
 */
export const environment = hostLookup<"environment", GetEnvironmentArgs, GetEnvironmentResult>({
  kind: "environment",
  sets: [
    ["projectId", "name?"],
    ["project", "name?"],
  ],
  async idOf(args, reader) {
    const projectId = args.projectId ?? (await findProjectId(args.project, "projectId", reader));
    return (await findEnvironment(projectId, args.name, reader)).environmentId;
  },
  report: (row) => ({
    isDefault: isDefault(row),
    projectId: row.projectId,
    projectName: row.project.name,
  }),
  dialect: () => "shared",
});
