import { DokployResource, type ResourceOptions } from "./base";
import { refuseNothing } from "./given";
import { inputNames } from "./input-names";
import type { Kind } from "./kind";
import { claimObject, withParent } from "./parts";
import { serverOf } from "./server";

/** A resource that follows from its definition alone. */
export abstract class SimpleResource extends DokployResource {
  protected constructor(kind: Kind, name: string, args: object, options: ResourceOptions | undefined) {
    refuseNothing(kind, name, args);
    super(kind, name, args, outputsOf(kind), withParent(kind, args as Record<string, unknown>, options));
    claimObject(serverOf(options), kind, name, args as Record<string, unknown>);
  }
}

/** The names of what there is of one beside its inputs. */
function outputsOf(kind: Kind): readonly string[] {
  const names = inputNames[kind];
  return "outputs" in names ? names.outputs : [];
}
