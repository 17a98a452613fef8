import { type Change, stronger } from "../schema/changes";
import type { Apply } from "../schema/fields";
import { KeyedLock } from "./lock";

/** Last deployment that a resource made, with the times that Dokploy recorded. */
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

/** Requirements of a resource for a deployment. */
export interface Wish {
  /**
   * Position of its saved changes in the order of everything that the run saved; 0 when an earlier run saved them.
   */
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

/**
 * The deployments that one run makes of each service: one after the other, and none for changes that an earlier one
 * has already applied. Places are named `application/<id>`, `project/<id>` and so on.
 */
export class DeploymentLine {
  private readonly lock = new KeyedLock();
  private readonly made = new Map<string, Made>();
  private readonly savedAt = new Map<string, number>();
  private readonly changes = new Map<string, { readonly at: number; readonly change: Change }[]>();
  private saves = 0;

  /**
   * Records that something was saved at this place. @returns its position in the order of everything that the run
   * saved
   */
  saved(place: string, changes: readonly Change[] = []): number {
    this.saves += 1;
    const at = this.saves;
    this.savedAt.set(place, at);
    this.changes.set(place, [
      ...(this.changes.get(place) ?? []),
      ...changes.map((change) => ({ at, change })),
    ]);
    return at;
  }

  /** Returns the changes of a service that the run saved and that no deployment has applied. */
  notDeployed(service: string): Change[] {
    const { upTo = 0 } = this.made.get(service) ?? {};
    return (this.changes.get(service) ?? []).flatMap(({ at, change }) => (at > upTo ? [change] : []));
  }

  /** Current position of the run: a read from now on includes everything that was saved so far. */
  get now(): number {
    return this.saves;
  }

  /** True when somebody saved something at one of these places after that position, not counting one given save. */
  isSavedSince(places: readonly string[], since: number, except: number): boolean {
    return places.some((place) => {
      const at = this.savedAt.get(place) ?? 0;
      return at > since && at !== except;
    });
  }

  /** True when this run has deployed the service. */
  hasDeployed(service: string): boolean {
    return this.made.has(service);
  }

  /**
   * Deploys the service, unless a deployment of this run already meets the requirements.
   *
   * @returns the result of that deployment, or of the earlier one
   */
  async run(service: string, wish: Wish, deploy: () => Promise<Made>): Promise<LastDeployment | undefined> {
    return await this.lock.run(service, async () => {
      const before = this.made.get(service);
      if (before && grants(before, wish)) return before.lastDeployment;
      const made = await deploy();
      this.made.set(service, made);
      return made.lastDeployment;
    });
  }
}

function grants({ upTo, method, running }: Made, wish: Wish): boolean {
  return upTo >= wish.since && stronger(method, wish.need) === method && (running || !wish.running);
}
