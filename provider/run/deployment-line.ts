import { type Change, stronger } from "../schema/changes";
import type { Apply } from "../schema/fields";
import { KeyedLock } from "./lock";

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

/** What a resource needs of a deployment. */
export interface Wish {
  /** The place of what it saved among all that the run saved; 0 when it was saved by an earlier run. */
  readonly since: number;
  readonly need: Apply;
  /** Whether the containers must be seen running. */
  readonly running: boolean;
}

/** What a deployment has brought into the containers. */
export interface Made {
  /** All that was saved up to here was in it. */
  readonly upTo: number;
  readonly method: Apply;
  readonly running: boolean;
  /** None of a database or a reload, which leave no record. */
  readonly lastDeployment: LastDeployment | undefined;
}

/**
 * The deployments that one run makes of each service: one after the other, and none for what an earlier one has brought
 * into the containers already. Places are named `application/<id>`, `project/<id>` and so on.
 */
export class DeploymentLine {
  private readonly lock = new KeyedLock();
  private readonly made = new Map<string, Made>();
  private readonly savedAt = new Map<string, number>();
  private readonly changes = new Map<string, { readonly at: number; readonly change: Change }[]>();
  private saves = 0;

  /** Something was saved at this place. @returns where that stands among all that the run saved */
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

  /** What the run saved of a service and no deployment has brought into its containers. */
  notDeployed(service: string): Change[] {
    const { upTo = 0 } = this.made.get(service) ?? {};
    return (this.changes.get(service) ?? []).flatMap(({ at, change }) => (at > upTo ? [change] : []));
  }

  /** Where the run stands: what is read from now on has all that was saved so far. */
  get now(): number {
    return this.saves;
  }

  /** Whether somebody saved something at one of these places since then, apart from one save. */
  isSavedSince(places: readonly string[], since: number, except: number): boolean {
    return places.some((place) => {
      const at = this.savedAt.get(place) ?? 0;
      return at > since && at !== except;
    });
  }

  /** Whether this run has deployed the service. */
  hasDeployed(service: string): boolean {
    return this.made.has(service);
  }

  /**
   * Deploys the service, unless a deployment of this run has brought what is wished for.
   *
   * @returns what that deployment, or the other one, came to
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
