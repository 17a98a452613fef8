import { stronger } from "../schema/changes";
import type { Apply } from "../schema/fields";
import type { Activity } from "./activity";

/** Requirements of saved changes for a deployment of their service. */
export interface RolloutWish {
  readonly need: Apply;
  /** True when the new containers must be seen running. */
  readonly running: boolean;
  /** Changes, for the title of the deployment: `port 8080`. */
  readonly changes: readonly string[];
  /** Position in the order of everything that the run saved. */
  readonly since: number;
}

/**
 * Time without requests from Pulumi, after which no further resource of its program is expected to change a service.
 */
const quietMs = 1_000;
/**
 * Longest wait of a deployment for a run that keeps making requests, which then probably concern other resources.
 */
const longestMs = 30_000;

interface Service {
  /** Resources that will save something that needs a deployment, and have not begun. */
  readonly planned: Set<string>;
  /** Resources that have begun, and have not saved yet. */
  readonly saving: Set<Promise<unknown>>;
  /** Counts events, so that a waiting resource notices new ones. */
  events: number;
  /** Requirements for the next deployment; undefined while nobody waits to make it. */
  next: RolloutWish | undefined;
  /** Requirements of deletions that are left to the resource that is created in their place. */
  left: RolloutWish | undefined;
}

/**
 * Deployments of services whose parts are separate resources: ports, domains and the like. One deployment applies
 * the changes that several of them save in one run.
 *
 * The first resource that has saved makes it, once no other is about to save. The others end when they have saved.
 * Only one of them has to answer for the deployment: if it fails, its state keeps the remaining work, so that the
 * run fails and the next one continues. When a resource ends, its worker of Pulumi becomes free for those that have
 * not begun.
 */
export class Rollouts {
  private readonly services = new Map<string, Service>();
  /** Number of requests that Pulumi is making at this moment, and of all its requests. */
  private asking = 0;
  private asked = 0;
  /** Number of resources that wait for others, and therefore cannot free a worker. */
  private waiting = 0;

  constructor(private readonly activity: Activity) {}

  /** Counts a request while it lasts: Pulumi looks at a resource of its program, and others may follow. */
  async during<T>(look: Promise<T>): Promise<T> {
    this.asking += 1;
    try {
      return await look;
    } finally {
      this.asking -= 1;
      this.asked += 1;
    }
  }

  /** @param owner names the resource that will change something of the service */
  plan(service: string, owner: string): void {
    const state = this.of(service);
    state.planned.add(owner);
    state.events += 1;
  }

  /** Removes the plan of a resource that begins, or has nothing to change. */
  forget(service: string, owner: string): void {
    if (this.of(service).planned.delete(owner)) this.of(service).events += 1;
  }

  /**
   * Saves a change of a service, and makes sure that it is applied.
   *
   * @param service `application/<id>`
   * @param save returns the requirements for the deployment of the service; undefined for none
   * @param deploy called for the changes of this and other resources, unless another resource does it
   * @param successor names the resource that is created next in the place of the deleted one: it deploys for both
   */
  async execute(
    service: string,
    save: () => Promise<RolloutWish | undefined>,
    deploy: (wish: RolloutWish) => Promise<void>,
    successor?: string,
  ): Promise<void> {
    const state = this.of(service);
    let wish: RolloutWish | undefined;
    try {
      wish = joined(await this.saving(state, save), takeLeft(state));
    } catch (error) {
      const left = takeLeft(state);
      // The deletion is applied anyway; the next run reports on this one.
      if (left !== undefined) await deploy(left).catch(() => {});
      throw error;
    }
    if (wish === undefined) return;
    if (successor !== undefined && state.planned.has(successor)) {
      state.left = wish;
      return;
    }
    if (state.next !== undefined) {
      state.next = joined(state.next, wish);
      return;
    }
    state.next = wish;
    await this.settled(state);
    const all = state.next ?? wish;
    // From here on the deployment may have read the state of the server.
    state.next = undefined;
    await deploy(all);
  }

  private async saving<T>(state: Service, save: () => Promise<T>): Promise<T> {
    const work = save();
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    state.saving.add(ended);
    state.events += 1;
    try {
      return await work;
    } finally {
      state.saving.delete(ended);
      state.events += 1;
    }
  }

  /**
   * Waits until Pulumi has made no request for a moment, so that all its intended changes are planned; at most for a
   * limit.
   */
  async quiet(): Promise<void> {
    for (let waited = 0; waited < longestMs; waited += quietMs) {
      const seen = this.asked;
      await this.activity.pause(quietMs);
      if (this.asked === seen && this.asking === 0) return;
    }
  }

  /** Waits in the same way within a request for a resource, which itself does not count. */
  async othersQuiet(): Promise<void> {
    this.asking -= 1;
    try {
      await this.quiet();
    } finally {
      this.asking += 1;
    }
  }

  /** Waits until nobody is about to save something for the service, as far as that is known. */
  private async settled(state: Service): Promise<void> {
    this.waiting += 1;
    try {
      for (;;) {
        if (state.saving.size > 0) {
          await Promise.race(state.saving);
          continue;
        }
        const seen = state.events;
        await this.quiet();
        if (state.events !== seen || state.saving.size > 0) continue;
        // A planned resource that has not begun waits for a worker: worth waiting for while one at work may
        // free one.
        if (state.planned.size === 0 || this.activity.working <= this.waiting) return;
        await this.activity.oneEnds();
      }
    } finally {
      this.waiting -= 1;
    }
  }

  private of(service: string): Service {
    const state = this.services.get(service) ?? {
      planned: new Set(),
      saving: new Set(),
      events: 0,
      next: undefined,
      left: undefined,
    };
    this.services.set(service, state);
    return state;
  }
}

function takeLeft(state: Service): RolloutWish | undefined {
  const { left } = state;
  state.left = undefined;
  return left;
}

function joined(a: RolloutWish, b: RolloutWish | undefined): RolloutWish;
function joined(a: RolloutWish | undefined, b: RolloutWish | undefined): RolloutWish | undefined;
function joined(a: RolloutWish | undefined, b: RolloutWish | undefined): RolloutWish | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    need: stronger(a.need, b.need),
    running: a.running || b.running,
    // A replacement lists the change of the old and of the new object only once.
    changes: [...new Set([...a.changes, ...b.changes])],
    since: Math.max(a.since, b.since),
  };
}
