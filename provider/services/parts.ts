import type { Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Change } from "../schema/changes";
import type { Apply } from "../schema/fields";

type Values = Readonly<Record<string, unknown>>;

/** Ids of parts, by the input that lists them and by their names in it: `{ domains: { "shop.example.com/": "…" } }`. */
export type PartIds = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The parts that a service lists among its inputs, as they are in the state. */
export interface PartsState {
  /** The lists: the saved inputs of each part, by its name. */
  readonly lists: Readonly<Record<string, Values>>;
  readonly partIds: PartIds;
}

/** A service with its row in Dokploy, which lists its parts. */
export interface PartsOwner {
  readonly id: string;
  readonly row: object;
}

/** Operations on the parts that a service lists among its inputs. */
export interface Parts {
  /** Returns the parts in the state of the service. */
  stateOf(inputs: object, partIds: PartIds | undefined): PartsState;
  /** Returns the lists that the inputs give, without any part, because nothing is saved yet. */
  none(inputs: object): PartsState["lists"];
  /** Returns violations of the rules in their definitions, and duplicates. */
  problems(inputs: object): Problem[];
  /** Returns warnings about the parts, as sentences. */
  warnings(
    inputs: object,
    owner: { readonly resource: string; readonly name: string },
    claims: Context["claims"],
  ): string[];
  /** Returns the parts of these inputs as the service has them, without parts that somebody else created. */
  readBack(service: PartsOwner, inputs: object, partIds: PartIds): PartsState;
  /** Returns the row with parts that a separate call lists, which is made if the inputs or the state have such. */
  whole<Row extends object>(
    service: PartsOwner & { readonly row: Row },
    inputs: object,
    partIds: PartIds | undefined,
    api: Context["api"],
  ): Promise<Row>;
  /** Returns the row of the service with its parts as a check for drift sees them. */
  liveRow<Row extends object>(row: Row, inputs: object, partIds: PartIds, api: Context["api"]): Promise<Row>;
  /**
   * Returns the action that is needed for existing parts that were created after the newest deployment that succeeded.
   * A part without a time in its row counts as old as its service.
   */
  unapplied(service: PartsOwner, inputs: object): Apply;
  /** Reports which parts of the service are adopted, and which others of the same kinds stay as they are. */
  previewChanges(
    service: PartsOwner,
    label: string,
    inputs: object,
    changes: readonly Change[],
    context: Context,
  ): Promise<void>;
  /**
   * Removes, changes and creates parts until the service has those that the inputs list. Parts that it neither created
   * nor adopted stay.
   *
   * @param olds the parts in the state
   * @throws PartsError when that fails half-way
   */
  save(service: PartsOwner, news: object, olds: PartsState, context: Context): Promise<SavedParts>;
  /**
   * Returns the lists that restore the parts from before a save, including adopted ones.
   *
   * @param service with the row as it was then
   */
  asBefore(service: PartsOwner, news: object, olds: PartsState): object;
  /**
   * Waits for parts that are in effect until they work, if the program asks for that.
   *
   * @throws UserError when one does not in time
   */
  settle(id: string, inputs: object, context: Context): Promise<void>;
  /** Registers the parts of the service, so that no other resource deletes them. */
  claim(id: string, inputs: object, claims: Context["claims"]): void;
}

/** Result of saving parts. */
export interface SavedParts {
  readonly partIds: PartIds;
  /** True when anything was saved. */
  readonly isChanged: boolean;
}

/** An error after which some parts are saved, and others are not. */
export class PartsError extends Error {
  constructor(
    readonly state: PartsState,
    readonly reason: unknown,
  ) {
    super(reason instanceof Error ? reason.message : String(reason));
    this.name = "PartsError";
  }
}

/** Returns the ids as an output of the service, which is absent when there are no ids. */
export function idsOutput(partIds: PartIds): { partIds?: PartIds } {
  const filled = Object.entries(partIds).filter(([, ids]) => Object.keys(ids).length > 0);
  return filled.length === 0 ? {} : { partIds: Object.fromEntries(filled) };
}
