import type { Output } from "@pulumi/pulumi";
import type { ProjectInputs } from "../../provider/resources/project";
import { own } from "../program-checks/ownership";
import { giveShared, givesVariables, placeEnvironment } from "../program-checks/references";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs, Internal } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { stable } from "../resource/stable";
import { serverOf } from "../run/server";

export interface ProjectArgs extends Inputs<Omit<ProjectInputs, Internal>> {}

/**
 * A project: what groups environments and their services. Its name is one of the whole server, so it carries the name of the
 * stack where several stacks share a server.
 *
 * It is never deleted while services are left in it, since Dokploy would leave their containers running without an
 * owner.
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
  /** Id of the environment `production`, which Dokploy makes with every project. */
  declare readonly defaultEnvironmentId: Output<string>;

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
}

export interface Project extends Outputs<Omit<ProjectInputs, Internal>> {}
