import type { ServiceStatus } from "../../dokploy";
import type { LastDeployment } from "../../lifecycle";
import type { Apply } from "../../schema";

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
