import type { DeploymentRow } from "../dokploy/rows";
import type { State } from "../lifecycle/definition";
import { containsUnknown, isRecord, isUnknown } from "../pulumi/unknown";
import type { Change } from "../schema/changes";
import type { Apply, DeployOption } from "../schema/fields";
import { needed, pendingOf, type ServiceOutputs } from "./service-outputs";

/**
 * What a service needs that this state knows nothing of yet, though nothing of it changes: a deployment, unless its newest
 * one succeeded. A run that was killed may have saved all that is asked for, and never have come to deploy it.
 */
export function neverApplied(records: readonly DeploymentRow[]): Apply {
  return newest(records)?.status === "done" ? "none" : "deploy";
}

/**
 * What a refresh notes beside the values that it found changed: that they have yet to take effect, unless a deployment
 * succeeded since the last one of this state. A killed run, too, saves values and leaves the state as it was; once the
 * refresh has taken them over, no difference would ask for their deployment.
 */
export function unappliedDrift(
  drift: readonly Change[],
  { inputs, outputs }: State<{ deploy?: DeployOption | undefined }, Partial<ServiceOutputs>>,
  records: readonly DeploymentRow[],
): Pick<ServiceOutputs, "pending"> {
  const last = newest(records);
  const mine = outputs.lastDeployment?.deploymentId;
  if (last?.status === "done" && mine !== undefined && last.deploymentId !== mine) return {};
  return pendingOf(needed(drift, inputs.deploy, outputs.pending));
}

/** What an adoption changes, as far as a preview can tell. */
export interface Adoption {
  /** What differs for certain. */
  changes: readonly Change[];
  /** What is compared once its value is known. */
  unknown: readonly Change[];
}

/** Takes changes whose new value is not known yet apart from those that are certain; of variables, name by name. */
export function splitUnknown(changes: readonly Change[], inputs: object): Adoption {
  const known: Change[] = [];
  const unknown: Change[] = [];
  for (const change of changes) {
    const now = valueAt(inputs, change.path);
    if (!change.keys || isUnknown(now)) {
      (containsUnknown(now) ? unknown : known).push(isUnknown(now) ? { ...change, keys: undefined } : change);
      continue;
    }
    const isOpen = (name: string) => isRecord(now) && isUnknown(now[name]);
    const { added, changed, removed } = change.keys;
    // A name that is new is added whatever its value.
    const sure = { added, changed: changed.filter((name) => !isOpen(name)), removed };
    const open = changed.filter(isOpen);
    if (sure.added.length + sure.changed.length + sure.removed.length > 0)
      known.push({ ...change, keys: sure });
    if (open.length > 0) unknown.push({ ...change, keys: { added: [], changed: open, removed: [] } });
  }
  return { changes: known, unknown };
}

function valueAt(inputs: object, path: string): unknown {
  let value: unknown = inputs;
  for (const name of path.split(".")) {
    if (isUnknown(value)) return value;
    value = isRecord(value) ? value[name] : undefined;
  }
  return value;
}

/** How something that is adopted is deployed. */
export interface Deploying {
  option: DeployOption | undefined;
  /** The deployments that it had. */
  records: readonly DeploymentRow[];
  /** What is needed although nothing changes. */
  left: Apply;
}

/**
 * What adopting an object does to it, in one line for the preview. Variables by their names alone.
 *
 * @param deploying for what is deployed
 */
export function adoptionNotice(what: string, { changes, unknown }: Adoption, deploying?: Deploying): string {
  const effects = [
    ...(changes.length > 0 ? [`changes ${describeChanges(changes)}`] : []),
    ...(unknown.length > 0 ? [`not known yet, so it may change: ${describeChanges(unknown)}`] : []),
  ];
  if (effects.length === 0) effects.push("nothing to change");
  return `${what} is adopted: ${[...effects, ...(deploying ? deployment(changes, unknown, deploying) : [])].join("; ")}.`;
}

/** `source.image, env (+NEW ~LEVEL -OLD)` */
function describeChanges(changes: readonly Change[]): string {
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
  return paths.join(", ");
}

function deployment(
  changes: readonly Change[],
  unknown: readonly Change[],
  { option, records, left }: Deploying,
): string[] {
  const need = needed(changes, option, left);
  if (need === "none") {
    const may = option !== false && needed(unknown, option) !== "none";
    return may ? ["deploys if it does"] : [];
  }
  if (option === false) return ["not deployed (deploy: false)"];
  if (changes.length === 0) {
    return [`${acts[need]}, since ${whyNow(records)}`];
  }
  return [acts[need]];
}

const acts = { reload: "reloads", redeploy: "builds again", deploy: "deploys" } as const;

function whyNow(records: readonly DeploymentRow[]): string {
  const last = newest(records);
  if (last === undefined) return "it was never deployed";
  return last.status === "done"
    ? "some of its parts were made after its last deployment"
    : "its last deployment did not succeed";
}

/** The record of the latest deployment. */
export function newest(records: readonly DeploymentRow[]): DeploymentRow | undefined {
  return [...records].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
}
