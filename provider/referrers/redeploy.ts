import { someOf } from "../../packages/text/names";
import type { Standing } from "../deploy/target";
import { observe, standingOf } from "../env-hosts/find";
import type { Service } from "../env-hosts/host";
import { sharedOf } from "../env-hosts/reference-checks";
import { PartialFailureError, UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { State } from "../lifecycle/definition";
import { newest } from "../objects/adoption";
import type { UnconfirmedOutputs } from "../objects/service-outputs";
import type { SharedScope } from "../run/shared-plans";
import type { Change } from "../schema/changes";
import type { Target } from "../schema/kinds";
import { applyChanges, maskedValues, messageOf } from "../services/deployable";
import { lostUses, type Referrer, referrersOf, unfitUses, wasDeployed } from "./find";
import {
  changedNames,
  type LeftService,
  leftService,
  type ReferrerOutputs,
  readLeft,
  wasDeployedSince,
  writeLeft,
} from "./pending";

/**
 * Services that refer to shared variables. Dokploy puts shared values in when it deploys a service, so a change of them
 * reaches nobody by itself.
 */

/** A resource that owns variables of a project or environment. */
export interface SharedOwner {
  /** How messages call it: `Project "shop"`. */
  label: string;
  scope: SharedScope;
  /** The input `redeployReferrers`. */
  redeploy: boolean | undefined;
  /** Whether Pulumi comes to the services in the scope only after this resource, since they take its id. */
  comesFirst: boolean;
}

/** What a change of shared variables means for the services that refer to them. */
export interface SharedChange {
  /** The variables that were added, changed or removed. */
  names: readonly string[];
  /** What an earlier run left undone. */
  left: ReferrerOutputs | undefined;
}

/** The same once it is saved. */
export interface SavedChange extends SharedChange {
  /** Its place among all that the run saved; 0 when an earlier run saved it. */
  since: number;
}

/**
 * The error for shared variables that may have been saved without an answer. The state then names them: a refresh would
 * take them for unchanged, and nobody would deploy those who refer to them.
 *
 * @param id of the resource in the state
 * @param before the state so far
 * @param unconfirmed the variables that it may have changed
 */
export function unfinishedShared(
  id: string,
  owner: SharedOwner,
  change: SharedChange,
  before: Partial<State<object, object>>,
  unconfirmed: UnconfirmedOutputs,
): (reason: Error) => Error {
  const left = { ...unconfirmed, ...(owner.redeploy ? leftUndone(change) : {}) };
  return (reason) =>
    Object.keys(left).length > 0
      ? new PartialFailureError(id, { ...before.outputs, ...left }, reason, before.inputs)
      : reason;
}

/**
 * Deploys the services that refer to shared variables which have just been saved, and waits for all of them. Left alone
 * are services that were never deployed, and those that refer to a variable which is gone. A service that a resource of
 * the same run means to deploy is waited for, and deployed only if that brought it nothing.
 *
 * A service whose deployment had failed before may need a change that another resource of this run has yet to make, and
 * Pulumi would not come to it after a failure. When it fails again, and no resource of it was seen so far, it is left to
 * one: that deploys it once more, changed or not, and its failure is the run's. Where none comes, the program fails at its
 * end, by `failingReferrers`.
 *
 * @param id of the resource in the state
 * @returns the outputs, with those services that are left for another run
 * @throws PartialFailureError when a deployment failed: the state then names the services that the next run deploys
 */
export async function redeployReferrers<Outputs extends object>(
  id: string,
  owner: SharedOwner,
  change: SavedChange,
  outputs: Outputs,
  context: Context,
): Promise<Outputs & ReferrerOutputs> {
  context.claims.shared.savedAll(owner.scope);
  if (!owner.redeploy) return outputs;
  const readAt = context.claims.line.now;
  const due = await dueReferrers(owner, change, context).catch((error: unknown) => {
    throw new PartialFailureError(id, { ...outputs, ...leftUndone(change) }, error);
  });
  // Resources that deploy some of them may yet be planned.
  if (due.length > 0) await context.claims.rollouts.quiet();
  const earlier = new Set(readLeft(change.left).services.map(({ path }) => path));
  const results = await Promise.all(
    due.map((found) => redeploy(found, owner, { readAt, since: change.since, earlier }, context)),
  );
  const left = results.flatMap((result) => (result.left ? [result.left] : []));
  const failing = results.flatMap(({ end, left }) => (end === "again" && left ? [left.path] : []));
  const failed = results.flatMap(({ end, reason }) => (end === "failed" && reason ? [reason] : []));
  if (failed.length === 0) return { ...outputs, ...writeLeft({ services: left, failing }) };
  throw new PartialFailureError(
    id,
    { ...outputs, ...writeLeft({ services: left }) },
    new UserError(
      `${owner.label} is saved, but of ${due.length} services that refer to what changed, the deployment of ` +
        `${failed.length} failed; the next \`pulumi up\` deploys ${failed.length === 1 ? "it" : "them"} again:\n` +
        failed.map((line) => `- ${line}`).join("\n"),
    ),
  );
}

/** What became of one service that refers to what changed. */
interface Redeployed {
  /** `again`: it fails as it did before, and a resource of this run may still repair it. */
  end: "done" | "waits" | "failed" | "again";
  left?: LeftService;
  reason?: string;
}

async function redeploy(
  found: Referrer,
  owner: SharedOwner,
  { readAt, since, earlier }: { readAt: number; since: number; earlier: ReadonlySet<string> },
  context: Context,
): Promise<Redeployed> {
  const { path, names } = found;
  const { deployments, line } = context.claims;
  if (context.only !== undefined && !context.only.includes(found.service.name)) {
    return { end: "waits", left: leftService(path, found.service.deployments) };
  }
  const theirs = await deployments.ended(path);
  // The resource that could not deploy it fails the run itself.
  if (theirs === "failed") return { end: "waits", left: await failedService(path, context) };
  const now = line.now;
  // What was read before may be what that deployment has just replaced.
  const service = theirs === undefined ? found.service : await again(path, context);
  if (!service) return { end: "done" };
  try {
    const standing = { since, readAt: theirs === undefined ? readAt : now };
    await deploy(service, owner.scope, [...names], standing, context);
    return { end: "done" };
  } catch (error) {
    const left = await failedService(path, context);
    const reason = `${service.label}: ${messageOf(error).replaceAll("\n", "\n  ")}`;
    const isNew = !earlier.has(path) && !hadFailed(service);
    if (isNew || !deployments.mayCome(path)) return { end: "failed", left, reason };
    deployments.leave(path);
    context.warn(
      `${owner.label} is saved, but a service that refers to what changed fails as it did before; until it is ` +
        `deployed, each \`pulumi up\` tries again: ${reason}`,
    );
    return { end: "again", left };
  }
}

/** The outputs when nobody could be deployed yet. */
function leftUndone({ names, left }: SharedChange): ReferrerOutputs {
  const before = readLeft(left);
  return writeLeft({ ...before, names: [...names, ...before.names] });
}

/** Those that refer to what changed, and those that an earlier run left; all of them deployed at least once. */
async function dueReferrers(
  { label, scope }: SharedOwner,
  change: SharedChange,
  context: Context,
): Promise<Referrer[]> {
  const left = readLeft(change.left);
  const names = [...new Set([...change.names, ...left.names])];
  const found = names.length === 0 ? [] : await referrersOf(scope, names, context);
  const others = await Promise.all(
    left.services
      .filter(({ path }) => !found.some((referrer) => referrer.path === path))
      .map(async (noted): Promise<Referrer[]> => {
        const service = await again(noted.path, context);
        if (!service || wasDeployedSince(noted, service)) return [];
        return [{ path: noted.path, service, places: [], names: new Set() }];
      }),
  );
  return [...found, ...others.flat()].filter(({ service }) => {
    if (!wasDeployed(service)) return false;
    const lost = lostUses(service, scope);
    const places = someOf(lost.map(({ place, name }) => `${name} (${place})`));
    const unfit = lost.length > 0 ? [] : unfitUses(service, scope, sharedOf(service.environment), context);
    if (lost.length + unfit.length === 0) return true;
    const why = lost.length > 0 ? `it refers to what is not there: ${places}` : someOf(unfit, "; ");
    context.warn(
      `The ${service.label} is not deployed for what ${label} changes, since ${why}. ` +
        "It gets the change with its next deployment, once that is put right.",
    );
    return false;
  });
}

/** A service as it is now; undefined when it is gone. */
function targetOf({ kind, id }: { kind: string; id: string }): Target {
  return { [`${kind}Id`]: id } as Target;
}

async function again(path: string, { api }: Context): Promise<Service | undefined> {
  const [kind = "", id = ""] = path.split("/");
  return (await observe(targetOf({ kind, id }), api)) as Service | undefined;
}

/** The note of a service that has just failed, with its failed deployment where that can be read. */
async function failedService(path: string, context: Context): Promise<LeftService> {
  try {
    return leftService(path, (await again(path, context))?.deployments ?? []);
  } catch {
    return leftService(path, []);
  }
}

async function deploy(
  service: Service,
  scope: SharedScope,
  names: readonly string[],
  standing: Pick<Standing, "since" | "readAt">,
  context: Context,
): Promise<void> {
  const change: Change = {
    path: scope.kind,
    input: "env",
    apply: "deploy",
    minApply: "deploy",
    replace: false,
    keys: { added: [], changed: [...names], removed: [] },
  };
  await applyChanges(context, service.withTexts({}), {
    need: "deploy",
    option: undefined,
    changes: [change],
    before: service.deployments,
    standing: { ...standingOf(targetOf(service), service, standing.readAt, context), since: standing.since },
    secrets: maskedValues(service.values, context.claims),
    outputs: { status: service.status },
  });
}

/** Whether the service's last deployment failed. */
function hadFailed({ deployments, status }: Service): boolean {
  return (newest(deployments)?.status ?? status) === "error";
}

/** Names of shared variables that the plan changes, or that were changed by hand since. Variables given up stay. */
export function changedShared(
  { env }: { env?: unknown },
  planned: readonly Change[],
  drifted: readonly Change[],
): string[] {
  if (env === undefined) return [];
  return [...new Set([planned, drifted].flatMap(changedNames))];
}
