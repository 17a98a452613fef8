import { type Apply, type Change, stronger } from "../../schema";
import { KeyedLock } from "./lock";

/** Last deployment that a resource made, with the times that Dokploy recorded. */
export interface LastDeployment {
  /** Id in Dokploy. */
  deploymentId?: string;
  /** Result; `lost` when it left no record, `ambiguous` when several records may belong to it. */
  status: "done" | "error" | "cancelled" | "lost" | "timeout" | "ambiguous";
  /** Title in Dokploy. */
  title?: string;
  /** Time of its start, in ISO 8601. */
  startedAt?: string;
  /** Time of its end, in ISO 8601. */
  finishedAt?: string;
  /** Time that it took, in seconds. */
  durationSeconds?: number;
}

/** Requirements of a resource for a deployment. */
export interface WantedDeployment {
  /** Position of its saved changes among everything that the run saved; 0 when an earlier run saved them. */
  readonly since: number;
  readonly need: Apply;
  /** True when the containers must be seen running. */
  readonly running: boolean;
}

/** A deployment that was made, with the changes that the containers got. */
export interface Made {
  /** Position up to which it included everything that was saved. */
  readonly upTo: number;
  readonly method: Apply;
  readonly running: boolean;
  /** Undefined for a database or a reload, which leave no record. */
  readonly lastDeployment: LastDeployment | undefined;
}

/** Result of the work on a service. */
type End = "done" | "failed";

/** Facts of the run about a service, or about a project or environment. */
interface Place {
  savedAt: number;
  readonly changes: { readonly at: number; readonly change: Change }[];
  made: Made | undefined;
  /** Resources that have not ended and will save something that needs a deployment, with what it needs. */
  readonly planned: Map<string, Apply>;
  /** Work of resources that deploy the service. */
  readonly working: Set<Promise<End>>;
  /** Parts that are being saved. */
  readonly saving: Set<Promise<End>>;
  /** Requirements of saved parts for the next deployment. */
  parts: WantedDeployment | undefined;
  /** Requirements of a deleted part, which are left to the part that is created in its place. */
  deleted: WantedDeployment | undefined;
  /** True while the resource of a part makes the deployments for all parts. */
  isLed: boolean;
}

/**
 * The deployments that one run makes of each service, one after the other. Whoever has saved something joins the next
 * deployment that begins, and nobody waits for resources that Pulumi has yet to begin: a change that is saved while a
 * deployment is under way gets another one. Places are named `application/<id>`, `project/<id>` and so on.
 */
export class Deployments {
  private readonly lock = new KeyedLock();
  private readonly places = new Map<string, Place>();
  private saves = 0;

  /** Records that something was saved here, and returns its position among everything that the run saved. */
  saved(place: string, changes: readonly Change[] = []): number {
    this.saves += 1;
    const at = this.saves;
    const state = this.at(place);
    state.savedAt = at;
    state.changes.push(...changes.map((change) => ({ at, change })));
    return at;
  }

  /** Returns the changes of a service that the run saved and that no deployment has applied. */
  notDeployed(service: string): Change[] {
    const { changes, made } = this.at(service);
    return changes.flatMap(({ at, change }) => (at > (made?.upTo ?? 0) ? [change] : []));
  }

  /** Current position of the run: a read from now on includes everything that was saved so far. */
  get now(): number {
    return this.saves;
  }

  /** True when somebody saved something at one of these places after that position, not counting one given save. */
  isSavedSince(places: readonly string[], since: number, except: number): boolean {
    return places.some((place) => {
      const { savedAt } = this.at(place);
      return savedAt > since && savedAt !== except;
    });
  }

  /** True when this run has deployed the service. */
  hasDeployed(service: string): boolean {
    return this.at(service).made !== undefined;
  }

  /** Deploys the service, unless a deployment of this run meets the requirements, and returns the last result. */
  async run(
    service: string,
    wanted: WantedDeployment,
    deploy: () => Promise<Made>,
  ): Promise<LastDeployment | undefined> {
    const state = this.at(service);
    return await this.lock.run(service, async () => {
      if (state.made && grants(state.made, wanted)) return state.made.lastDeployment;
      state.made = await deploy();
      return state.made.lastDeployment;
    });
  }

  /**
   * Saves a part of a service, such as a port or a domain that is a resource of its own, and makes sure that it takes
   * effect. The first part that is saved has the service deployed. The others end as soon as they are saved, so that
   * Pulumi begins more of them, and the first one then deploys the service for all of them. If that fails, its state
   * keeps the work for the next run.
   *
   * @param save returns the requirements for the deployment; undefined for none
   * @param deploy called for this and other parts, unless another part does it
   * @param successor names the resource that is created next, after this deletion: it deploys for both
   */
  async savePart(
    service: string,
    save: () => Promise<WantedDeployment | undefined>,
    deploy: (wanted: WantedDeployment) => Promise<void>,
    successor?: string,
  ): Promise<void> {
    const state = this.at(service);
    const isWaiting = await during(state.saving, saveInto(state, save, deploy, successor));
    if (isWaiting && !state.isLed) await deployParts(state, deploy);
  }

