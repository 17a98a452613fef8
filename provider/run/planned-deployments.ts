/**
 * Which services the resources of this run are going to deploy themselves, so that nobody deploys them once more for
 * another reason. Services are named `application/<id>`, `compose/<id>`.
 */
export class PlannedDeployments {
  private readonly plans = new Map<string, Map<string, Plan>>();
  private readonly failed = new Set<string>();

  /** @param owner names the resource whose update deploys the service */
  plan(service: string, owner: string): void {
    const plans = this.plans.get(service) ?? new Map<string, Plan>();
    this.plans.set(service, plans.set(owner, { state: "due" }));
  }

  /** The resource has no such plan any more. */
  forget(service: string, owner: string): void {
    this.plans.get(service)?.delete(owner);
  }

  /** From here on the deployment may have begun. Does the work, whether it was planned or not. */
  async carryOut<T>(service: string | undefined, owner: string, work: () => Promise<T>): Promise<T> {
    const plans = service === undefined ? undefined : this.plans.get(service);
    if (!plans?.has(owner)) return await work();
    const working = work();
    plans.set(owner, {
      state: "begun",
      ended: working.then(
        () => undefined,
        () => undefined,
      ),
    });
    try {
      return await working;
    } finally {
      plans.delete(owner);
    }
  }

  /** The services that resources will deploy and have not begun to. */
  due(): Set<string> {
    return new Set(
      [...this.plans.keys()].filter((service) => this.of(service).some(({ state }) => state === "due")),
    );
  }

  /**
   * Waits for those that have begun to deploy the service.
   *
   * @returns whether there were any
   */
  async ended(service: string): Promise<boolean> {
    const begun = this.of(service).flatMap((plan) => (plan.state === "begun" ? [plan.ended] : []));
    await Promise.all(begun);
    return begun.length > 0;
  }

  /** Somebody else could not deploy the service: a resource that has it deploys it once more, when its turn comes. */
  handOver(service: string): void {
    this.failed.add(service);
  }

  isHandedOver(service: string | undefined): boolean {
    return service !== undefined && this.failed.has(service);
  }

  private of(service: string): Plan[] {
    return [...(this.plans.get(service)?.values() ?? [])];
  }
}

type Plan = { state: "due" } | { state: "begun"; ended: Promise<void> };
