import type { Api, Endpoint, ServiceKind } from "../dokploy";
import type { Context } from "./context";

/** Kind of object that a simple object can belong to; inputs such as `applicationId` and `postgresId` name it. */
export type ParentKind = ServiceKind | "server";

/** Object that another one belongs to. */
export interface Parent {
  readonly kind: ParentKind;
  readonly id: string;
}

/** A row of Dokploy, as the API returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** A call with its input. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly input: Row;
}

/** Differences from the usual calls `create`, `update` and `all`, or from the rows that these take. */
export interface Wire<Columns extends string = string> {
  /** Converts a row of the API to the columns of the definition. */
  read?(row: Row): Row;
  /**
   * Returns the columns that a creation sends. A column that it leaves out is set by an update.
   *
   * @param columns columns of the inputs that the program gives, with defaults of those that the call requires
   * @param parent undefined for an object without one
   */
  create?(
    columns: Row,
    parent: Parent | undefined,
    context: Pick<Context, "api" | "server">,
  ): Created<Columns> | Promise<Created<Columns>>;
  /**
   * Returns the call that creates or changes an object, if it takes all columns.
   *
   * @param columns all columns: for a new object including defaults, for a change including unchanged ones
   */
  send?(verb: "create" | "update", columns: Row): Call;
  /**
   * Lists the objects of the parent, or of the whole server; undefined where the row of the parent lists them.
   *
   * @param columns columns of the object that is searched for, if it is only one; they may be unknown
   */
  all?(parent: Parent | undefined, api: Api, columns: Row | undefined): Promise<Row[]> | undefined;
}

type Created<Columns extends string> = { readonly [Column in Columns]?: unknown };
