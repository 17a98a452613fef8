import type { Activity } from "./activity";

/** Result of a planned deployment. */
type End = "done" | "failed";

interface Plan {
  /** Ends when the resource begins, or gives its plan up. */
  readonly begun: Promise<void>;
  readonly begin: () => void;
  /** Result of its work, once it has begun. */
  ended?: Promise<End>;
}

/**
 * The services that the resources of this run will deploy themselves, so that nobody deploys them once more for
 * another reason. A plan is a hint: a resource may find that nothing has to be deployed, or its turn may never come.
 * Services are named `application/<id>`, `compose/<id>`.
 */
export class PlannedDeployments {
  private readonly plans = new Map<string, Map<string, Plan>>();
  private readonly known = new Set<string>();
  private readonly leftTo = new Set<string>();

  constructor(private readonly activity: Activity) {}

  /** Records that a resource of this run has the service, changed or not. */
  see(service: string): void {
    this.known.add(service);
  }

  /** True when a resource that has the service may still have its turn in this run. */
  mayCome(service: string): boolean {
    return !this.known.has(service) || this.isPlanned(service);
  }

  /** True when a resource of this run will deploy the service, as far as Pulumi has asked. */
  isPlanned(service: string): boolean {
    return (this.plans.get(service)?.size ?? 0) > 0;
  }

  /** @param owner names the resource whose update deploys the service */
  plan(service: string, owner: string): void {
    const plans = this.plans.get(service) ?? new Map<string, Plan>();
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    this.forget(service, owner);
    this.plans.set(service, plans.set(owner, { begun, begin }));
  }

  /** Removes the plan of the resource. */
  forget(service: string, owner: string): void {
    this.plans.get(service)?.get(owner)?.begin();
    this.plans.get(service)?.delete(owner);
  }

  /**
   * Executes the work of a resource that is, or belongs to, a service. Its plan begins with the work and ends with
   * it.
   */
  async execute<T>(service: string | undefined, owner: string, work: () => Promise<T>): Promise<T> {
    const working = work();
    const ended = working.then(
      (): End => "done",
      (): End => "failed",
    );
    this.activity.add(ended);
    const plan = service === undefined ? undefined : this.plans.get(service)?.get(owner);
    if (plan) {
      plan.ended = ended;
      plan.begin();
    }
    try {
      return await working;
    } finally {
      if (service !== undefined) this.forget(service, owner);
    }
  }

  /**
   * Waits for the resources that will deploy the service: until they have ended, or nothing is at work after which
   * Pulumi would begin them.
   *
   * @returns their result; undefined when there was nobody to wait for
   */
  async ended(service: string): Promise<End | undefined> {
    let end: End | undefined;
    for (;;) {
      const plans = this.of(service);
      if (plans.length === 0) return end;
      await this.activity.until(Promise.all(plans.map((plan) => plan.begun)));
      const begun = plans.flatMap((plan) => plan.ended ?? []);
      if (begun.length === 0) return end;
      const ends = await Promise.all(begun);
      if (ends.includes("failed")) return "failed";
      end = "done";
    }
  }

  private of(service: string): Plan[] {
    return [...(this.plans.get(service)?.values() ?? [])];
  }

  /**
   * Records that another resource could not deploy the service: a resource that has it deploys it again in its turn.
   */
  leave(service: string): void {
    this.leftTo.add(service);
  }

  isLeft(service: string | undefined): boolean {
    return service !== undefined && this.leftTo.has(service);
  }
}
