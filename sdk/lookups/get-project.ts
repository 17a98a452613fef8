import type { InputsOf, OneOf } from "./arguments";
import { LookupError } from "./error";
import { finding, hostLookup } from "./host";
import { outputForm, plainForm } from "./lookup";

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
/** Arguments, each of which may be an output. */
export type GetProjectOutputArgs = InputsOf<GetProjectArgs>;

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
    readonly environmentId: string;
    readonly name: string;
    readonly isDefault: boolean;
  }[];
  /** Names of the shared variables, sorted. */
  readonly envKeys: readonly string[];
}

const lookup = hostLookup<"project", GetProjectArgs, GetProjectResult>({
  kind: "project",
  sets: [["name"]],
  idOf: ({ name }, reader) => finding().findProjectId(name, "projectId", reader),
  report({ projectId, name, environments: rows }) {
    const environments = rows.map((environment) => ({
      environmentId: environment.environmentId,
      name: environment.name,
      isDefault: finding().isDefault(environment),
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

/**
 * Returns a project that exists in Dokploy, found by its id or its name.
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
 */
export const getProject = plainForm(lookup);

/**
 * Returns the result of {@link getProject} as an output, with the secret `env`. The argument may be an output. If it is
 * unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const shop = dokploy.getProjectOutput({ name: "shop" });
 * new dokploy.Application("api", { environmentId: shop.defaultEnvironmentId, name: "api", source });
 * ```
 */
export const getProjectOutput = outputForm(lookup);
