import { PartialFailureError, UserError } from "../../errors";
import type { Context, SharedScope, State } from "../../lifecycle";
import type { Change, Target } from "../../schema";
import type { UnconfirmedOutputs } from "../rollout/outputs";
import { messageOf, type RolloutOptions, rollout } from "../rollout/rollout";
import { newest } from "../rollout/ways/queue";
import { deployable, observe } from "../variable-targets/find";
import type { Service } from "../variable-targets/host";
import { sharedOf } from "../variable-targets/reference-checks";
import { canDeploy, type Referrer, referrersOf, referrersWithout, wasDeployed } from "./find";
import {
  changedNames,
  type PendingReferrers,
  type PendingService,
  pendingService,
  type ReferrerOutputs,
  readPending,
  wasDeployedSince,
  writePending,
} from "./pending";

/**
 * Deployment of the services that refer to shared variables. Dokploy inserts shared values when it deploys a
 * service, so a change of them alone reaches no service.
 */

/** A resource that owns variables of a project or environment. */
export interface SharedOwner {
  /** Name of the resource in messages: `Project "shop"`. */
  label: string;
  scope: SharedScope;
  /** The input `redeployReferrers`. */
  redeploy: boolean | undefined;
}

/** A change of the shared variables that a resource owns, and the services that need it. */
export class SharedChange {
  /** Variables that the plan changes, or that drifted; those no longer in the program stay. */
  private readonly names: readonly string[];
  /** Variables of a new resource that its object has already. */
  private readonly saved: readonly string[];

  /**
   * @param id the resource's id in the state
   * @param remaining outputs in the state, with work that an earlier run did not finish; undefined for a new resource
   */
  constructor(
    private readonly id: string,
    private readonly owner: SharedOwner,
    { env }: { env?: unknown },
    { planned, drifted }: { planned: readonly Change[]; drifted: readonly Change[] },
    private readonly remaining: ReferrerOutputs | undefined,
  ) {
    const given = Object.keys(env ?? {});
    this.names = env === undefined ? [] : [...new Set([planned, drifted].flatMap(changedNames))];
    this.saved = remaining === undefined ? given.filter((name) => !this.names.includes(name)) : [];
  }

  /**
   * Returns a function that creates the error for variables that may have been saved without a response. The state
   * then names them: otherwise a refresh would treat them as unchanged, and nobody would deploy the services that refer
   * to them.
   *
   * @param before the state so far
   * @param unconfirmed the variables that it may have changed
   */
  unfinished(
    before: Partial<State<object, object>>,
    unconfirmed: UnconfirmedOutputs,
  ): (reason: Error) => Error {
    const remaining = { ...unconfirmed, ...(this.owner.redeploy ? this.pending() : {}) };
    return (reason) =>
      Object.keys(remaining).length > 0
        ? new PartialFailureError(this.id, { ...before.outputs, ...remaining }, reason, before.inputs)
        : reason;
  }

  /**
   * Deploys the services that refer to the variables, which have just been saved, and waits for all of them. It
   * skips services that were never deployed, and services that refer to a variable which no longer exists. If a
   * resource of the same run is changing a service, it waits for that deployment, and deploys the service only if the
   * change was not in it.
   *
   * A service whose deployment had failed before may need a change that another resource of this run has yet to make,
   * and Pulumi would not start with that resource after a failure. So if it fails again, that is a warning, and the next
   * run deploys it again.
   *
   * @param since position in the order of everything that the run saved; 0 when an earlier run saved the variables
   * @returns the outputs, with the services that are left for another run
   * @throws PartialFailureError when a deployment failed: the state then names the services that the next run deploys
   */
  async deploy<Outputs extends object>(
    since: number,
    outputs: Outputs,
    context: Context,
  ): Promise<Outputs & ReferrerOutputs> {
    const { id, owner } = this;
    context.run.shared.savedAll(owner.scope);
    if (!owner.redeploy) return outputs;
    const readAt = context.run.deployments.now;
    const before = readPending(this.remaining);
    const { names, saved } = this;
    const due = await dueReferrers(owner, { names, saved }, before, context).catch((error: unknown) => {
      throw new PartialFailureError(id, { ...outputs, ...this.pending() }, error);
    });
    const earlier = new Set(before.services.map(({ path }) => path));
    const results = await Promise.all(
      due.map((found) => redeploy(found, owner, { readAt, since, earlier }, context)),
    );
    const remaining = results.flatMap((result) => (result.remaining ? [result.remaining] : []));
    const failed = results.flatMap(({ end, reason }) => (end === "failed" && reason ? [reason] : []));
    if (failed.length === 0) return { ...outputs, ...writePending({ services: remaining }) };
    throw new PartialFailureError(
      id,
      { ...outputs, ...writePending({ services: remaining }) },
      new UserError(
        `${owner.label} is saved, but ${failed.length} of the ${due.length} deployments of services that refer ` +
          `to the changed variables failed; the next \`pulumi up\` deploys ${failed.length === 1 ? "it" : "them"} again:\n` +
          failed.map((line) => `- ${line}`).join("\n"),
      ),
    );
  }

