import type { Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Change } from "../schema/changes";
import type { Apply } from "../schema/fields";

type Values = Readonly<Record<string, unknown>>;

/** Ids of parts, by the input that lists them and by their names there: `{ domains: { "shop.example.com/": "…" } }`. */
export type PartIds = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The parts of a service that are listed among its inputs, as the state has them. */
export interface PartsState {
  /** Those inputs: what is saved of each part, by its name. */
  readonly lists: Readonly<Record<string, Values>>;
  readonly partIds: PartIds;
}

/** A service with the row that it has in Dokploy, which lists its parts. */
export interface PartsOwner {
  readonly id: string;
  readonly row: object;
}

/** What a service does about the parts that its inputs list. */
export interface Parts {
  /** What the state of the service has of them. */
  stateOf(inputs: object, partIds: PartIds | undefined): PartsState;
  /** The lists that the inputs give, without a part in them: nothing is saved yet. */
  none(inputs: object): PartsState["lists"];
  /** What the rules of their definitions say, and two that are the same. */
  problems(inputs: object): Problem[];
  /** What a person should know of them, as the sentences of warnings. */
  warnings(
    inputs: object,
    owner: { readonly resource: string; readonly name: string },
    claims: Context["claims"],
  ): string[];
  /** The lists of these inputs as the service has them: what somebody else made is not in them. */
  readBack(service: PartsOwner, inputs: object, partIds: PartIds): PartsState;
  /**
   * The row of the service with those parts, too, that a call of their own lists: asked for where the inputs or the state
   * have such.
   */
  whole<Row extends object>(
    service: PartsOwner & { readonly row: Row },
    inputs: object,
    partIds: PartIds | undefined,
    api: Context["api"],
  ): Promise<Row>;
  /** The row of the service with its parts as a look for drift shows them. */
  seen<Row extends object>(row: Row, inputs: object, partIds: PartIds, api: Context["api"]): Promise<Row>;
  /**
   * What is needed for parts that are there, and were made after the newest deployment that succeeded. One whose row does not
   * tell when it was made is taken for as old as its service.
   */
  unapplied(service: PartsOwner, inputs: object): Apply;
  /** Says what of the service is taken over, and what of the same kinds stays as it is. */
  foresee(
    service: PartsOwner,
    label: string,
    inputs: object,
    changes: readonly Change[],
    context: Context,
  ): Promise<void>;
  /**
   * Removes, changes and makes parts until the service has those that the inputs list. What it did not make or take over
   * stays.
   *
   * @param olds what the state has
   * @throws PartsError when that fails on the way
   */
  save(service: PartsOwner, news: object, olds: PartsState, context: Context): Promise<SavedParts>;
  /**
   * The lists that put back what was there before a save: what it took over, too.
   *
   * @param service with the row as it was then
   */
  asBefore(service: PartsOwner, news: object, olds: PartsState): object;
  /**
   * Waits until those work that the program waits for: they are in effect.
   *
   * @throws UserError when one does not in time
   */
  settle(id: string, inputs: object, context: Context): Promise<void>;
  /** Notes which parts the service has, so that no other resource deletes them. */
  claim(id: string, inputs: object, claims: Context["claims"]): void;
}

export interface SavedParts {
  readonly partIds: PartIds;
  /** Whether anything was saved. */
  readonly isChanged: boolean;
}

/** Some parts are saved, and others are not. */
export class PartsError extends Error {
  constructor(
    readonly state: PartsState,
    readonly reason: unknown,
  ) {
    super(reason instanceof Error ? reason.message : String(reason));
    this.name = "PartsError";
  }
}

/** The ids as an output of the service: none where it has none. */
export function idsOutput(partIds: PartIds): { partIds?: PartIds } {
  const filled = Object.entries(partIds).filter(([, ids]) => Object.keys(ids).length > 0);
  return filled.length === 0 ? {} : { partIds: Object.fromEntries(filled) };
}
