import { DokployError } from "../../dokploy";
import { PartialFailureError, UserError } from "../../errors";

/** An object that has the wanted name, as a list shows it. */
export interface Holder {
  readonly id: string;
  /** Time in ISO 8601; undefined for kinds that Dokploy stores without it. */
  readonly createdAt: string | undefined;
}

/** A new object, and what its kind knows about others of its name. */
export interface Made {
  readonly id: string;
  /** Label in messages: `application "web" (<id>)`. */
  readonly label: string;
  /** Outputs for the state, and inputs that are not saved yet, if it cannot be settled who keeps the name. */
  readonly outputs: object;
  readonly former?: object;
  /** Reads all objects that have the name now, with the new one. */
  holders(): Promise<readonly Holder[]>;
  /** Returns true when the object has nothing but what its creation gave it. */
  isAsMade(): Promise<boolean>;
  remove(): Promise<unknown>;
  /** Refuses the name because another object has it, with advice. */
  refuse(): Promise<unknown>;
}

/**
 * Settles which of several objects keeps a name that is unique nowhere in Dokploy. Two runs may both find a name free, and
 * then both create. So each looks again after its creation: the oldest object keeps the name, and each younger run
 * removes what it has just made, and nothing else. Without creation times it is unknown which one is older, so each
 * run that finds another object gives way.
 *
 * @throws UserError when this object gave way
 * @throws PartialFailureError when it could not be settled: the object exists
 */
export async function settleName(made: Made): Promise<void> {
  const unsettled = (reason: unknown) => new PartialFailureError(made.id, made.outputs, reason, made.former);
  let older: Holder | undefined;
  try {
    older = olderThan(made.id, await made.holders().catch(made.holders));
    if (older === undefined) return;
    if (!(await made.isAsMade())) {
      throw new UserError(
        `The ${made.label} has the same name as ${older.id}, which another run created at the same moment. The ` +
          "new one is not removed, since somebody has changed it meanwhile: delete one of the two in Dokploy.",
      );
    }
    await made.remove();
  } catch (error) {
    if (error instanceof DokployError || error instanceof UserError) throw unsettled(error);
    throw error;
  }
  const advice = await made.refuse().then(
    () => "The other one is gone by now: run the update again.",
    (error: Error) => error.message,
  );
  throw new UserError(
    `The ${made.label} was removed again: another run created one of the same name at the same moment (${older.id}). ` +
      advice,
  );
}

function olderThan(id: string, holders: readonly Holder[]): Holder | undefined {
  const mine = holders.find((holder) => holder.id === id);
  return mine && holders.find((holder) => holder.id !== id && isOlder(holder, mine));
}

function isOlder(a: Holder, b: Holder): boolean {
  if (a.createdAt === undefined || b.createdAt === undefined) return true;
  return a.createdAt === b.createdAt ? a.id < b.id : a.createdAt < b.createdAt;
}

/** Returns the creation time in a row. */
export function createdAtOf(row: Readonly<Record<string, unknown>>): string | undefined {
  return typeof row["createdAt"] === "string" ? row["createdAt"] : undefined;
}

/**
 * True for a service with nothing but its creation. A database has a volume from its creation on, which is empty until its first
 * deployment.
 *
 * @param row whole row of the service
 */
export function hasNothing(row: object): boolean {
  const { applicationStatus, composeStatus, env } = row as Readonly<Record<string, unknown>>;
  const parts = Object.entries(row).flatMap(([name, value]) =>
    Array.isArray(value) ? value.filter((part) => !(name === "mounts" && part?.type === "volume")) : [],
  );
  return (applicationStatus ?? composeStatus ?? "idle") === "idle" && !env && parts.length === 0;
}
