import { isDeepStrictEqual } from "node:util";
import {
  type DatabaseTarget,
  DeploymentError,
  type DeployTarget,
  deployDatabase,
  deploymentTitle,
  NotRunningError,
  neverSeen,
  type Proof,
  type RunFacts,
  readTasks,
  type ServiceTarget,
  serviceKey,
  watchContainers,
} from "../../deploy";
import type { DeploymentRow } from "../../dokploy";
import type { Context, LastDeployment, Made } from "../../lifecycle";
import type { Apply, Change, DeployOptions } from "../../schema";

interface Request {
  method: Apply;
  options: DeployOptions;
  changes: readonly Change[];
  /** Deployment records from just before; undefined if they may have changed since. */
  before: readonly DeploymentRow[] | undefined;
  runFacts: RunFacts;
  secrets: Iterable<string>;
  /** True when the saved changes stay in Dokploy after a failure. */
  isKept: boolean;
}

/** Doubt about a deployment that the check of the containers settles. */
interface Doubt {
  /** Returns the error for containers that show no change. */
  readonly ifUntouched?: () => Error;
  /** Error, unless the containers are seen to have the variables that were saved. */
  readonly unlessProven?: Error;
}

/** Waits for the new containers; `upTo` is the position up to which the saved changes of the run are in them. */
type Watching = (
  ifUntouched: (() => Error) | undefined,
) => Promise<{ readonly proof: Proof; readonly upTo: number }>;

/**
 * One deployment or reload of a service, until its containers have the configuration that Dokploy held when it began.
 *
 * A deployment reads the texts at its turn in Dokploy's queue, not when it is requested, and others may save in
 * between: another resource of this run, or somebody by hand. Then its containers have either the former texts or the
 * present ones. If they have neither, several have saved, and one more deployment decides.
 */
export class Deploying {
  /** Deployment that Dokploy recorded, once it has succeeded there. */
  lastDeployment: LastDeployment | undefined;

  constructor(
    private readonly context: Context,
    private readonly target: ServiceTarget,
    private readonly request: Request,
  ) {}

  async run(): Promise<Made> {
    const { run, lock } = this.context;
    const { around, takesShared, readAt, since, again } = this.request.runFacts;
    const places = [serviceKey(this.target), ...around];
    // Changes that others of this run are saving now are included.
    if (takesShared) await run.shared.settled(around);
    await lock.idle(places);
    const upTo = run.deployments.now;
    const target = run.deployments.isSavedSince(places, readAt, since) ? await again() : this.target;
    try {
      return await this.once(target, upTo, this.request.before);
    } catch (error) {
      if (!(error instanceof NotRunningError && error.isOvertaken)) throw error;
      const latest = run.deployments.now;
      return await this.once(await again(), latest, undefined);
    }
  }

  private async once(
    target: ServiceTarget,
    upTo: number,
    before: readonly DeploymentRow[] | undefined,
  ): Promise<Made> {
    const { context, request } = this;
    const { method, options } = request;
    const watch = await this.watching(target, upTo);
    let doubt: Doubt = {};
    if (method === "reload") {
      await context.api.call("application.reload", { applicationId: target.id, appName: target.appName });
    } else {
      const { title, description } = deploymentTitle({
        ...(await context.about()),
        changes: names([...context.run.deployments.notDeployed(serviceKey(target)), ...request.changes]),
      });
      const { timeoutSeconds } = options;
      const { title: made, ...result } = await deployOnce(context, target, {
        before,
        method: method === "redeploy" ? "redeploy" : "deploy",
        title: options.title ?? title,
        description: options.description ?? description,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
        isProvenLater: waitsForRunning(context, options) && showsInContainers(request.changes),
        onDoubt: (later) => {
          doubt = later;
        },
        secrets: request.secrets,
      });
      // The title in the program may be a secret, which the state would not mark.
      this.lastDeployment = {
        ...result,
        ...(options.title === undefined && made !== undefined ? { title: made } : {}),
      };
    }
    return {
      method,
      upTo: await this.settled(watch, doubt),
      running: waitsForRunning(context, options),
      lastDeployment: this.lastDeployment,
    };
  }

