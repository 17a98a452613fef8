import type { Output } from "@pulumi/pulumi";
import type { ProjectInputs } from "../../provider/resources/project";
import { own } from "../program-checks/ownership";
import { giveShared, givesVariables, placeEnvironment } from "../program-checks/references";
import { sharedReference } from "../program-checks/shared-reference";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs, Internal } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { stable } from "../resource/stable";
import { serverOf } from "../run/server";

export interface ProjectArgs extends Inputs<Omit<ProjectInputs, Internal>> {}

/**
 * A project, which groups environments and their services. Its name is unique on the server, so include the name of the
 * stack when several stacks share a server.
 *
 * It is never deleted while it has services, since Dokploy would leave their containers running without an owner.
 *
 * @example
 * ```ts
 * const shop = new dokploy.Project("shop", { name: `shop-${pulumi.getStack()}`, env: { REGION: "eu" } });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Project extends DokployResource {
  /** Id of the environment `production`, which Dokploy creates with every project. */
  declare readonly defaultEnvironmentId: Output<string>;

  private readonly reference: (key: string) => Output<string>;

  constructor(name: string, args: ProjectArgs, options?: ResourceOptions) {
    super("Project", name, args, ["defaultEnvironmentId"], options);
    this.defaultEnvironmentId = stable(
      this.defaultEnvironmentId,
      this.id,
      options,
      async (projectId, connect) => {
        const api = await connect();
        const { environments } = await api.call("project.one", { projectId });
        const found = environments.find(({ isDefault }) => isDefault);
        if (!found) throw new Error("the project has no default environment");
        return found.environmentId;
      },
    );
    const variables = givesVariables(options) ? args.env : undefined;
    this.reference = (key) => sharedReference(this, "project", `Project "${name}"`, variables, key);
    placeEnvironment(serverOf(options), this.defaultEnvironmentId, this.id);
    if (givesVariables(options))
      giveShared(serverOf(options), "project", this.id, `Project "${name}"`, args.env);
    if (args.env === undefined) return;
    own(serverOf(options), {
      owner: `Project "${name}"`,
      kind: "project",
      id: this.id,
      field: "env",
      keys: undefined,
    });
  }

  /**
   * A reference to a shared variable of this project for the variables of a service: `${{project.KEY}}`. Pulumi saves
   * this project before the service that has the reference.
   *
   * @param key name of the variable
   * @throws ProgramError when `env` of this project does not have the variable
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

export interface Project extends Outputs<Omit<ProjectInputs, Internal>> {}
