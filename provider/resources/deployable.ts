import type { Context } from "../context";
import { type DatabaseTarget, deployDatabase } from "../deploy/database";
import { DeploymentError } from "../deploy/error";
import { hideIn } from "../deploy/log";
import { NotRunningError } from "../deploy/not-running";
import type { DeployTarget } from "../deploy/service";
import { deploymentTitle } from "../deploy/title";
import { readTasks, type WatchOptions, type WatchTarget, watchContainers } from "../deploy/watch";
import type { DeploymentRow, ServiceStatus } from "../dokploy/rows";
import { type Change, stronger } from "../mapping";
import { ExpectedError, type Problem, UnfinishedError } from "../problem";
import type { Apply, DeployOption, DeployOptions } from "../schema";

/** The deployment that a resource last made, with the times that Dokploy recorded. */
export interface LastDeployment {
  deploymentId?: string;
  status: "done" | "error" | "cancelled" | "lost" | "timeout" | "ambiguous";
  title?: string;
  /** ISO 8601. */
  startedAt?: string;
  /** ISO 8601. */
  finishedAt?: string;
  durationSeconds?: number;
}

/** What every resource that deploys a service has on top of its inputs. */
export interface ServiceOutputs {
  /** Status of the service in Dokploy. */
  status: ServiceStatus;
  /** The last deployment that this resource made. */
  lastDeployment?: LastDeployment;
  /** What is saved in Dokploy and still needs this to take effect: set by `deploy: false` and by a failed deployment. */
  pending?: Apply;
}

/** A service as something to deploy and to watch, with what its containers should be. */
export type ServiceTarget = WatchTarget & (DeployTarget | DatabaseTarget) & { expected?: Expected };

/** How many containers should run, and with which variables, as far as that is known. */
export type Expected = Pick<WatchOptions, "replicas" | "isJob" | "expectEnv">;

/** Problems of a `deploy` option that asks to reload a compose service, which Dokploy cannot. */
export function reloadProblems(deploy: unknown): Problem[] {
  if (typeof deploy !== "object" || deploy === null || !("method" in deploy) || deploy.method !== "reload")
    return [];
  return [
    { property: "deploy.method", reason: 'a compose service cannot be reloaded: use "redeploy" or "deploy"' },
  ];
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
    need = stronger(need, method ? stronger(change.least, method) : change.apply);
  }
  return stronger(need, pending);
}

/**
 * Makes what is saved take effect, once, and waits until it has.
 *
 * @throws UnfinishedError when that fails: the object and its saved configuration stay, and the next run goes on
 */
export async function applyChanges<Outputs extends ServiceOutputs>(
  context: Context,
  target: ServiceTarget,
  request: {
    need: Apply;
    option: DeployOption | undefined;
    changes: readonly Change[];
    /** The deployment records that were there just before; a database has none. */
    before: readonly DeploymentRow[];
    /** Texts that must not appear in a log's tail. */
    secrets: Iterable<string>;
    /** The outputs so far. */
    outputs: Outputs;
    /** Puts the configuration back that was there before; left out where there was none. */
    undo?: () => Promise<void>;
    /** Id of the resource in the state. Default: the target's. */
    resourceId?: string;
  },
): Promise<Outputs> {
  const { pending: _, ...outputs } = request.outputs;
  const settled = outputs as Outputs;
  if (request.need === "none") return settled;
  if (request.option === false) return { ...settled, pending: request.need };

  const options: DeployOptions = typeof request.option === "object" ? request.option : {};
  const method = wasDeployed(target, request.before) ? request.need : "deploy";
  let deployed: { lastDeployment?: LastDeployment } = {};
  try {
    const watch = await watching(context, target, options, request.secrets);
    if (method === "reload") {
      await context.api.call("application.reload", { applicationId: target.id, appName: target.appName });
      await watch();
      return { ...settled, status: "done" };
    }
    const { title, description } = deploymentTitle({
      ...(await context.run()),
      changes: names(request.changes),
    });
    const { timeoutSeconds } = options;
    const { title: made, ...result } = await deployOnce(context, target, {
      before: request.before,
      method: method === "redeploy" ? "redeploy" : "deploy",
      title: options.title ?? title,
      description: options.description ?? description,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      isProvenLater: waitsForRunning(context, options),
      secrets: request.secrets,
    });
    // A title of the program's own may be a secret there, and the state would not know.
    deployed = {
      lastDeployment: {
        ...result,
        ...(options.title === undefined && made !== undefined ? { title: made } : {}),
      },
    };
    await watch();
    return { ...settled, ...deployed, status: "done" };
  } catch (error) {
    hideIn(error, request.secrets);
    if (options.rollbackOnFailure && request.undo && hasFailed(error)) {
      throw await rollBack(context, target, request.undo, request.before, request.secrets, error);
    }
    const failed = error instanceof DeploymentError ? { lastDeployment: failedDeployment(error) } : deployed;
    const outputs = { ...settled, ...failed, status: "error" as const, pending: request.need };
    throw new UnfinishedError(request.resourceId ?? target.id, outputs, error);
  }
}

