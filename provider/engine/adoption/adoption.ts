import { containsUnknown, isRecord, isUnknown, valueAt } from "../../../packages/values";
import type { DeploymentRow } from "../../dokploy";
import type { Context, State } from "../../lifecycle";
import type { Apply, Change, DeployOption } from "../../schema";
import { needed } from "../rollout/need";
import { pendingOf, type ServiceOutputs } from "../rollout/outputs";
import { newest } from "../rollout/ways/queue";
import { adoptionData } from "./adoption-data";

/**
 * Returns what a refresh records in addition to the changed values that it found: that they have yet to take effect,
 * unless a deployment succeeded since the last one of this state. A killed run also saves values and does not update
 * the state; once the refresh has put them into the state, no difference would cause their deployment.
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

/** Changes that an adoption makes, as far as a preview can know. */
export interface Adoption {
  /** Certain differences. */
  changes: readonly Change[];
  /** Differences that depend on values that are not known yet. */
  unknown: readonly Change[];
}

/** Separates changes whose new value is not known yet from certain ones; for variables, by name. */
export function splitUnknown(changes: readonly Change[], inputs: object): Adoption {
  const known: Change[] = [];
  const unknown: Change[] = [];
  for (const change of changes) {
    const now = valueAt(inputs, change.path.split("."));
    if (!change.keys || isUnknown(now)) {
      (containsUnknown(now) ? unknown : known).push(isUnknown(now) ? { ...change, keys: undefined } : change);
      continue;
    }
    const isOpen = (name: string) => isRecord(now) && isUnknown(now[name]);
    const { added, changed, removed } = change.keys;
    // A new name is added, regardless of its value.
    const sure = { added, changed: changed.filter((name) => !isOpen(name)), removed };
    const open = changed.filter(isOpen);
    if (sure.added.length + sure.changed.length + sure.removed.length > 0)
      known.push({ ...change, keys: sure });
    if (open.length > 0) unknown.push({ ...change, keys: { added: [], changed: open, removed: [] } });
  }
  return { changes: known, unknown };
}

/** Deployment of an adopted object. */
export interface Deploying {
  option: DeployOption | undefined;
  /** Earlier deployments. */
  records: readonly DeploymentRow[];
  /** Action that is needed although nothing changes. */
  remaining: Apply;
}

/**
 * Reports the effect of an adoption in one line for the preview. Variables appear only by name.
 *
 * @param deploying facts for an object that is deployed
 * @param service facts for an object of a service: the option of its deployment, the action that the service may still
 * need, and a sentence about that, after a space
 */
export function reportAdoption(
  what: string,
  { changes, unknown }: Adoption,
  { warn, inform, resource }: Pick<Context, "warn" | "inform" | "resource">,
  deploying?: Deploying,
  service: Omit<Deploying, "records"> & { readonly further: string } = noService,
): void {
  const { option, remaining } = deploying ?? service;
  const { further } = service;
  const effects = [
    ...(changes.length > 0 ? [`changes ${describeChanges(changes)}`] : []),
    ...(unknown.length > 0 ? [`not known yet, so it may change: ${describeChanges(unknown)}`] : []),
  ];
  const deployed = deploying ? deployment(changes, unknown, deploying) : [];
  const need = needed([...changes, ...unknown], option, remaining);
  const isHeld = option === false && need !== "none";
  const shown = [...(effects.length > 0 ? effects : ["nothing to change"]), ...deployed];
  const message = `${what} is adopted: ${shown.join("; ")}.${further}`;
  if (effects.length + deployed.length === 0 && further === "") inform(message, "unchanged", resource);
  else if (resource === undefined) warn(message, "adopts");
  else warn(message, "adopts", adoptionData(resource, isHeld ? "held" : need, [...changes, ...unknown]));
}

const noService = { option: undefined, remaining: "none", further: "" } as const;

/** Lists changes: `source.image, env (+NEW ~LEVEL -OLD)`. */
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
  { option, records, remaining }: Deploying,
): string[] {
  const need = needed(changes, option, remaining);
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
    ? "some of its parts were created after its last deployment"
    : "its last deployment did not succeed";
}
