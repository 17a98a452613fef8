import { type Input, Output } from "@pulumi/pulumi";
import type { EnvironmentBlockInputs } from "../../provider/resources/environment-block";
import type { TargetKind } from "../../provider/schema/kinds";
import type { LastDeployment } from "../../provider/services/deployable";
import { refuseNothing } from "../program-checks/given";
import { namesOf, own } from "../program-checks/ownership";
import { deletedWith } from "../program-checks/parts";
import { giveShared, givesVariables } from "../program-checks/references";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs, Internal } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { serverOf } from "../run/server";
import { byId, type Holder } from "./target";

export interface EnvironmentBlockArgs
  extends Inputs<Omit<EnvironmentBlockInputs, Internal>, { target: Holder }> {}

/**
 * The environment variables of an existing application, compose service, database, project or environment, given by its
 * id or as a resource.
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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class EnvironmentBlock extends DokployResource {
  /** Name of the service inside Docker; a project or environment has none. */
  declare readonly appName: Output<string | undefined>;
  /** Status of the service in Dokploy; a project or environment has none. */
  declare readonly status: Output<"idle" | "running" | "done" | "error" | undefined>;
  /**
   * Last deployment that this block made. Dokploy keeps no record of deployments of databases, so for them only its
   * `status` is set.
   */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  constructor(name: string, given: EnvironmentBlockArgs, options?: ResourceOptions) {
    refuseNothing("EnvironmentBlock", name, given);
    const args = byId(`EnvironmentBlock "${name}"`, given);
    const target = targetOf(args);
    // A project is often not deleted, since it still has services; its variables then stay with it.
    const service = target?.kind === "project" || target?.kind === "environment" ? undefined : target?.id;
    const outputs = ["appName", "status", "lastDeployment"];
    super("EnvironmentBlock", name, args, outputs, deletedWith(service, options));
    if (!target) return;
    const { kind, id } = target;
    const { mode } = args;
    // The owner of the variables is not known while the mode is an output.
    if (typeof mode === "object") return;
    const isWhole = mode !== "additive" && givesVariables(options);
    if (isWhole && (kind === "project" || kind === "environment")) {
      giveShared(serverOf(options), kind, id, `EnvironmentBlock "${name}"`, args.env);
    }
    for (const field of ["env", "buildArgs", "buildSecrets"] as const) {
      if (args[field] === undefined) continue;
      const keys = mode === "additive" ? namesOf(args[field]) : undefined;
      own(serverOf(options), { owner: `EnvironmentBlock "${name}"`, ...target, field, keys });
    }
  }
}

/** Ids that a target may have, with the kinds that they name. */
const kinds: Readonly<Record<string, TargetKind>> = {
  applicationId: "application",
  composeId: "compose",
  projectId: "project",
  environmentId: "environment",
  postgresId: "postgres",
  mysqlId: "mysql",
  mariadbId: "mariadb",
  mongoId: "mongo",
  redisId: "redis",
  libsqlId: "libsql",
} satisfies Record<`${TargetKind}Id`, TargetKind>;

function targetOf({ target }: EnvironmentBlockArgs): { kind: TargetKind; id: Input<string> } | undefined {
  if (typeof target !== "object" || Output.isInstance(target) || target instanceof Promise) return undefined;
  for (const [field, id] of Object.entries(target)) {
    const kind = kinds[field];
    if (kind) return { kind, id: id as Input<string> };
  }
  return undefined;
}

export interface EnvironmentBlock extends Outputs<Omit<EnvironmentBlockInputs, Internal>> {}
