/** One request that reached the emulator. */
export interface CallRecord {
  readonly method: string;
  /** `router.procedure`, or the path when it is not one. */
  readonly endpoint: string;
  /** What the caller sent, before validation. */
  readonly input: unknown;
  /** The status that was sent; 0 when the connection was cut. */
  status: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Set where it was one of several in one request: those of the same request have the same number. */
  readonly batch?: number;
}
