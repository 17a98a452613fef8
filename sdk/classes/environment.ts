import type { EnvironmentInputs } from "../../provider/resources/environment";
import { own } from "../program-checks/ownership";
import { giveShared, givesVariables, placeEnvironment } from "../program-checks/references";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs, Internal } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { serverOf } from "../run/server";

export interface EnvironmentArgs extends Inputs<Omit<EnvironmentInputs, Internal>> {}

/**
 * An environment of a project, beside the `production` that Dokploy makes with it.
 *
 * It is never deleted while services are left in it.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging" });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Environment extends DokployResource {
  constructor(name: string, args: EnvironmentArgs, options?: ResourceOptions) {
    super("Environment", name, args, [], options);
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
}

export interface Environment extends Outputs<Omit<EnvironmentInputs, Internal>> {}
