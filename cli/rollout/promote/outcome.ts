/** An image that is not promoted, with the reason. */
export class NotPromoted extends Error {
  /** @param status `left-out` where there is nothing to promote; `refused` where it would be wrong to */
  constructor(
    readonly status: "left-out" | "refused",
    message: string,
  ) {
    super(message);
  }
}

/** A service whose image or tag in Dokploy differs from the state. */
export class Drifted extends NotPromoted {
  /** @param difference clause with both: `the state has …, but Dokploy has …` */
  constructor(readonly difference: string) {
    super(
      "refused",
      `a pulumi up runs, or failed and left it so, or somebody changed it in Dokploy: ${difference}`,
    );
  }
}

/** Result for one service. */
export type Outcome =
  | { readonly name: string; readonly status: "left-out" | "refused"; readonly why: string }
  | Promoted;

/** A service whose image the stage gets, or already has. */
export interface Promoted {
  readonly name: string;
  readonly status: "changed" | "same";
  /** File of the project that says which image the stage runs. */
  readonly file: string;
  /** Keys that lead to the value in the file. */
  readonly keys: readonly string[];
  /** Tag, or image, that the file has now; undefined when it has none. */
  readonly before: string | undefined;
  /** Tag, or image, that the file gets. */
  readonly after: string;
  /** Reason why it has no digest. */
  readonly note: string | undefined;
  /** Note on how the program reads the value; undefined when it certainly does. */
  readonly advice: string | undefined;
  /** Evidence that the image is older than the one that the file has; undefined without any. */
  readonly older?: string | undefined;
  /** Time since which it runs, in milliseconds since 1970; undefined when nobody asked. */
  readonly since?: number | undefined;
}
