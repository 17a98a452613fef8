import type { Input, Output } from "@pulumi/pulumi";
import { Output as Outputs } from "@pulumi/pulumi";
import type { LastDeployment } from "../provider/resources/deployable";
import type { EnvironmentBlockInputs } from "../provider/resources/environment-block";
import { DokployResource, type ResourceOptions } from "./base";
import type { Inputs } from "./inputs";
import { namesOf, own } from "./ownership";

export interface EnvironmentBlockArgs extends Inputs<EnvironmentBlockInputs> {}

/**
 * The environment variables of a service that exists already, given by its id or by a resource.
 *
 * A change saves the variables, deploys the service and waits for that deployment. Deleting the block takes its
 * variables out of the service again, and nothing else; that takes effect at the service's next deployment.
 *
 * @example Exactly these variables
 * ```ts
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   env: dokploy.loadEnv("envs/test/api.yaml"),
 * });
 * ```
 *
 * @example Only some variables, leaving all others as they are
 * ```ts
 * new dokploy.EnvironmentBlock("api-flags", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 */
export class EnvironmentBlock extends DokployResource {
  declare readonly env: Output<Record<string, string> | undefined>;
  /** Name of the service inside Docker. */
  declare readonly appName: Output<string>;
  /** Status of the service in Dokploy. */
  declare readonly status: Output<"idle" | "running" | "done" | "error">;
  /** The last deployment that this block made. */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  constructor(name: string, args: EnvironmentBlockArgs, options?: ResourceOptions) {
    super("EnvironmentBlock", name, args, ["env", "appName", "status", "lastDeployment"], options);
    const target = targetOf(args);
    if (!target) return;
    for (const field of ["env", "buildArgs", "buildSecrets"] as const) {
      if (args[field] === undefined) continue;
      const keys = args.mode === "additive" ? namesOf(args[field]) : undefined;
      own({ owner: `EnvironmentBlock "${name}"`, ...target, field, keys });
    }
  }
}

function targetOf(
  args: EnvironmentBlockArgs,
): { kind: "application" | "compose"; id: Input<string> } | undefined {
  const { target } = args;
  if (typeof target !== "object" || Outputs.isInstance(target) || target instanceof Promise) return undefined;
  if ("applicationId" in target) return { kind: "application", id: target.applicationId };
  if ("composeId" in target) return { kind: "compose", id: target.composeId };
  return undefined;
}