/** One deployment to its end: through the queue, or, for a database, in the call itself, which leaves no record. */
async function deployOnce(
  context: Context,
  target: ServiceTarget,
  request: {
    before: readonly DeploymentRow[] | undefined;
    method: "deploy" | "redeploy";
    title: string;
    description?: string;
    timeoutSeconds?: number;
    isProvenLater: boolean;
    secrets: Iterable<string>;
  },
): Promise<LastDeployment> {
  const { before, isProvenLater, secrets, ...options } = request;
  if (isQueued(target)) return await context.deployments.run(target, before, options, secrets);
  const { timeoutSeconds } = options;
  await deployDatabase(context.api, target, {
    isProvenLater,
    secrets,
    progress: context.progress,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(context.timers ? { timers: context.timers } : {}),
  });
  return { status: "done" };
}

function isQueued(target: DeployTarget | DatabaseTarget): target is DeployTarget {
  return target.kind === "application" || target.kind === "compose";
}

/** Whether what was there before ever ran: of a database only its status tells. */
function wasDeployed(target: ServiceTarget, records: readonly DeploymentRow[]): boolean {
  return isQueued(target) ? records.some((record) => record.status === "done") : target.status === "done";
}

function waitsForRunning(context: Context, options: DeployOptions): boolean {
  return (options.waitFor ?? context.waitFor) === "running";
}

/**
 * Notes what runs before the deployment, and gives the wait for what should run after it.
 *
 * @throws DokployError when the key may not look at containers; nothing was deployed then
 */
async function watching(
  context: Context,
  target: ServiceTarget,
  options: DeployOptions,
  secrets: Iterable<string>,
): Promise<() => Promise<void>> {
  if (!waitsForRunning(context, options)) return async () => {};
  const { timers, progress } = context;
  const before = await readTasks(context.api, target, timers ? () => timers.now() : undefined);
  const { runningTimeoutSeconds } = options;
  return () =>
    watchContainers(context.api, target, before, {
      ...target.expected,
      secrets,
      progress,
      ...(timers ? { timers } : {}),
      ...(runningTimeoutSeconds === undefined ? {} : { timeoutSeconds: runningTimeoutSeconds }),
    });
}

/** True when the new version certainly failed; what is lost, late or ambiguous may still come up. */
function hasFailed(error: unknown): error is DeploymentError | NotRunningError {
  if (error instanceof NotRunningError) return error.outcome !== "unknown";
  return error instanceof DeploymentError && error.outcome === "error";
}

/**
 * Puts the former configuration back and deploys it. The error that comes out tells both outcomes; it leaves the state as
 * it was before, since that is what Dokploy holds again.
 */
async function rollBack(
  context: Context,
  target: ServiceTarget,
  undo: () => Promise<void>,
  before: readonly DeploymentRow[],
  secrets: Iterable<string>,
  failure: Error,
): Promise<ExpectedError> {
  try {
    await undo();
  } catch (error) {
    return new ExpectedError(
      `${failure.message}\nThe former configuration could not be put back, so the new one stays saved: ${messageOf(error)}`,
    );
  }
  if (!wasDeployed(target, before)) {
    return new ExpectedError(
      `${failure.message}\nThe former configuration was put back. It was never deployed, so nothing was deployed now.`,
    );
  }
  try {
    const { deploymentId } = await deployOnce(context, target, {
      before: undefined,
      method: "deploy",
      title: "Pulumi: back to the former configuration",
      isProvenLater: false,
      secrets,
    });
    const which = deploymentId === undefined ? "" : ` (deployment ${deploymentId})`;
    return new ExpectedError(
      `${failure.message}\nThe former configuration was put back and deployed again${which}.`,
    );
  } catch (error) {
    return new ExpectedError(
      `${failure.message}\nThe former configuration was put back, but its deployment failed as well: ${messageOf(error)}`,
    );
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failedDeployment(error: DeploymentError): LastDeployment {
  return {
    status: error.outcome,
    ...(error.deploymentId === undefined ? {} : { deploymentId: error.deploymentId }),
  };
}

/** Names of what changed, for the deployment's title: variables by their key, other inputs by their path. */
function names(changes: readonly Change[]): { added: string[]; changed: string[]; removed: string[] } {
  const all = { added: [] as string[], changed: [] as string[], removed: [] as string[] };
  for (const change of changes) {
    if (change.keys) {
      const prefix = change.path === "env" ? "" : `${change.path}.`;
      for (const kind of ["added", "changed", "removed"] as const) {
        all[kind].push(...change.keys[kind].map((key) => prefix + key));
      }
    } else if (change.apply !== "none") {
      all.changed.push(change.path);
    }
  }
  return all;
}
