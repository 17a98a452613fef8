import type { ServiceStatus } from "../dokploy/rows";
import type { LastDeployment } from "../run/deployment-line";
import { type Change, stronger } from "../schema/changes";
import type { Apply, DeployOption } from "../schema/fields";

/** What the state keeps of a save whose answer was lost. */
export interface UnconfirmedOutputs {
  /** `env.NAME` of the variables that it may have changed: what is there now may be our own. */
  unconfirmed?: string[];
}

/** What every resource that deploys a service has on top of its inputs. */
export interface ServiceOutputs extends UnconfirmedOutputs {
  /** Status of the service in Dokploy. */
  status: ServiceStatus;
  /** The last deployment that this resource made. */
  lastDeployment?: LastDeployment;
  /** What is saved in Dokploy and still needs this to take effect: set by `deploy: false` and by a failed deployment. */
  pending?: Apply;
}

/** The outputs that an update starts from. */
export function serviceOutputs(state: ServiceOutputs): ServiceOutputs {
  return {
    status: state.status,
    ...(state.lastDeployment ? { lastDeployment: state.lastDeployment } : {}),
    ...(state.pending ? { pending: state.pending } : {}),
  };
}

/** The output of what is left undone; none where nothing is. */
export function pendingOf(need: Apply): Pick<ServiceOutputs, "pending"> {
  return need === "none" ? {} : { pending: need };
}

/** What these changes need to take effect, with the user's choice of method and what an earlier run left undone. */
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
