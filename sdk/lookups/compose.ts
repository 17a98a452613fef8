import type { OneOf } from "./arguments";
import { type ServiceBy, type ServiceResult, serviceLookup } from "./host";

/** Arguments that name a compose service: its id, or its name and place. */
export type GetComposeArgs = OneOf<ServiceBy<"compose">>;

/** A compose service. */
export interface GetComposeResult extends ServiceResult {
  /** Id of the compose service. */
  readonly composeId: string;
  /** Type of the source; `raw` is a compose file kept in Dokploy. */
  readonly sourceType: "git" | "github" | "gitlab" | "bitbucket" | "gitea" | "raw";
  /** Type: `docker-compose`, or `stack` for a Swarm stack. */
  readonly composeType: "docker-compose" | "stack";
}

/**
 * Returns an existing compose service, found by its id, by its name and its environment, or by its name
 * and its project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a compose service that the same program creates, use the outputs of
 * that resource. To pass outputs as arguments use `getComposeOutput`, whose result also has the variables, as the
 * secret `env`.
 *
 * @throws LookupError when no such compose service exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { composeId } = await dokploy.getCompose({ name: "cache", project: "shop" });
 *   new dokploy.EnvironmentBlock("cache", { target: { composeId }, env: dokploy.loadEnv("envs/prod/cache.yaml") });
 * };
 * ```
 *
 * @outputs
 * @example
 * ```ts
 * const cache = dokploy.getComposeOutput({ name: "cache", project: "shop", environment: "staging" });
 * new dokploy.EnvironmentBlock("cache", {
 *   target: { composeId: cache.composeId },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example One secret of another service
 * ```ts
 * const password = dokploy.getComposeOutput({ composeId: "PQqzqTGCVtx0St2SA3vCi" }).env.apply((env) => env.PASSWORD ?? "");
 * ```
 */
export const compose = serviceLookup<"compose", GetComposeArgs, GetComposeResult>("compose", {
  report: ({ composeStatus, sourceType, composeType }) => ({
    status: composeStatus,
    sourceType,
    composeType,
  }),
  dialect: (row, reader) => reader.rulesOf(row),
});
