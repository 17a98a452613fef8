import type { EnvironmentInputs } from "../provider/resources/environment";
import { DokployResource, type ResourceOptions } from "./base";
import type { Inputs, Internal } from "./inputs";
import type { Outputs } from "./outputs";
import { own } from "./ownership";
import { giveShared, givesVariables, placeEnvironment } from "./references";
import { serverOf } from "./server";

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
