type Row = Readonly<Record<string, unknown>>;

/** Facts of a run about services whose containers it replaces, by `application/<id>`. */
export class Interruptions {
  private readonly planned = new Map<string, (row: Row) => Row | undefined>();
  private readonly reported = new Set<string>();

  /** @param change returns the row of a service with the planned changes; undefined while these are not known */
  plan(service: string, change: (row: Row) => Row | undefined): void {
    this.planned.set(service, change);
  }

  /** Returns the row of a service as it will be when its plan is carried out; undefined while that is not known. */
  asPlanned(service: string, row: Row): Row | undefined {
    const change = this.planned.get(service);
    return change === undefined ? row : change(row);
  }

  wasReported(service: string): boolean {
    return this.reported.has(service);
  }

  report(service: string): void {
    this.reported.add(service);
  }
}
