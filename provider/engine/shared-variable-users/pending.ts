import { someOf } from "../../../packages/text";
import type { DeploymentRow } from "../../dokploy";
import type { State } from "../../lifecycle";
import type { Change } from "../../schema";
import type { UnconfirmedOutputs } from "../rollout/outputs";
import { newest } from "../rollout/ways/queue";
import type { Service } from "../variable-targets/host";

/** Part of the state of a resource with shared variables: the services that have yet to be deployed. */

/** Outputs of a resource that owns shared variables, in addition to its other outputs. */
export interface ReferrerOutputs extends UnconfirmedOutputs {
  /**
   * Services that have yet to be deployed to get the changes, as `application/<id>`, followed by `/<id>` of the
   * newest deployment that they had. Also names of variables (without `/`), where the services that refer to them
   * could not even be looked up.
   */
  pendingReferrers?: string[];
}

/** A service that has yet to be deployed. */
export interface PendingService {
  /** `application/<id>` */
  path: string;
  /** Newest deployment of the service when it was noted; undefined without one, or when it is not known. */
  after: string | undefined;
}

/** Work that an earlier run did not finish. */
export interface PendingReferrers {
  /** Variables that changed, while the services that refer to them are not known yet. */
  names: string[];
  services: PendingService[];
}

/** Parses the unfinished work in the outputs of a state. */
export function readPending(outputs: ReferrerOutputs | undefined): PendingReferrers {
  const entries = outputs?.pendingReferrers ?? [];
  return {
    names: entries.filter((entry) => !entry.includes("/")),
    services: entries.flatMap((entry) => {
      const [kind, id, after] = entry.split("/");
      return id === undefined ? [] : [{ path: `${kind}/${id}`, after }];
    }),
  };
}

/**
 * Describes the unfinished work for a plan without changes, `application <id> is deployed`; undefined without
 * unfinished work.
 */
export function describePending(outputs: ReferrerOutputs): string | undefined {
  const { names, services } = readPending(outputs);
  const whom = [
    ...services.map(({ path }) => path.replace("/", " ")),
    ...(names.length > 0 ? [`each service that refers to ${someOf(names)}`] : []),
  ];
  if (whom.length === 0) return undefined;
  return `${someOf(whom)} ${whom.length === 1 ? "is" : "are"} deployed`;
}

/** Formats the outputs for the state: only those with a value. */
export function writePending({ names = [], services = [] }: Partial<PendingReferrers>): ReferrerOutputs {
  const entries = services.map(({ path, after }) => (after === undefined ? path : `${path}/${after}`));
  const pendingReferrers = [...new Set([...names, ...entries])].sort();
  return pendingReferrers.length > 0 ? { pendingReferrers } : {};
}

/**
 * Returns the outputs after a refresh. A killed run may have saved the variables that the refresh found changed,
 * before it deployed the services that refer to them. Once the refresh has put them into the state, no difference
 * would cause that.
 */
export function refreshedPending(
  { inputs, outputs }: State<{ redeployReferrers?: boolean | undefined }, ReferrerOutputs>,
  drift: readonly Change[],
): ReferrerOutputs {
  const remaining = readPending(outputs);
  if (!inputs.redeployReferrers) return writePending(remaining);
  return writePending({ ...remaining, names: [...remaining.names, ...changedNames(drift)] });
}

/** Returns the variables of `env` that changes add, change or remove. */
export function changedNames(changes: readonly Change[]): string[] {
  const { added = [], changed = [], removed = [] } = changes.find(({ path }) => path === "env")?.keys ?? {};
  return [...added, ...changed, ...removed];
}

/** Creates the note about a service that has yet to be deployed. */
export function pendingService(path: string, records: readonly DeploymentRow[]): PendingService {
  return { path, after: newest(records)?.deploymentId };
}

/** True when any deployment of the service came after it was noted: that deployment applied the changes. */
export function wasDeployedSince({ after }: PendingService, { deployments }: Service): boolean {
  const last = newest(deployments);
  return after !== undefined && last?.status === "done" && last.deploymentId !== after;
}
