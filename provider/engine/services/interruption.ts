import { containsUnknown } from "../../../packages/values";
import type { Context } from "../../lifecycle";
import type { Apply } from "../../schema";
import { previewInterruption } from "../rollout/interruption";
import type { ServiceInputs, ServiceModel, ServiceRow } from "./model";

/** Inputs of a service that decide if a new container interrupts it. */
interface Deciding {
  readonly swarm?: unknown;
  readonly healthCheck?: unknown;
  readonly replicas?: unknown;
  readonly domains?: object;
  readonly ports?: object;
}

/**
 * Reports that a planned change of a service interrupts it, and records its planned settings for its parts.
 *
 * @param need action that the change needs
 * @param olds inputs in the state
 */
export async function previewOwnInterruption<Inputs extends ServiceInputs, Row extends ServiceRow>(
  { service: kind, mapping }: ServiceModel<Inputs, Row>,
  id: string,
  inputs: Inputs,
  { need, olds }: { need: Apply; olds?: object | undefined },
  context: Context,
): Promise<void> {
  const { swarm, healthCheck, replicas, domains = {}, ports = {} } = inputs as Deciding;
  context.run.interruptions.plan(`${kind}/${id}`, (row) => {
    if (containsUnknown([swarm, healthCheck, replicas])) return undefined;
    const both = (given: object, listed: unknown) => [
      ...Object.values(given),
      ...Object.values(Object(listed)),
    ];
    return {
      ...row,
      ...mapping.delta(row, inputs, olds),
      domains: both(domains, row["domains"]),
      ports: both(ports, row["ports"]),
    };
  });
  await previewInterruption({ kind, id, need, option: inputs.deploy }, context);
}