  /**
   * Waits for the containers, which also decide where Dokploy's records leave a doubt about the deployment.
   *
   * @throws the error of a doubt that they do not settle
   */
  private async settled(watch: Watching, doubt: Doubt): Promise<number> {
    const { proof, upTo } = await watch(doubt.ifUntouched);
    if (doubt.unlessProven === undefined) return upTo;
    // The containers of the former version have all variables that are left, too.
    const isRemoval = this.request.changes.some(({ keys }) => keys !== undefined && keys.removed.length > 0);
    if (proof === "none" || isRemoval) throw doubt.unlessProven;
    this.lastDeployment = { ...this.lastDeployment, status: "done" };
    return upTo;
  }

  /**
   * Records the containers before the deployment, and returns a function that waits for the new ones.
   *
   * @throws DokployError when the key cannot look at containers; nothing was deployed then
   */
  private async watching(target: ServiceTarget, upTo: number): Promise<Watching> {
    const { context, request } = this;
    if (!waitsForRunning(context, request.options)) return async () => ({ proof: "none", upTo });
    const { timers, progress, api } = context;
    const { runningTimeoutSeconds } = request.options;
    const before = await readTasks(api, target, timers ? () => timers.now() : undefined);
    return async (ifUntouched) => {
      let latest = upTo;
      const proof = await watchContainers(api, target, before, {
        ...target.expected,
        expectNow: async () => {
          latest = context.run.deployments.now;
          const { expected } = await request.runFacts.again();
          return isDeepStrictEqual(expected?.expectEnv, target.expected?.expectEnv)
            ? undefined
            : expected?.expectEnv;
        },
        secrets: request.secrets,
        isKept: request.isKept,
        ifUntouched,
        progress,
        ...(timers ? { timers } : {}),
        ...(runningTimeoutSeconds === undefined ? {} : { timeoutSeconds: runningTimeoutSeconds }),
      });
      return { proof, upTo: proof === "latest" ? latest : upTo };
    };
  }
}

/** Runs one deployment to its end: through the queue, or, for a database, in the call itself, which leaves no record. */
export async function deployOnce(
  context: Context,
  target: ServiceTarget,
  request: {
    before: readonly DeploymentRow[] | undefined;
    method: "deploy" | "redeploy";
    title: string;
    description?: string;
    timeoutSeconds?: number;
    isProvenLater: boolean;
    /** Called when Dokploy does not show whether the deployment took place, so that its containers must decide. */
    onDoubt?: (doubt: Doubt) => void;
    secrets: Iterable<string>;
  },
): Promise<LastDeployment> {
  const { before, isProvenLater, onDoubt, secrets, ...options } = request;
  if (isQueued(target)) {
    try {
      return await context.deployments.run(target, before, options, secrets);
    } catch (error) {
      const isDoubtful = error instanceof DeploymentError && error.outcome === "ambiguous";
      if (!(isDoubtful && isProvenLater && onDoubt)) throw error;
      onDoubt({ ifUntouched: () => error, unlessProven: error });
      return { status: error.outcome, title: options.title };
    }
  }
  const { timeoutSeconds } = options;
  await deployDatabase(context.api, target, {
    isProvenLater,
    onDoubt: (lost) => onDoubt?.({ ifUntouched: () => neverSeen(target, lost) }),
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

/** True when the former version ever ran; for a database only its status shows that. */
export function wasDeployed(target: ServiceTarget, records: readonly DeploymentRow[]): boolean {
  return isQueued(target) ? records.some((record) => record.status === "done") : target.status === "done";
}

/** True when a deployment waits for its containers to run. */
export function waitsForRunning(context: Context, options: DeployOptions): boolean {
  return (options.waitFor ?? context.waitFor) === "running";
}

/** True when containers show whether they have the changes: only variables are compared. */
function showsInContainers(changes: readonly Change[]): boolean {
  const effective = changes.filter(({ apply }) => apply !== "none");
  return effective.every(({ keys }) => keys !== undefined);
}

/** Returns the names of the changes for the deployment's title: variables by their key, other inputs by their path. */
function names(changes: readonly Change[]): { added: string[]; changed: string[]; removed: string[] } {
  const all = { added: new Set<string>(), changed: new Set<string>(), removed: new Set<string>() };
  for (const change of changes) {
    if (change.keys) {
      const prefix = change.path === "env" ? "" : `${change.path}.`;
      for (const kind of ["added", "changed", "removed"] as const) {
        for (const key of change.keys[kind]) all[kind].add(prefix + key);
      }
    } else if (change.apply !== "none") {
      all.changed.add(change.path);
    }
  }
  return { added: [...all.added], changed: [...all.changed], removed: [...all.removed] };
}
