import { isDeepStrictEqual } from "node:util";
import {
  deploymentTitle,
  NotRunningError,
  type Proof,
  readTasks,
  type ServiceTarget,
  serviceKey,
  watchContainers,
} from "../../deploy";
import type { DeploymentRow } from "../../dokploy";
import type { Context, LastDeployment, Made } from "../../lifecycle";
import type { Change, DeployOptions } from "../../schema";
import type { Deployable } from "./deployable";
import type { Doubt, Method } from "./ways/way";
import { wayOf } from "./ways/ways";

interface Request {
  readonly method: Method;
  readonly options: DeployOptions;
  readonly changes: readonly Change[];
  /** Deployment records from just before; undefined if they may have changed since. */
  readonly before: readonly DeploymentRow[] | undefined;
  /** Position of the saved changes among everything that the run saved; 0 when an earlier run saved them. */
  readonly since: number;
  /** Position of the run when the service was read. */
  readonly readAt: number;
  /** True when the saved changes stay in Dokploy after a failure. */
  readonly isKept: boolean;
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
export class Attempt {
  /** Deployment that Dokploy recorded, once it has succeeded there. */
  lastDeployment: LastDeployment | undefined;

  constructor(
    private readonly context: Context,
    private readonly service: Deployable,
    private readonly request: Request,
  ) {}

  async run(): Promise<Made> {
    const { run, lock } = this.context;
    const { service, request } = this;
    const { around, takesShared } = service;
    const places = [serviceKey(service.target), ...around];
    // Changes that others of this run are saving now are included.
    if (takesShared) await run.shared.settled(around);
    await lock.idle(places);
    const upTo = run.deployments.now;
    const isOld = run.deployments.isSavedSince(places, request.readAt, request.since);
    const target = isOld ? await service.again() : service.target;
    try {
      return await this.once(target, upTo, request.before);
    } catch (error) {
      if (!(error instanceof NotRunningError && error.isOvertaken)) throw error;
      const latest = run.deployments.now;
      return await this.once(await service.again(), latest, undefined);
    }
  }

  private async once(
    target: ServiceTarget,
    upTo: number,
    before: readonly DeploymentRow[] | undefined,
  ): Promise<Made> {
    const { context, service, request } = this;
    const { method, options, changes } = request;
    const watch = await this.watching(target, upTo);
    const isWatched = waitsForRunning(context, options);
    let doubt: Doubt = {};
    const { timeoutSeconds } = options;
    const result = await wayOf(target.kind, method).run(context, target, {
      method,
      before,
      texts: async () => {
        const waiting = context.run.deployments.notDeployed(serviceKey(target));
        const own = deploymentTitle({ ...(await context.about()), changes: names([...waiting, ...changes]) });
        return {
          title: options.title ?? own.title,
          description: options.description ?? own.description,
        };
      },
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      isProvenLater: isWatched && showsInContainers(changes),
      onDoubt: (later) => {
        doubt = later;
      },
      secrets: service.secrets,
    });
    if (result !== undefined) {
      const { title, ...recorded } = result;
      // The title in the program may be a secret, which the state would not mark.
      const isOurs = options.title === undefined && title !== undefined;
      this.lastDeployment = { ...recorded, ...(isOurs ? { title } : {}) };
    }
    return {
      method,
      upTo: await this.settled(watch, doubt),
      running: isWatched,
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
    const { context, service, request } = this;
    if (!waitsForRunning(context, request.options)) return async () => ({ proof: "none", upTo });
    const { timers, progress, api, span } = context;
    const { runningTimeoutSeconds } = request.options;
    const before = await readTasks(api, target, timers ? () => timers.now() : undefined);
    return async (ifUntouched) => {
      let latest = upTo;
      const watched = {
        ...target.expected,
        expectNow: async () => {
          latest = context.run.deployments.now;
          const { expected } = await service.again();
          return isDeepStrictEqual(expected?.expectEnv, target.expected?.expectEnv)
            ? undefined
            : expected?.expectEnv;
        },
        secrets: service.secrets,
        isKept: request.isKept,
        ifUntouched,
        progress,
        ...(timers ? { timers } : {}),
        ...(runningTimeoutSeconds === undefined ? {} : { timeoutSeconds: runningTimeoutSeconds }),
      };
      const proof = await span("watch", {}, () => watchContainers(api, target, before, watched));
      return { proof, upTo: proof === "latest" ? latest : upTo };
    };
  }
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
