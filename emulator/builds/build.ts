import type { ComputedOutcome } from "../instance/deployments";
import type { Instance } from "../instance/instance";
import type { Job } from "../instance/queue";
import { buildApplication } from "./application";
import { buildCompose } from "./compose";

/** Builds the service of a job from its current row. */
export function build(instance: Instance, { kind, serviceId, type }: Job): ComputedOutcome {
  return kind === "application"
    ? buildApplication(instance, instance.application(serviceId), type)
    : buildCompose(instance, instance.compose(serviceId), type);
}
