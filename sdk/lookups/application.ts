import type { OneOf } from "./arguments";
import { type ServiceBy, type ServiceResult, serviceLookup } from "./host";

/** Arguments that name an application: its id, or its name and place. */
export type GetApplicationArgs = OneOf<ServiceBy<"application">>;

/** An application. */
export interface GetApplicationResult extends ServiceResult {
  /** Id of the application. */
  readonly applicationId: string;
  /** Type of the source; `drop` is an uploaded archive. */
  readonly sourceType: "github" | "docker" | "git" | "gitlab" | "bitbucket" | "gitea" | "drop";
  /** Image, when `sourceType` is `docker` and an image is set. */
  readonly image: string | undefined;
}

/**
 * Returns an existing application, found by its id, by its name and its environment, or by its name and
 * its project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For an application that the same program creates, use the outputs of
 * that resource. To pass outputs as arguments use `getApplicationOutput`, whose result also has the variables, as the
 * secret `env`.
 *
 * @throws LookupError when no such application exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { applicationId } = await dokploy.getApplication({ name: "api", project: "shop" });
 *   new dokploy.EnvironmentBlock("api", { target: { applicationId }, env: dokploy.loadEnv("envs/prod/api.yaml") });
 * };
 * ```
 *
 * @outputs
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
export const application = serviceLookup<"application", GetApplicationArgs, GetApplicationResult>(
  "application",
  {
    report: ({ applicationStatus, sourceType, dockerImage }) => ({
      status: applicationStatus,
      sourceType,
      image: (sourceType === "docker" && dockerImage) || undefined,
    }),
    dialect: () => "application",
  },
);
