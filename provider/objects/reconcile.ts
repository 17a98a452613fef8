import type { DokployError } from "../dokploy/errors";
import { UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Change } from "../schema/changes";
import { refuseDoubtful, saveAndVerify } from "./saving";

/** What an object that was just read needs, to become what its resource asks for. */
export interface Plan {
  /** What it changes, as far as that is deployed. */
  readonly changes?: readonly Change[] | undefined;
  /** How it is saved; left out where nothing of it differs. */
  readonly write?: Write | undefined;
  /** What is saved after it, at the same place: whether that was anything. */
  readonly writeMore?: (() => Promise<boolean>) | undefined;
}

export interface Write {
  send(): Promise<unknown>;
  /** Whether the server holds what was to be saved. */
  isThere(): Promise<boolean>;
  /** The error for what may have been saved, or may be at any moment; see `saveAndVerify`. */
  unfinished(reason: DokployError): Error;
  /** The error for a refusal where that counts though what it refuses may be saved; see `saveAndVerify`. */
  readonly refused?: (reason: DokployError) => Promise<Error>;
}

/** What became of a plan. */
export interface Saved<Row, P extends Plan> {
  /** The object as it was before. */
  readonly row: Row;
  readonly plan: P;
  /** Where the run stood when the object was read. */
  readonly readAt: number;
  /** Its place among all that the run saved; 0 when nothing was. */
  readonly since: number;
}

/**
 * Brings an object to what its resource asks for: reads it, compares, and saves what differs. Nobody else of the run saves
 * at the same place meanwhile. What that needs to take effect is for the caller to see to, once the place is free.
 *
 * @param place how the run calls what is saved: `application/<id>`
 * @param observe throws when it is not there
 * @param plan the smallest change; reads only
 * @throws UserError when an earlier save at this place may still arrive
 */
export async function reconcile<Row, P extends Plan>(
  place: string,
  observe: () => Promise<Row>,
  plan: (row: Row) => P | Promise<P>,
  { claims, lock }: Pick<Context, "claims" | "lock">,
): Promise<Saved<Row, P>> {
  return await lock.run(place, async () => {
    const readAt = claims.line.now;
    const row = await observe();
    const planned = await plan(row);
    const { write, writeMore } = planned;
    if (write) {
      refuseDoubtful(place, claims);
      await saveAndVerify(
        () => write.send(),
        () => write.isThere(),
        (reason) => write.unfinished(reason),
        { place, claims, refused: write.refused },
      );
    }
    const isMore = (await writeMore?.()) ?? false;
    const since = write || isMore ? claims.line.saved(place, planned.changes) : 0;
    return { row, plan: planned, readAt, since };
  });
}

/**
 * The row of what the state has.
 *
 * @param label `application "web" (<id>)`
 * @throws UserError when it is gone
 */
export async function stillThere<Row>(label: string, observe: () => Promise<Row | undefined>): Promise<Row> {
  const row = await observe();
  if (row !== undefined) return row;
  throw new UserError(
    `The ${label} is no longer there: it was deleted outside of this program. ` +
      "Run `pulumi refresh`, and the next `pulumi up` makes it again.",
  );
}
