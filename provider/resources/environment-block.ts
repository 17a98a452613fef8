import { z } from "zod";
import { block } from "../engine";
import type { EnvDialect } from "../env";
import {
  deployOption,
  envMap,
  forVariables,
  isDatabase,
  kindOf,
  target,
  traits,
  withoutColumn,
} from "../schema";

/**
 * Returns the rules for variables at run time. A target that is not known yet counts as an application, whose rules are
 * the strictest.
 */
function runTimeRules({ target: of }: { target?: unknown }): EnvDialect | readonly [EnvDialect, EnvDialect] {
  const kind = kindOf(of) ?? "application";
  // The id of a compose service does not show its type.
  return kind === "compose" ? ["compose", "stack"] : traits[kind].rules;
}

/** True where others have variables in the text; Dokploy puts its own for a database into it. */
function sharesText({ target, mode }: { target?: unknown; mode?: unknown }): boolean {
  const kind = kindOf(target);
  return mode === "additive" || (kind !== undefined && isDatabase(kind));
}

export const environmentBlockSchema = z.strictObject({
  /**
   * Application, compose service, database, project or environment that has the variables. Services share the variables
   * of their project and environment. A change replaces the block.
   */
  target: withoutColumn(target, { apply: "none", replace: true, looksItself: true }),
  /**
   * Scope of the block. `exclusive`: the target has exactly these variables. `additive`: the block owns only the
   * variables that it sets, and all other lines of the text stay as they are, including comments. Default: `exclusive`.
   */
  mode: withoutColumn(z.enum(["exclusive", "additive"]).optional(), { apply: "deploy", minApply: "reload" }),
  /**
   * Variables at run time, or shared variables. When left out, they are not touched. When removed from the program,
   * those of the block are removed.
   */
  env: withoutColumn(envMap.optional(), {
    apply: "deploy",
    minApply: "reload",
    env: runTimeRules,
    sharesText,
    secret: "maybe",
  }),
  /**
   * Docker build arguments, for applications only. When left out, they are not touched. When removed from the program,
   * those of the block are removed.
   */
  buildArgs: withoutColumn(envMap.optional(), {
    apply: "deploy",
    minApply: "redeploy",
    env: "build",
    sharesText,
    secret: "maybe",
  }),
  /**
   * Docker build secrets, for applications only. When left out, they are not touched. When removed from the program,
   * those of the block are removed.
   */
  buildSecrets: withoutColumn(envMap.optional(), {
    apply: "deploy",
    minApply: "redeploy",
    env: "secret",
    sharesText,
    secret: true,
  }),
  ...forVariables,
  /**
   * Deployment after a change of a service's variables; the update waits until it ends. For a database it replaces
   * the container and keeps the data. `false` saves without applying. Default: a deployment.
   */
  deploy: withoutColumn(deployOption.optional(), { apply: "none" }),
  /**
   * True to deploy the services that refer to changed shared variables, and to wait for them. Otherwise they get the
   * change with their next deployment. Only for a project or environment. Default: false.
   */
  redeployReferrers: withoutColumn(z.boolean().optional(), { apply: "none" }),
});

export type EnvironmentBlockInputs = z.infer<typeof environmentBlockSchema>;

/**
 * The environment variables of an existing application, compose service, database, project or environment.
 *
 * A change saves the variables, deploys the service and waits for that deployment. The deployment of a database
 * replaces its container and keeps its data. Variables of a project or environment are shared: services that refer to
 * them get a change with their next deployment, or at once with `redeployReferrers: true`.
 *
 * Deleting the block removes its variables and nothing else, which takes effect at the next deployment. When a service
 * of the same program is deleted in the same run, its variables are deleted with it.
 *
 * @example Exactly these variables
 * ```ts
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   env: dokploy.loadEnv("envs/test/api.yaml"),
 * });
 * ```
 *
 * @example A resource of the same program as the target
 * ```ts
 * new dokploy.EnvironmentBlock("api", { target: api, env: { LOG_LEVEL: "info" } });
 * ```
 *
 * @example Only some variables, while all others stay as they are
 * ```ts
 * new dokploy.EnvironmentBlock("api-flags", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example Shared variables of a project, which services refer to as `${{project.REGION}}`
 * ```ts
 * new dokploy.EnvironmentBlock("shared", {
 *   target: { projectId: "V9VfiH7szxFcPmioIh70t" },
 *   mode: "additive",
 *   env: { REGION: "eu" },
 *   redeployReferrers: true,
 * });
 * ```
 *
 * @example Variables of a database, in addition to those that Dokploy sets
 * ```ts
 * new dokploy.EnvironmentBlock("orders-db", {
 *   target: { postgresId: "oWoDTREuc8bwh1UYwU8Bv" },
 *   env: { TZ: "UTC" },
 * });
 * ```
 */
export const environmentBlock = block({ kind: "EnvironmentBlock", schema: environmentBlockSchema });
