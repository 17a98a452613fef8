import type { OneOf } from "./arguments";
import { LookupError } from "./error";
import { findProjectId, isDefault } from "./find";
import { hostLookup } from "./host";

interface ById {
  /** Id of the project. */
  readonly projectId: string;
}
interface ByName {
  /** Name of the project, exactly as Dokploy shows it. */
  readonly name: string;
}

/** Arguments that name a project: its id or its name. */
export type GetProjectArgs = OneOf<ById | ByName>;

/** A project. */
export interface GetProjectResult {
  /** Id of the project. */
  readonly projectId: string;
  /** Name of the project. */
  readonly name: string;
  /** Description in Dokploy; undefined when it has none. */
  readonly description: string | undefined;
  /** Id of the environment `production`, which Dokploy creates with every project. */
  readonly defaultEnvironmentId: string;
  /** Environments that the API key may see, in Dokploy's order. */
  readonly environments: readonly {
    /** Id of the environment. */
    readonly environmentId: string;
    /** Name of the environment. */
    readonly name: string;
    /** True for the environment that Dokploy created with the project. */
    readonly isDefault: boolean;
  }[];
  /** Names of the shared variables, sorted. */
  readonly envKeys: readonly string[];
}

/**
 * Returns an existing project, found by its id or its name.
 *
 * It is read in every run, including previews. For a project that the same program creates, use the outputs of that
 * resource. To pass outputs as arguments use `getProjectOutput`, whose result also has the shared variables, as the
 * secret `env`.
 *
 * @throws LookupError when no such project exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const shop = await dokploy.getProject({ name: "shop" });
 *   new dokploy.Environment("staging", { projectId: shop.projectId, name: "staging" });
 * };
 * ```
 *
 * @outputs
 * @example
 * ```ts
 * const shop = dokploy.getProjectOutput({ name: "shop" });
 * new dokploy.Application("api", { environmentId: shop.defaultEnvironmentId, name: "api", source });
 * ```
 */
export const project = hostLookup<"project", GetProjectArgs, GetProjectResult>({
  kind: "project",
  sets: [["name"]],
  idOf: ({ name }, reader) => findProjectId(name, "projectId", reader),
  report({ projectId, name, environments: rows }) {
    const environments = rows.map((environment) => ({
      environmentId: environment.environmentId,
      name: environment.name,
      isDefault: isDefault(environment),
    }));
    const main = environments.find((environment) => environment.isDefault);
    if (main) return { defaultEnvironmentId: main.environmentId, environments };
    throw new LookupError(
      `the API key does not see the default environment of project ${JSON.stringify(name)} (${projectId}). ` +
        "Give its user access to it, or use getEnvironment with the name of one that it sees.",
    );
  },
  dialect: () => "shared",
});
