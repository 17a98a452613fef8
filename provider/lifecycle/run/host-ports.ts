/** Facts of a run about applications with a port in host mode, by their ids. */
export class HostPorts {
  private readonly planned = new Map<string, boolean>();
  private readonly reported = new Set<string>();

  /** Records if a later update of the application starts the new container before the old one stops. */
  plan(applicationId: string, startsFirst: boolean): void {
    this.planned.set(applicationId, startsFirst);
  }

  /** True when a later update starts the new container first, by the plan or, without one, by its present settings. */
  startsFirst(applicationId: string, now: boolean): boolean {
    return this.planned.get(applicationId) ?? now;
  }

  /** Records a report about the application. Returns false when there was one before. */
  report(applicationId: string): boolean {
    if (this.reported.has(applicationId)) return false;
    this.reported.add(applicationId);
    return true;
  }
}