  /** Returns the outputs when no service could be deployed yet. */
  private pending(): ReferrerOutputs {
    const before = readPending(this.remaining);
    return writePending({ ...before, names: [...this.names, ...this.saved, ...before.names] });
  }
}

/** Outcome for one service that refers to the changed variables. */
interface Redeployed {
  end: "done" | "waits" | "failed";
  remaining?: PendingService;
  reason?: string;
}

async function redeploy(
  found: Referrer,
  owner: SharedOwner,
  { readAt, since, earlier }: { readAt: number; since: number; earlier: ReadonlySet<string> },
  context: Context,
): Promise<Redeployed> {
  const { path, names } = found;
  const { deployments } = context.run;
  if (context.only !== undefined && !context.only.includes(found.service.name)) {
    return { end: "waits", remaining: pendingService(path, found.service.deployments) };
  }
  const theirs = await deployments.ended(path);
  // If that resource could not deploy it, it makes the run fail itself.
  if (theirs === "failed") return { end: "waits", remaining: await failedService(path, context) };
  const now = deployments.now;
  // Its deployment may have just replaced the state that was read before.
  const service = theirs === undefined ? found.service : await again(path, context);
  if (!service) return { end: "done" };
  try {
    const position = { since, readAt: theirs === undefined ? readAt : now };
    await deploy(service, owner.scope, [...names], position, context);
    return { end: "done" };
  } catch (error) {
    const remaining = await failedService(path, context);
    const reason = `${service.label}: ${messageOf(error).replaceAll("\n", "\n  ")}`;
    const isNew = !earlier.has(path) && !hadFailed(service);
    if (isNew) return { end: "failed", remaining, reason };
    context.warn(
      `${owner.label} is saved, but a service that refers to the changed variables still fails; until it is ` +
        `deployed, each \`pulumi up\` tries again: ${reason}`,
      "not-deployed",
    );
    return { end: "waits", remaining };
  }
}

/**
 * Finds the services that refer to the changed variables, that run without those saved before, or that were left by an
 * earlier run, if ever deployed.
 */
async function dueReferrers(
  { label, scope }: SharedOwner,
  changed: { readonly names: readonly string[]; readonly saved: readonly string[] },
  remaining: PendingReferrers,
  context: Context,
): Promise<Referrer[]> {
  const names = [...new Set([...changed.names, ...remaining.names])];
  const affected = names.length === 0 ? [] : await referrersOf(scope, names, context);
  const without = await referrersWithout(scope, changed.saved, context);
  const isOther = ({ path }: Referrer) => !affected.some((referrer) => referrer.path === path);
  const found = [...affected, ...without.filter(isOther)];
  const others = await Promise.all(
    remaining.services
      .filter(({ path }) => !found.some((referrer) => referrer.path === path))
      .map(async (noted): Promise<Referrer[]> => {
        const service = await again(noted.path, context);
        if (!service || wasDeployedSince(noted, service)) return [];
        return [{ path: noted.path, service, places: [], names: new Set() }];
      }),
  );
  return [...found, ...others.flat()].filter(
    ({ service }) =>
      wasDeployed(service) && canDeploy(service, { label, scope }, sharedOf(service.environment), context),
  );
}

function targetOf({ kind, id }: { kind: string; id: string }): Target {
  return { [`${kind}Id`]: id } as Target;
}

/** Reads the current state of a service; undefined when it no longer exists. */
async function again(path: string, { api }: Context): Promise<Service | undefined> {
  const [kind = "", id = ""] = path.split("/");
  return (await observe(targetOf({ kind, id }), api)) as Service | undefined;
}

/** Returns the note of a service that has just failed, with its failed deployment where that can be read. */
async function failedService(path: string, context: Context): Promise<PendingService> {
  try {
    return pendingService(path, (await again(path, context))?.deployments ?? []);
  } catch {
    return pendingService(path, []);
  }
}

async function deploy(
  service: Service,
  scope: SharedScope,
  names: readonly string[],
  position: Pick<RolloutOptions<object>, "since" | "readAt">,
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
  const { status } = service;
  const options = { need: "deploy", deploy: undefined, ...position, outputs: { status } } as const;
  await rollout(deployable(service, context), [change], options, context);
}

/** True when the service's last deployment failed. */
function hadFailed({ deployments, status }: Service): boolean {
  return (newest(deployments)?.status ?? status) === "error";
}
