/** A request that reached the emulator. */
export interface CallRecord {
  readonly method: string;
  /** `router.procedure`, or the path of another request. */
  readonly endpoint: string;
  /** Input of the caller, before validation. */
  readonly input: unknown;
  /** Status of the response; 0 when the connection was cut. */
  status: number;
  /** Time in milliseconds since 1970. */
  readonly at: number;
  /** Set where it was one of several reads in one request: those of the same request have the same number. */
  readonly batch?: number;
}
