/** Something that goes wrong on the way to the server or back. */
export interface Fault {
  /** `router.procedure`, for example `application.deploy`, or a pattern over that name. */
  readonly endpoint: string | RegExp;
  /** How many requests it hits. Default 1; `Infinity` for all. */
  readonly times?: number;
  /** Answers with this status (default 200) and `body` instead of what the server would say. */
  readonly status?: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the server has done the work although `status`, `body` or `html` is what arrives. Default false. */
  readonly acted?: boolean;
  /** Waits this long, by the emulator's clock, before anything else. */
  readonly delayMs?: number;
  /** Cuts the connection without an answer, before or after the server acted. */
  readonly cut?: "before" | "after";
  /** The server acts, but only the first half of its answer arrives. */
  readonly truncate?: true;
  /** Answers with a proxy's HTML page (status 502 unless given) instead of JSON. */
  readonly html?: true;
}

/** The faults of one emulator. Each request takes the first fault that matches its endpoint. */
export class Faults {
  private waiting: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** @internal */
  take(endpoint: string): Fault | undefined {
    const entry = this.waiting.find(({ fault }) =>
      typeof fault.endpoint === "string"
        ? fault.endpoint === endpoint
        : new RegExp(fault.endpoint).test(endpoint),
    );
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.waiting = this.waiting.filter((other) => other !== entry);
    return entry.fault;
  }
}