  /** Announces the action that a resource (`owner`) is going to need; `none` when it needs no deployment. */
  plan(service: string, owner: string, need: Apply): void {
    const state = this.at(service);
    if (need === "none") state.planned.delete(owner);
    else state.planned.set(owner, need);
  }

  /** True when a resource of this run is going to deploy the service, as far as Pulumi has asked. */
  isPlanned(service: string): boolean {
    return [...this.at(service).planned.values()].some(deploys);
  }

  /** Executes the work of a resource that is, or belongs to, a service. */
  async execute<T>(service: string | undefined, owner: string, work: () => Promise<T>): Promise<T> {
    if (service === undefined) return await work();
    const { planned, working } = this.at(service);
    try {
      return await (deploys(planned.get(owner)) ? during(working, work()) : work());
    } finally {
      planned.delete(owner);
    }
  }

  /** Waits for the resources that have begun to deploy the service, and returns their result, if there are any. */
  async ended(service: string): Promise<End | undefined> {
    const { working } = this.at(service);
    let end: End | undefined;
    while (working.size > 0 && end !== "failed") {
      end = (await Promise.all(working)).includes("failed") ? "failed" : "done";
    }
    return end;
  }

  private at(place: string): Place {
    const known = this.places.get(place) ?? {
      savedAt: 0,
      changes: [],
      made: undefined,
      planned: new Map(),
      working: new Set(),
      saving: new Set(),
      parts: undefined,
      deleted: undefined,
      isLed: false,
    };
    this.places.set(place, known);
    return known;
  }
}

/** Saves a part, and adds its requirements to those for the next deployment. @returns true when one must be made */
async function saveInto(
  state: Place,
  save: () => Promise<WantedDeployment | undefined>,
  deploy: (wanted: WantedDeployment) => Promise<void>,
  successor: string | undefined,
): Promise<boolean> {
  let wanted: WantedDeployment | undefined;
  try {
    const saved = await save();
    const deleted = takeDeleted(state);
    wanted = saved === undefined ? deleted : joined(saved, deleted);
  } catch (error) {
    const deleted = takeDeleted(state);
    // The deletion is applied anyway; the next run reports on this one.
    if (deleted !== undefined) await deploy(deleted).catch(() => {});
    throw error;
  }
  if (wanted === undefined) return false;
  const isReplaced = successor !== undefined && state.planned.has(successor);
  if (isReplaced) state.deleted = wanted;
  else state.parts = joined(wanted, state.parts);
  return !isReplaced;
}

/** Deploys the service until no saved part is left, each time for all parts that are saved, or being saved, by then. */
async function deployParts(state: Place, deploy: (wanted: WantedDeployment) => Promise<void>): Promise<void> {
  let failure: { readonly wanted: WantedDeployment; readonly error: unknown } | undefined;
  state.isLed = true;
  try {
    while (state.parts !== undefined) {
      while (state.saving.size > 0) await Promise.race(state.saving);
      const wanted = joined(state.parts, failure?.wanted);
      state.parts = undefined;
      // A later deployment includes everything that an earlier one failed with, so only the last one counts.
      failure = await deploy(wanted).then(
        () => undefined,
        (error: unknown) => ({ wanted, error }),
      );
    }
  } finally {
    state.isLed = false;
  }
  if (failure) throw failure.error;
}

/** Counts a task among others until it ends. */
async function during<T>(tasks: Set<Promise<End>>, task: Promise<T>): Promise<T> {
  const end = task.then(
    (): End => "done",
    (): End => "failed",
  );
  tasks.add(end);
  try {
    return await task;
  } finally {
    tasks.delete(end);
  }
}

function deploys(need: Apply | undefined): boolean {
  return need === "deploy" || need === "redeploy";
}

function grants({ upTo, method, running }: Made, wanted: WantedDeployment): boolean {
  return upTo >= wanted.since && stronger(method, wanted.need) === method && (running || !wanted.running);
}

function takeDeleted(state: Place): WantedDeployment | undefined {
  const { deleted } = state;
  state.deleted = undefined;
  return deleted;
}

function joined(a: WantedDeployment, b = a): WantedDeployment {
  return {
    need: stronger(a.need, b.need),
    running: a.running || b.running,
    since: Math.max(a.since, b.since),
  };
}
