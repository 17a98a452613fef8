import { type Input, interpolate, Output } from "@pulumi/pulumi";
import { serviceKinds } from "../../provider/dokploy";
import type { LastDeployment } from "../../provider/engine";
import type { TargetKind } from "../../provider/schema";
import { deletedWith, giveShared, givesVariables, namesOf, own } from "../program-checks";
import { DokployResource, type ResourceOptions } from "../resource";
import { serverOf } from "../run";
import { withGenerated } from "./generated-variables";
import { byId } from "./target";

interface Args {
  readonly target: unknown;
  readonly mode?: unknown;
  readonly env?: unknown;
}

/** Variables of an object that the program may give as a resource. */
export abstract class EnvironmentBlockBase extends DokployResource {
  /** Name of the service inside Docker; a project or environment has none. */
  declare readonly appName: Output<string | undefined>;
  /** Status of the service in Dokploy; a project or environment has none. */
  declare readonly status: Output<"idle" | "running" | "done" | "error" | undefined>;
  /**
   * Last deployment that this block made. Dokploy keeps no record of deployments of databases, so for them only its
   * `status` is set.
   */
  declare readonly lastDeployment: Output<LastDeployment | undefined>;

  protected constructor(
    kind: "EnvironmentBlock",
    name: string,
    given: Args,
    options: ResourceOptions | undefined,
  ) {
    const named = byId(kind, name, given);
    const target = targetOf(named);
    const object = target && interpolate`${target.kind}/${target.id}`;
    const args = withGenerated(kind, name, named, options, object);
    const scope = target?.kind === "project" || target?.kind === "environment" ? target.kind : undefined;
    // A project is often not deleted, since it still has services; its variables then stay with it.
    const service = scope ? undefined : target?.id;
    super(kind, name, args, deletedWith(service, options), ["appName", "status", "lastDeployment"]);
    const { mode } = args;
    // The owner of the variables is not known while the mode is an output.
    if (!target || typeof mode === "object") return;
    const server = serverOf(options);
    const owner = `EnvironmentBlock "${name}"`;
    const isAdditive = mode === "additive";
    if (scope && !isAdditive && givesVariables(options))
      giveShared(server, scope, target.id, owner, args.env);
    own(server, { owner, ...target }, args, isAdditive ? namesOf : undefined);
  }
}

const kinds: readonly TargetKind[] = [...serviceKinds, "project", "environment"];

function targetOf({ target }: Args): { kind: TargetKind; id: Input<string> } | undefined {
  if (typeof target !== "object" || target === null) return undefined;
  if (Output.isInstance(target) || target instanceof Promise) return undefined;
  for (const [field, id] of Object.entries(target)) {
    const kind = kinds.find((each) => field === `${each}Id`);
    if (kind) return { kind, id: id as Input<string> };
  }
  return undefined;
}
