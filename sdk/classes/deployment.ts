import type { Output } from "@pulumi/pulumi";
import type { DeploymentInputs } from "../../provider/resources/deployment";
import type { LastDeployment } from "../../provider/services/deployable";
import { refuseNothing } from "../program-checks/given";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Application } from "./application";
import type { Compose } from "./compose";
import { byId } from "./target";

export interface DeploymentArgs extends Inputs<DeploymentInputs, { target: Application | Compose }> {}

/**
 * A deployment of a service that happens when a trigger changes. It is for teams that deploy separately from the
 * configuration: production that is deployed by hand, or several changes that one deployment applies.
 *
 * Give the other resources of the service `deploy: false`, so that only this deployment happens. Deleting it changes
 * nothing in Dokploy.
 *
 * @example
 * ```ts
 * const block = new dokploy.EnvironmentBlock("api", { target: api, env, deploy: false });
 * new dokploy.Deployment("api", {
 *   target: api, // or { applicationId: "PQqzqTGCVtx0St2SA3vCi" }
 *   triggers: { commit: process.env.GITHUB_SHA ?? "", env: pulumi.jsonStringify(block.env) },
 * }, { dependsOn: block });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Deployment extends DokployResource {
  /** Name of the service inside Docker. */
  declare readonly appName: Output<string>;
  /** Status of the service in Dokploy. */
  declare readonly status: Output<"idle" | "running" | "done" | "error">;
  /** Last deployment that this resource made. */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  constructor(name: string, args: DeploymentArgs, options?: ResourceOptions) {
    refuseNothing("Deployment", name, args);
    super(
      "Deployment",
      name,
      byId(`Deployment "${name}"`, args),
      ["appName", "status", "lastDeployment"],
      options,
    );
  }
}

export interface Deployment extends Outputs<DeploymentInputs> {}
