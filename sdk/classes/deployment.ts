import type { Output } from "@pulumi/pulumi";
import type { LastDeployment } from "../../provider/engine";
import { DokployResource, type ResourceOptions } from "../resource";
import { byId } from "./target";

/** A deployment of a service, which the program may give as a resource. */
export abstract class DeploymentBase extends DokployResource {
  /** Name of the service inside Docker. */
  declare readonly appName: Output<string>;
  /** Status of the service in Dokploy. */
  declare readonly status: Output<"idle" | "running" | "done" | "error">;
  /** Last deployment that this resource made. */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  protected constructor(
    kind: "Deployment",
    name: string,
    args: { readonly target: unknown },
    options: ResourceOptions | undefined,
  ) {
    super(kind, name, byId(kind, name, args), options, ["appName", "status", "lastDeployment"]);
  }
}
