import type { InputsOf, OneOf } from "./arguments";
import { type OutputWithEnv, type ServiceBy, type ServiceResult, serviceLookup } from "./host";
import { type LookupOptions, later, now } from "./lookup";

/** Which application: by its id, or by its name and where it is. */
export type GetApplicationArgs = OneOf<ServiceBy<"application">>;
/** The same with outputs. */
export type GetApplicationOutputArgs = OneOf<InputsOf<ServiceBy<"application">>>;

/** An application. */
export interface GetApplicationResult extends ServiceResult {
  readonly applicationId: string;
  readonly sourceType: "github" | "docker" | "git" | "gitlab" | "bitbucket" | "gitea" | "drop";
  /** Its image, when `sourceType` is `docker` and one is set. */
  readonly image: string | undefined;
}

const lookup = serviceLookup<"application", GetApplicationArgs, GetApplicationResult>("application", {
  tell: ({ applicationStatus, sourceType, dockerImage }) => ({
    status: applicationStatus,
    sourceType,
    image: (sourceType === "docker" && dockerImage) || undefined,
  }),
  dialect: () => "application",
});

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
export function getApplication(
  args: GetApplicationArgs,
  options?: LookupOptions,
): Promise<GetApplicationResult> {
  return now(lookup, args, options);
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
export function getApplicationOutput(
  args: GetApplicationOutputArgs,
  options?: LookupOptions,
): OutputWithEnv<GetApplicationResult> {
  return later(lookup, args, options);
}
