import type { InputsOf, OneOf } from "./arguments";
import { findServiceId } from "./find";
import { type Lookup, later, now, type OutputWithEnv, withEnv } from "./result";

interface ById {
  /** Id of the application. It stands in the address of its page in Dokploy. */
  readonly applicationId: string;
}
interface InEnvironment {
  /** Name of the application, exactly as Dokploy shows it. */
  readonly name: string;
  /** Id of its environment. */
  readonly environmentId: string;
}
interface InProject {
  /** Name of the application, exactly as Dokploy shows it. */
  readonly name: string;
  /** Name of its project, exactly as Dokploy shows it. */
  readonly project: string;
  /** Name of its environment. Default: the project's default environment. */
  readonly environment?: string;
}

/** Which application: by its id, or by its name and where it is. */
export type GetApplicationArgs = OneOf<ById | InEnvironment | InProject>;
/** The same with outputs. */
export type GetApplicationOutputArgs = OneOf<InputsOf<ById | InEnvironment | InProject>>;

/** An application. */
export interface GetApplicationResult {
  readonly applicationId: string;
  readonly name: string;
  /** Name inside Docker: the host name under which other services reach it. */
  readonly appName: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
  /** Status in Dokploy, of its last deployment or of what was done to it since. */
  readonly status: "idle" | "running" | "done" | "error";
  readonly sourceType: "github" | "docker" | "git" | "gitlab" | "bitbucket" | "gitea" | "drop";
  /** Its image, when `sourceType` is `docker` and one is set. */
  readonly image: string | undefined;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly projectId: string;
  readonly projectName: string;
  /** Names of its variables, sorted. */
  readonly envKeys: readonly string[];
}

const lookup: Lookup<GetApplicationArgs, GetApplicationResult> = {
  caller: "getApplication",
  sets: [["applicationId"], ["name", "environmentId"], ["name", "project", "environment?"]],
  async find(args, reader) {
    const applicationId = args.applicationId ?? (await findServiceId("application", args.name, args, reader));
    const row = await reader.read("application.one", { applicationId }, "application");
    const { environment } = row;
    return withEnv(
      {
        applicationId,
        name: row.name,
        appName: row.appName,
        description: row.description || undefined,
        status: row.applicationStatus,
        sourceType: row.sourceType,
        image: (row.sourceType === "docker" && row.dockerImage) || undefined,
        environmentId: row.environmentId,
        environmentName: environment.name,
        projectId: environment.projectId,
        projectName: environment.project.name,
      },
      row.env,
      "application",
    );
  },
};

/**
 * An application that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For an application that the same program makes, use the outputs of that
 * resource. With outputs as arguments use `getApplicationOutput`, whose result also has the variables, as the secret `env`.
 *
 * @throws LookupError when there is no such application, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { applicationId } = await dokploy.getApplication({ name: "api", project: "shop" });
 *   new dokploy.EnvironmentBlock("api", { target: { applicationId }, env: dokploy.loadEnv("envs/prod/api.yaml") });
 * };
 * ```
 */
export function getApplication(args: GetApplicationArgs): Promise<GetApplicationResult> {
  return now(lookup, args);
}

/**
 * An application that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such application, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const api = dokploy.getApplicationOutput({ name: "api", project: "shop", environment: "staging" });
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: api.applicationId },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example One secret of another service
 * ```ts
 * const password = dokploy.getApplicationOutput({ applicationId: "PQqzqTGCVtx0St2SA3vCi" }).env.apply((env) => env.PASSWORD ?? "");
 * ```
 */
export function getApplicationOutput(args: GetApplicationOutputArgs): OutputWithEnv<GetApplicationResult> {
  return later(lookup, args);
}
