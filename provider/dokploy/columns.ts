import type { Requests } from "./generated/requests";

/** Router of Dokploy's API whose objects can be created or changed: `application`, `environment`. */
export type Router =
  | { [E in keyof Requests]: E extends `${infer R}.${"create" | "update"}` ? R : never }[keyof Requests]
  | "notification";

/** Calls that write; for notifications, each channel has its own, such as `createSlack`. */
type Writing<R extends Router> = Extract<
  keyof Requests,
  `${R}.${"create" | "update" | `save${string}` | (R extends "notification" ? `create${string}` : never)}`
>;

type ColumnOfOne<R extends Router> = { [E in Writing<R>]: keyof Requests[E] }[Writing<R>] & string;

/**
 * Column of an object's row that can be set: an input of the `create`, `update` and `save…` calls of its router. For
 * several routers, a column that the rows of all of them have.
 *
 * @example type Source = Column<"application" | "compose">; // "branch" | "owner" | …
 */
export type Column<R extends Router> = (R extends Router ? (column: ColumnOfOne<R>) => void : never) extends (
  column: infer C extends string,
) => void
  ? C
  : never;
