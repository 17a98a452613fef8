import type { InputsOf, OneOf } from "./arguments";
import { finding, hostLookup, type OutputWithEnv } from "./host";
import { type LookupOptions, later, now } from "./lookup";

interface ById {
  /** Id of the environment. */
  readonly environmentId: string;
}
interface InProjectById {
  /** Id of its project. */
  readonly projectId: string;
  /** Name of the environment, exactly as Dokploy shows it. Default: the project's default environment. */
  readonly name?: string;
}
interface InProjectByName {
  /** Name of its project, exactly as Dokploy shows it. */
  readonly project: string;
  /** Name of the environment, exactly as Dokploy shows it. Default: the project's default environment. */
  readonly name?: string;
}

/** Which environment: by its id, or by its project and its name. */
export type GetEnvironmentArgs = OneOf<ById | InProjectById | InProjectByName>;
/** The same with outputs. */
export type GetEnvironmentOutputArgs = OneOf<InputsOf<ById | InProjectById | InProjectByName>>;

/** An environment of a project. */
export interface GetEnvironmentResult {
  readonly environmentId: string;
  readonly name: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
  /** Whether Dokploy made it with the project. */
  readonly isDefault: boolean;
  readonly projectId: string;
  readonly projectName: string;
  /** Names of the variables shared by its services, sorted. */
  readonly envKeys: readonly string[];
}

const lookup = hostLookup<"environment", GetEnvironmentArgs, GetEnvironmentResult>({
  kind: "environment",
  sets: [
    ["projectId", "name?"],
    ["project", "name?"],
  ],
  async idOf(args, reader) {
    const { findEnvironment, findProjectId } = finding();
    const projectId = args.projectId ?? (await findProjectId(args.project, "projectId", reader));
    return (await findEnvironment(projectId, args.name, reader)).environmentId;
  },
  tell: (row) => ({
    isDefault: finding().isDefault(row),
    projectId: row.projectId,
    projectName: row.project.name,
  }),
  dialect: () => "shared",
});

/**
 * An environment that exists in Dokploy: by its id, or by its project and its name. Without a name it is the
 * project's default environment.
 *
 * It is read in every run, also at preview. For an environment that the same program makes, use the outputs of that
 * resource. With outputs as arguments use `getEnvironmentOutput`, whose result also has the shared variables, as the
 * secret `env`.
 *
 * @throws LookupError when there is no such environment, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const staging = await dokploy.getEnvironment({ project: "shop", name: "staging" });
 *   new dokploy.Application("api", { environmentId: staging.environmentId, name: "api", source });
 * };
 * ```
 */
export function getEnvironment(
  args: GetEnvironmentArgs,
  options?: LookupOptions,
): Promise<GetEnvironmentResult> {
  return now(lookup, args, options);
}

/**
 * An environment that exists in Dokploy: by its id, or by its project and its name, each of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such environment, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const staging = dokploy.getEnvironmentOutput({ projectId: shop.id, name: "staging" });
 * ```
 */
export function getEnvironmentOutput(
  args: GetEnvironmentOutputArgs,
  options?: LookupOptions,
): OutputWithEnv<GetEnvironmentResult> {
  return later(lookup, args, options);
}
