import type { Output } from "@pulumi/pulumi";
import type { EnvironmentInputs } from "../../provider/resources/environment";
import { own } from "../program-checks/ownership";
import { giveShared, givesVariables, placeEnvironment } from "../program-checks/references";
import { sharedReference } from "../program-checks/shared-reference";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs, Internal } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { serverOf } from "../run/server";

export interface EnvironmentArgs extends Inputs<Omit<EnvironmentInputs, Internal>> {}

/**
 * An environment of a project, in addition to the `production` that Dokploy makes with the project.
 *
 * It is never deleted while it has services.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging" });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Environment extends DokployResource {
  private readonly reference: (key: string) => Output<string>;

  constructor(name: string, args: EnvironmentArgs, options?: ResourceOptions) {
    super("Environment", name, args, [], options);
    const variables = givesVariables(options) ? args.env : undefined;
    this.reference = (key) => sharedReference(this, "environment", `Environment "${name}"`, variables, key);
    placeEnvironment(serverOf(options), this.id, args.projectId);
    if (givesVariables(options))
      giveShared(serverOf(options), "environment", this.id, `Environment "${name}"`, args.env);
    if (args.env === undefined) return;
    own(serverOf(options), {
      owner: `Environment "${name}"`,
      kind: "environment",
      id: this.id,
      field: "env",
      keys: undefined,
    });
  }

  /**
   * A reference to a shared variable of this environment for the variables of a service: `${{environment.KEY}}`. Pulumi saves this
   * environment before the service that has the reference.
   *
   * @param key name of the variable
   * @throws ProgramError when `env` of this environment does not have the variable
   *
   * @example
   * ```ts
   * const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging", env: { REGION: "eu" } });
   * new dokploy.Application("api", {
   *   environmentId: staging.id,
   *   name: "api",
   *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
   *   env: { REGION: staging.ref("REGION") },
   * });
   * ```
   */
  ref(key: string): Output<string> {
    return this.reference(key);
  }
}

export interface Environment extends Outputs<Omit<EnvironmentInputs, Internal>> {}
