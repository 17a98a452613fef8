import { someOf } from "../../packages/text/names";
import type { DeploymentRow } from "../dokploy/rows";
import type { Service } from "../env-hosts/host";
import type { State } from "../lifecycle/definition";
import { newest } from "../objects/adoption";
import type { UnconfirmedOutputs } from "../objects/service-outputs";
import type { Change } from "../schema/changes";

/** What the state of a resource with shared variables keeps of services that have yet to be deployed. */

/** What a resource that owns shared variables keeps beside its inputs. */
export interface ReferrerOutputs extends UnconfirmedOutputs {
  /**
   * `application/<id>` of services that have yet to be deployed, so that they get what changed, with `/<id>` of the
   * newest deployment that they had; and names of variables (which have no `/`), where those who refer to them could not
   * even be looked up.
   */
  pendingReferrers?: string[];
  /**
   * Those of the services that have failed as they did before, and were left to a resource of the same run that has them:
   * without one, the program fails.
   */
  failingReferrers?: string[];
}

/** A service that is left to be deployed. */
export interface LeftService {
  /** `application/<id>` */
  path: string;
  /** The newest deployment that it had when it was noted; undefined when it had none, or none that is known. */
  after: string | undefined;
}

/** What an earlier run left undone. */
export interface PendingReferrers {
  /** Variables that changed, and nobody knows yet who refers to them. */
  names: string[];
  services: LeftService[];
  /** Paths of those that were left to a resource of the run. */
  failing: string[];
}

export function readLeft(outputs: ReferrerOutputs | undefined): Omit<PendingReferrers, "failing"> {
  const entries = outputs?.pendingReferrers ?? [];
  return {
    names: entries.filter((entry) => !entry.includes("/")),
    services: entries.flatMap((entry) => {
      const [kind, id, after] = entry.split("/");
      return id === undefined ? [] : [{ path: `${kind}/${id}`, after }];
    }),
  };
}

/** What is left, for a plan that shows no change: `application <id> is deployed`; undefined for nothing. */
export function leftInWords(outputs: ReferrerOutputs): string | undefined {
  const { names, services } = readLeft(outputs);
  const whom = [
    ...services.map(({ path }) => path.replace("/", " ")),
    ...(names.length > 0 ? [`each service that refers to ${someOf(names)}`] : []),
  ];
  if (whom.length === 0) return undefined;
  return `${someOf(whom)} ${whom.length === 1 ? "is" : "are"} deployed`;
}

/** The outputs as a state keeps them: only what there is. */
export function writeLeft({
  names = [],
  services = [],
  failing = [],
}: Partial<PendingReferrers>): ReferrerOutputs {
  const entries = services.map(({ path, after }) => (after === undefined ? path : `${path}/${after}`));
  const pendingReferrers = [...new Set([...names, ...entries])].sort();
  return {
    ...(pendingReferrers.length > 0 ? { pendingReferrers } : {}),
    ...(failing.length > 0 ? { failingReferrers: [...failing].sort() } : {}),
  };
}

/**
 * The outputs after a refresh. Variables that it found changed may have been saved by a run that was killed before it
 * came to deploy those who refer to them; once the refresh has taken them over, no difference would ask for that.
 */
export function refreshedLeft(
  { inputs, outputs }: State<{ redeployReferrers?: boolean | undefined }, ReferrerOutputs>,
  drift: readonly Change[],
): ReferrerOutputs {
  const left = readLeft(outputs);
  if (!inputs.redeployReferrers) return writeLeft(left);
  return writeLeft({ ...left, names: [...left.names, ...changedNames(drift)] });
}

/** The variables of `env` that changes add, change or remove. */
export function changedNames(changes: readonly Change[]): string[] {
  const { added = [], changed = [], removed = [] } = changes.find(({ path }) => path === "env")?.keys ?? {};
  return [...added, ...changed, ...removed];
}

export function leftService(path: string, records: readonly DeploymentRow[]): LeftService {
  return { path, after: newest(records)?.deploymentId };
}

/** True when the service was deployed after it was noted, by whatever: that deployment took what changed. */
export function wasDeployedSince({ after }: LeftService, { deployments }: Service): boolean {
  const last = newest(deployments);
  return after !== undefined && last?.status === "done" && last.deploymentId !== after;
}
