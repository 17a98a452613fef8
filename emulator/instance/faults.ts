/** A fault on the way to the server or back. */
export interface Fault {
  /** `router.procedure`, for example `application.deploy`, or a pattern for that name. */
  readonly endpoint: string | RegExp;
  /** Number of requests that it affects. Default: 1; `Infinity` for all. */
  readonly times?: number;
  /** Status of the response (default 200); it is sent with `body` instead of the server's response. */
  readonly status?: number;
  /** Body of the response: an object is sent as JSON, a string unchanged. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the server does the work although `status`, `body` or `html` replaces its response. Default: false. */
  readonly acted?: boolean;
  /** Delay before anything else, in milliseconds of the emulator's clock. */
  readonly delayMs?: number;
  /** Cuts the connection without a response, before or after the server acted. */
  readonly cut?: "before" | "after";
  /** The server acts, but only the first half of its response arrives. */
  readonly truncate?: true;
  /** The server acts, and a proxy passes on the first half of its response as if it were all. */
  readonly halved?: true;
  /** Returns a proxy's HTML page (default status 502) instead of JSON. */
  readonly html?: true;
}

/** Faults of one emulator. Each request takes the first fault that matches its endpoint. */
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
