import type { Values } from "../../../packages/values";
import { parseUrn } from "../../../provider/pulumi";
import { definitionOf } from "../../../provider/resources";
import type { Kind } from "../../../sdk/run";
import { type Preview, planOf } from "../../plan";
import { anyDefinition, type Definition } from "../export/item";

/** A resource of the program that the state does not have. */
export interface Declared {
  readonly urn: string;
  readonly kind: Kind;
  /** Name in the program. */
  readonly name: string;
  readonly definition: Definition;
  /** Inputs as the plan shows them; some are unknown. */
  readonly inputs: Values;
  /** URNs of the resources that each input takes a value from. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  /** Name of its provider, if that is not the one of the stack's settings. */
  readonly provider?: string;
}

/** Lists the new resources of a plan in the order of the program, each after those that it refers to. */
export function declaredIn(preview: Preview): Declared[] {
  const planned = new Map(planOf(preview).resources.map((resource) => [resource.urn, resource]));
  return preview.steps.flatMap(({ urn, newState }) => {
    const resource = planned.get(urn);
    const found = definitionOf(parseUrn(urn)?.kind ?? "");
    // The program itself names what it adopts by the option `import`.
    if (resource?.operation !== "create" || found === undefined) return [];
    const definition = anyDefinition(found as never);
    return [
      {
        ...{ urn, kind: definition.kind as Kind, name: resource.name, definition },
        inputs: newState?.inputs ?? {},
        dependencies: newState?.dependencies ?? {},
        ...(resource.server === undefined ? {} : { provider: resource.server.provider }),
      },
    ];
  });
}
