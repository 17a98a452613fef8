import type { Api, Endpoint } from "../dokploy/endpoints";

/** A row of Dokploy's, as the API gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A column that the API has by no such name, and only `Wire.read` gives. */
export type ReadColumn = `as:${string}`;

/** A call with what it takes. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly input: Row;
}

/** Where the calls of a router are not `create`, `update` and `all`, or its rows are not what these take. */
export interface Wire {
  /** A row of the API, with the columns of the definition. */
  read?(row: Row): Row;
  /** Columns that a call of their own sets, each with its verb; it takes the column by its name without `as:`. */
  readonly apart?: Readonly<Record<ReadColumn, string>>;
  /**
   * The call that makes one, or changes it.
   *
   * @param columns all of them: of a new one defaults too, of a change those that stay as they are
   */
  send?(verb: "create" | "update", columns: Row): Call;
  /**
   * All that there are; or those among which one stands that has these columns, which may be unknown.
   */
  all?(columns: Row | undefined, api: Api): Promise<Row[]>;
}
