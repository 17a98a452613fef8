import type { ServiceStatus } from "../../dokploy";
import type { LastDeployment } from "../../lifecycle";
import { type Apply, type Change, type DeployOption, stronger } from "../../schema";

/** Part of the state about a save whose response was lost. */
export interface UnconfirmedOutputs {
  /** `env.NAME` of the variables that it may have changed: the current values may be our own. */
  unconfirmed?: string[];
}

/** Outputs of every resource that deploys a service. */
export interface ServiceOutputs extends UnconfirmedOutputs {
  /** Status of the service in Dokploy. */
  status: ServiceStatus;
  /** Last deployment that this resource made. */
  lastDeployment?: LastDeployment;
  /** Action that saved changes still need to take effect: set by `deploy: false` and by a failed deployment. */
  pending?: Apply;
}

/** Returns the outputs from which an update starts. */
export function serviceOutputs(state: ServiceOutputs): ServiceOutputs {
  return {
    status: state.status,
    ...(state.lastDeployment ? { lastDeployment: state.lastDeployment } : {}),
    ...(state.pending ? { pending: state.pending } : {}),
  };
}

/** Returns the output for an action that is left undone; nothing for `none`. */
export function pendingOf(need: Apply): Pick<ServiceOutputs, "pending"> {
  return need === "none" ? {} : { pending: need };
}

/**
 * Returns the action that these changes need to take effect, given the user's choice of method and the unfinished
 * work of an earlier run.
 */
export function needed(
  changes: readonly Change[],
  option: DeployOption | undefined,
  pending: Apply = "none",
): Apply {
  const method = typeof option === "object" ? option.method : undefined;
  let need: Apply = "none";
  for (const change of changes) {
    if (change.apply === "none") continue;
    need = stronger(need, method ? stronger(change.minApply, method) : change.apply);
  }
  return stronger(need, pending);
}
