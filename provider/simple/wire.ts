import type { Api, Endpoint } from "../dokploy/endpoints";

/** A row of Dokploy, as the API returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** A column that the API does not have under this name, and that only `Wire.read` returns. */
export type ReadColumn = `as:${string}`;

/** A call with its input. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly input: Row;
}

/** Differences from the usual calls `create`, `update` and `all`, or from the rows that these take. */
export interface Wire {
  /** Converts a row of the API to the columns of the definition. */
  read?(row: Row): Row;
  /** Columns that separate calls set, each with its verb; the call takes the column by its name without `as:`. */
  readonly separate?: Readonly<Record<ReadColumn, string>>;
  /**
   * Returns the call that creates or changes an object.
   *
   * @param columns all columns: for a new object including defaults, for a change including unchanged ones
   */
  send?(verb: "create" | "update", columns: Row): Call;
  /** Lists all objects, or only those among which the one with these columns is; the columns may be unknown. */
  all?(columns: Row | undefined, api: Api): Promise<Row[]>;
}
