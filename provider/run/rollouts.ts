import { stronger } from "../schema/changes";
import type { Apply } from "../schema/fields";
import type { Activity } from "./activity";

/** What something that was saved needs of its service. */
export interface RolloutWish {
  readonly need: Apply;
  /** Whether the new containers must be seen running. */
  readonly running: boolean;
  /** What changed, for the title of the deployment: `port 8080`. */
  readonly changes: readonly string[];
  /** Its place among all that the run saved. */
  readonly since: number;
}

/** How long Pulumi may ask nothing until no further resource of its program is expected to change a service. */
const quietMs = 1_000;
/** How long a deployment waits at most for a run that goes on asking: of other things, it seems. */
const longestMs = 30_000;

interface Service {
  /** Resources that mean to save something that needs a deployment, and have not begun. */
  readonly planned: Set<string>;
  /** Those that have begun, and have not saved yet. */
  readonly saving: Set<Promise<unknown>>;
  /** Counts what happened, so that whoever waits sees whether something did. */
  events: number;
  /** What the next deployment brings; there while somebody waits to make it. */
  next: RolloutWish | undefined;
  /** What was deleted, and left to what is made in its place. */
  left: RolloutWish | undefined;
}

/**
 * The deployments of services whose parts are resources of their own: ports, domains and the like. What several of them
 * save in one run takes effect with one deployment.
 *
 * The first that has saved makes it, once no other is about to save. The others end when they have saved: only one of them
 * need answer for the deployment, and its state keeps what is left to do where that fails, so that the run is red and the
 * next one goes on. To end is also what frees a worker of Pulumi's for those that have not begun.
 */
export class Rollouts {
  private readonly services = new Map<string, Service>();
  /** What Pulumi is asking of this provider just now, and how often it has asked. */
  private asking = 0;
  private asked = 0;
  /** Those that wait for others, which therefore can free no worker. */
  private waiting = 0;

  constructor(private readonly activity: Activity) {}

  /** Pulumi looks at a resource of its program: others may follow. */
  async during<T>(look: Promise<T>): Promise<T> {
    this.asking += 1;
    try {
      return await look;
    } finally {
      this.asking -= 1;
      this.asked += 1;
    }
  }

  /** @param owner names the resource that is going to change something of the service */
  plan(service: string, owner: string): void {
    const state = this.of(service);
    state.planned.add(owner);
    state.events += 1;
  }

  /** The resource begins, or has nothing to change. */
  forget(service: string, owner: string): void {
    if (this.of(service).planned.delete(owner)) this.of(service).events += 1;
  }

  /**
   * Saves something of a service, and sees to it that it takes effect.
   *
   * @param service `application/<id>`
   * @param save tells what the service needs then; undefined for nothing
   * @param deploy called for what this and others have saved, unless another of them is
   * @param successor names the resource that is made next in the place of what this deletes: it deploys for both
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
      // What was deleted takes effect all the same; the next run says of this one.
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
    // From here on the deployment may have taken up what the server has.
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

  /** Waits until Pulumi has asked nothing for a moment, so that what it means to change is planned; or for too long. */
  async quiet(): Promise<void> {
    for (let waited = 0; waited < longestMs; waited += quietMs) {
      const seen = this.asked;
      await this.activity.pause(quietMs);
      if (this.asked === seen && this.asking === 0) return;
    }
  }

  /** The same within a look at a resource, which asks nothing while it waits. */
  async othersQuiet(): Promise<void> {
    this.asking -= 1;
    try {
      await this.quiet();
    } finally {
      this.asking += 1;
    }
  }

  /** Waits until nobody is about to save something for the service, as far as can be told. */
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
        // Who is planned and has not begun waits for a worker: worth waiting for while somebody at work may free one.
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
    // Of what is made in the place of another, once.
    changes: [...new Set([...a.changes, ...b.changes])],
    since: Math.max(a.since, b.since),
  };
}
