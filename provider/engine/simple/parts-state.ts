import type { Values } from "../../../packages/values";
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
