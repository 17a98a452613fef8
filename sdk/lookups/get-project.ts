import type { InputsOf, OneOf } from "./arguments";
import { LookupError } from "./error";
import { finding, hostLookup, type OutputWithEnv } from "./host";
import { type LookupOptions, later, now } from "./lookup";

interface ById {
  /** Id of the project. */
  readonly projectId: string;
}
interface ByName {
  /** Name of the project, exactly as Dokploy shows it. */
  readonly name: string;
}

/** Which project: by its id or by its name. */
export type GetProjectArgs = OneOf<ById | ByName>;
/** The same with outputs. */
export type GetProjectOutputArgs = OneOf<InputsOf<ById | ByName>>;

/** A project. */
export interface GetProjectResult {
  readonly projectId: string;
  readonly name: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
  /** Id of the environment `production`, which Dokploy makes with every project. */
  readonly defaultEnvironmentId: string;
  /** All environments that the API key may see, in Dokploy's order. */
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
  tell({ projectId, name, environments: rows }) {
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
 * A project that exists in Dokploy, by its id or by its name.
 *
 * It is read in every run, also at preview. For a project that the same program makes, use the outputs of that
 * resource. With outputs as arguments use `getProjectOutput`, whose result also has the shared variables, as the
 * secret `env`.
 *
 * @throws LookupError when there is no such project, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const shop = await dokploy.getProject({ name: "shop" });
 *   new dokploy.Environment("staging", { projectId: shop.projectId, name: "staging" });
 * };
 * ```
 */
export function getProject(args: GetProjectArgs, options?: LookupOptions): Promise<GetProjectResult> {
  return now(lookup, args, options);
}

/**
 * A project that exists in Dokploy, by its id or by its name, either of which may be an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such project, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const shop = dokploy.getProjectOutput({ name: "shop" });
 * new dokploy.Application("api", { environmentId: shop.defaultEnvironmentId, name: "api", source });
 * ```
 */
export function getProjectOutput(
  args: GetProjectOutputArgs,
  options?: LookupOptions,
): OutputWithEnv<GetProjectResult> {
  return later(lookup, args, options);
}
