import type { Output } from "@pulumi/pulumi";
import type { LastDeployment } from "../provider/resources/deployable";
import type { DeploymentInputs } from "../provider/resources/deployment";
import { DokployResource, type ResourceOptions } from "./base";
import type { Inputs } from "./inputs";

export interface DeploymentArgs extends Inputs<DeploymentInputs> {}

/**
 * A deployment of a service that happens when a trigger changes: for teams that keep it apart from the configuration,
 * such as production that is deployed by hand, or several changes that one deployment applies.
 *
 * Give the other resources of the service `deploy: false`; then exactly this deployment happens. Deleting it changes
 * nothing in Dokploy.
 *
 * @example
 * ```ts
 * const block = new dokploy.EnvironmentBlock("api", { target: { applicationId }, env, deploy: false });
 * new dokploy.Deployment("api", {
 *   target: { applicationId },
 *   triggers: { commit: process.env.GITHUB_SHA ?? "", env: pulumi.jsonStringify(block.env) },
 * }, { dependsOn: block });
 * ```
 */
export class Deployment extends DokployResource {
  /** Name of the service inside Docker. */
  declare readonly appName: Output<string>;
  /** Status of the service in Dokploy. */
  declare readonly status: Output<"idle" | "running" | "done" | "error">;
  /** The last deployment that this resource made. */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  constructor(name: string, args: DeploymentArgs, options?: ResourceOptions) {
    super("Deployment", name, args, ["appName", "status", "lastDeployment"], options);
  }
}
