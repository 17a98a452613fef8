import type { Output } from "@pulumi/pulumi";
import { inputNames } from "../program-checks/generated/input-names";
import { refuseNothing } from "../program-checks/given";
import { withParent } from "../program-checks/parts";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type * as KeptOutput from "../resource/kept-output";
import { stable } from "../resource/stable";
import type { Kind } from "../run/kind";

/** A resource that is described by its definition alone. */
export abstract class SimpleResource extends DokployResource {
  protected constructor(kind: Kind, name: string, args: object, options: ResourceOptions | undefined) {
    refuseNothing(kind, name, args);
    const given = args as Readonly<Record<string, unknown>>;
    super(kind, name, args, outputsOf(kind), withParent(kind, given, options));
    const outputs = this as unknown as Record<string, Output<unknown>>;
    for (const output of keptOf(kind)) {
      outputs[output] = stable(outputs[output] as Output<unknown>, this.id, options, async (id, connect) => {
        // Only a program that changes such an object needs it.
        const { keptOutput } = require("../resource/kept-output") as typeof KeptOutput;
        return await keptOutput(kind, output, given, id, await connect());
      });
    }
  }
}

/** Returns the names of the outputs that are not inputs. */
function outputsOf(kind: Kind): readonly string[] {
  const names = inputNames[kind];
  return "outputs" in names ? names.outputs : [];
}

/** Returns the names of those outputs that an update keeps, unless an input that they follow from changes. */
function keptOf(kind: Kind): readonly string[] {
  const names = inputNames[kind];
  return "kept" in names ? names.kept : [];
}
