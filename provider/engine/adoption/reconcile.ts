import { UserError } from "../../errors";
import type { Context } from "../../lifecycle";
import type { Change } from "../../schema";
import { refuseDoubtful, saveAndVerify, type Write } from "./saving";

/** Changes that an object, which was just read, needs to match its resource. */
export interface Plan {
  /** Changes that a deployment applies. */
  readonly changes?: readonly Change[] | undefined;
  /** Long work before the first save. When it fails, nothing is saved. The object is read and compared again after it. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** Save of the changes; undefined without a difference. */
  readonly write?: Write | undefined;
  /** Further save at the same place, after the first: returns true if it saved anything. */
  readonly writeMore?: (() => Promise<boolean>) | undefined;
}

/** Result of a plan. */
export interface Saved<Row, P extends Plan> {
  /** The object before the save. */
  readonly row: Row;
  readonly plan: P;
  /** Position of the run when the object was read. */
  readonly readAt: number;
  /** Position in the order of everything that the run saved; 0 when nothing was saved. */
  readonly since: number;
}

/**
 * Changes an object to match its resource: reads it, compares, and saves the differences. No other resource of the
 * run saves at the same place in the meantime. The caller has to apply the changes, once the place is free.
 *
 * @param place name, in the run, of the place where it saves: `application/<id>`
 * @param observe throws when the object does not exist
 * @param plan returns the smallest change; reads only
 * @throws UserError when an earlier save at this place may still arrive
 */
export async function reconcile<Row, P extends Plan>(
  place: string,
  observe: () => Promise<Row>,
  plan: (row: Row) => P | Promise<P>,
  { run, lock }: Pick<Context, "run" | "lock">,
): Promise<Saved<Row, P>> {
  const end = await lock.take(place);
  try {
    let readAt = run.deployments.now;
    let row = await observe();
    let planned = await plan(row);
    if (planned.prepare) {
      await planned.prepare();
      readAt = run.deployments.now;
      row = await observe();
      planned = await plan(row);
    }
    const { write, writeMore } = planned;
    if (write) {
      refuseDoubtful(place, run);
      await saveAndVerify(write, place, run);
    }
    const isMore = (await writeMore?.()) ?? false;
    const since = write || isMore ? run.deployments.saved(place, planned.changes) : 0;
    return { row, plan: planned, readAt, since };
  } finally {
    end();
  }
}

/**
 * Reads the row of an object in the state.
 *
 * @param label `application "web" (<id>)`
 * @throws UserError when it no longer exists
 */
export async function stillThere<Row>(label: string, observe: () => Promise<Row | undefined>): Promise<Row> {
  const row = await observe();
  if (row !== undefined) return row;
  throw new UserError(
    `The ${label} no longer exists: it was deleted outside of this program. Run \`pulumi refresh\`: the next plan then ` +
      "names its remains, and `pulumi up` creates it again.",
  );
}
