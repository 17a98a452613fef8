import type { Output } from "@pulumi/pulumi";
import { giveShared, givesVariables, own, placeEnvironment, sharedReference } from "../program-checks";
import { DokployResource, type ResourceOptions } from "../resource";
import { serverOf } from "../run";
import { withGenerated } from "./generated-variables";

/** A project or environment, whose variables its services share. */
export abstract class Scope extends DokployResource {
  private readonly reference: (key: string) => Output<string>;

  protected constructor(
    kind: "Project" | "Environment",
    name: string,
    given: { readonly env?: unknown; readonly projectId?: unknown },
    options: ResourceOptions | undefined,
  ) {
    const args = withGenerated(kind, name, given, options);
    super(kind, name, args, options);
    const server = serverOf(options);
    const owner = `${kind} "${name}"`;
    const scope = kind === "Project" ? "project" : "environment";
    const { defaultEnvironmentId } = this as { readonly defaultEnvironmentId?: Output<string> };
    if (defaultEnvironmentId) placeEnvironment(server, defaultEnvironmentId, this.id);
    else placeEnvironment(server, this.id, args.projectId);
    const variables = givesVariables(options) ? args.env : undefined;
    this.reference = (key) => sharedReference(this, scope, owner, variables, key);
    giveShared(server, scope, this.id, owner, variables);
    if (args.env !== undefined) own(server, { owner, kind: scope, id: this.id }, args);
  }

  /**
   * Returns a reference to a shared variable, for the variables of a service: `${{project.KEY}}` from a project,
   * `${{environment.KEY}}` from an environment. Pulumi saves the shared variables before the service that refers to them.
   *
   * @param key name of the variable
   * @throws ProgramError when `env` does not have the variable
   *
   * @example
   * ```ts
   * const shop = new dokploy.Project("shop", { name: "shop", env: { REGION: "eu" } });
   * new dokploy.Application("api", {
   *   environmentId: shop.defaultEnvironmentId,
   *   name: "api",
   *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
   *   env: { REGION: shop.ref("REGION") },
   * });
   * ```
   */
  ref(key: string): Output<string> {
    return this.reference(key);
  }
}
