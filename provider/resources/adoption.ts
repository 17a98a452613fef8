import type { DeploymentRow } from "../dokploy/rows";
import type { Change } from "../mapping";
import type { Apply, DeployOption } from "../schema";
import { needed, pendingOf, type ServiceOutputs } from "./deployable";

/**
 * What a service needs that this state knows nothing of yet, though nothing of it changes: a deployment, unless its newest
 * one succeeded. A run that was killed may have saved all that is asked for, and never have come to deploy it.
 */
export function unapplied(records: readonly DeploymentRow[]): Apply {
  return newest(records)?.status === "done" ? "none" : "deploy";
}

/**
 * What a refresh notes beside the values that it found changed: that they have yet to take effect, unless a deployment
 * succeeded since the last one of this state. A killed run, too, saves values and leaves the state as it was; once the
 * refresh has taken them over, no difference would ask for their deployment.
 */
export function unappliedDrift(
  drift: readonly Change[],
  state: Partial<ServiceOutputs> & { deploy?: DeployOption | undefined },
  records: readonly DeploymentRow[],
): Pick<ServiceOutputs, "pending"> {
  const last = newest(records);
  const mine = state.lastDeployment?.deploymentId;
  if (last?.status === "done" && mine !== undefined && last.deploymentId !== mine) return {};
  return pendingOf(needed(drift, state.deploy, state.pending));
}

/**
 * What adopting an object does to it, in one line for the preview. Variables by their names alone.
 *
 * @param deploying for what is deployed: how, and the deployments that it had
 */
export function adoptionNotice(
  what: string,
  changes: readonly Change[],
  deploying?: { option: DeployOption | undefined; records: readonly DeploymentRow[] },
): string {
  const paths = changes.map(({ path, keys }) => {
    if (!keys) return path;
    const { added, changed, removed } = keys;
    const names = [
      ...added.map((name) => `+${name}`),
      ...changed.map((name) => `~${name}`),
      ...removed.map((name) => `-${name}`),
    ];
    return `${path} (${names.join(" ")})`;
  });
  const effect = paths.length > 0 ? `changes ${paths.join(", ")}` : "nothing to change";
  return `${what} is adopted: ${[effect, ...(deploying ? deployment(changes, deploying) : [])].join("; ")}.`;
}

function deployment(
  changes: readonly Change[],
  { option, records }: { option: DeployOption | undefined; records: readonly DeploymentRow[] },
): string[] {
  const need = needed(changes, option, unapplied(records));
  if (need === "none") return [];
  if (option === false) return ["not deployed (deploy: false)"];
  if (changes.length === 0) {
    const why = records.length === 0 ? "it was never deployed" : "its last deployment did not succeed";
    return [`deploys, since ${why}`];
  }
  return [{ reload: "reloads", redeploy: "builds again", deploy: "deploys" }[need]];
}

/** The record of the latest deployment. */
export function newest(records: readonly DeploymentRow[]): DeploymentRow | undefined {
  return [...records].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
}
