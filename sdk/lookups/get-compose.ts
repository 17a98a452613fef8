import type { InputsOf, OneOf } from "./arguments";
import { type OutputWithEnv, type ServiceBy, type ServiceResult, serviceLookup } from "./host";
import { type LookupOptions, later, now } from "./lookup";

/** Which compose service: by its id, or by its name and where it is. */
export type GetComposeArgs = OneOf<ServiceBy<"compose">>;
/** The same with outputs. */
export type GetComposeOutputArgs = OneOf<InputsOf<ServiceBy<"compose">>>;

/** A compose service. */
export interface GetComposeResult extends ServiceResult {
  readonly composeId: string;
  readonly sourceType: "git" | "github" | "gitlab" | "bitbucket" | "gitea" | "raw";
  /** `stack` for a Swarm stack. */
  readonly composeType: "docker-compose" | "stack";
}

const lookup = serviceLookup<"compose", GetComposeArgs, GetComposeResult>("compose", {
  tell: ({ composeStatus, sourceType, composeType }) => ({ status: composeStatus, sourceType, composeType }),
  dialect: (row, reader) => reader.rulesOf(row),
});

/**
 * A compose service that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a compose service that the same program makes, use the outputs of that
 * resource. With outputs as arguments use `getComposeOutput`, whose result also has the variables, as the secret `env`.
 *
 * @throws LookupError when there is no such compose service, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { composeId } = await dokploy.getCompose({ name: "cache", project: "shop" });
 *   new dokploy.EnvironmentBlock("cache", { target: { composeId }, env: dokploy.loadEnv("envs/prod/cache.yaml") });
 * };
 * ```
 */
export function getCompose(args: GetComposeArgs, options?: LookupOptions): Promise<GetComposeResult> {
  return now(lookup, args, options);
}

/**
 * A compose service that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such compose service, or several of the name; the message lists the candidates
 *
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
export function getComposeOutput(
  args: GetComposeOutputArgs,
  options?: LookupOptions,
): OutputWithEnv<GetComposeResult> {
  return later(lookup, args, options);
}
