import type { Output } from "@pulumi/pulumi";
import type { Api } from "../../provider/dokploy";
import type { LastDeployment } from "../../provider/engine";
import {
  checkShared,
  claimParts,
  givesVariables,
  nameService,
  own,
  refuseNothing,
  withNamedParts,
} from "../program-checks";
import { adoptedByFile, DokployResource, type ResourceOptions, stable } from "../resource";
import { type ServiceClass, serverOf } from "../run";
import { withGenerated } from "./generated-variables";

/** An application, compose service or database, with the outputs that all of them have. */
export abstract class Service extends DokployResource {
  /**
   * Name inside Docker: the host name under which other services reach it. It stays known while the service changes.
   */
  declare readonly appName: Output<string>;
  /** Status of the service in Dokploy. */
  declare readonly status: Output<"idle" | "running" | "done" | "error">;
  /** Last deployment that this resource made. */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  protected constructor(
    kind: ServiceClass,
    name: string,
    given: object,
    options: ResourceOptions | undefined,
    outputs: readonly string[] = [],
  ) {
    refuseNothing(kind, name, given);
    const args = withGenerated(kind, name, given, options);
    // Before the resource is registered, so that an update never makes a wrong one.
    const { name: called, environmentId } = args as { name?: unknown; environmentId?: unknown };
    if (givesVariables(options)) {
      const { env, buildArgs, buildSecrets } = args as Record<string, unknown>;
      checkShared(options, `${kind} "${name}"`, environmentId, { env, buildArgs, buildSecrets });
    }
    const inputs = withNamedParts(kind, name, args);
    super(kind, name, inputs, options, ["appName", "status", "lastDeployment", ...outputs]);
    claimParts(serverOf(options), kind, name, inputs, this.id);
    const isAdopted = options?.import !== undefined || adoptedByFile(kind, name, options) !== undefined;
    const owner = `${kind} "${name}"`;
    if (!isAdopted) nameService(serverOf(options), { owner, environmentId, name: called, urn: this.urn });
    const service = kind.toLowerCase() as Lowercase<ServiceClass>;
    const lookUp = async (id: string, connect: () => Promise<Api>) => {
      const api = await connect();
      const row = await api.call(`${service}.one`, { [`${service}Id`]: id } as never);
      return (row as { appName: string }).appName;
    };
    this.appName = stable(this.appName, this.id, options, lookUp, `${name}-mock`);
    own(serverOf(options), { owner, kind: service, id: this.id }, args);
  }
}
