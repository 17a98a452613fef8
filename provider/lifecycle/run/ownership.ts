import type { LacksService } from "../../../packages/compose-checks/checks";
import type { ReadStack } from "../../pulumi";
import { Claims } from "./claims";
import { Holdings } from "./holdings";
import { RunResources } from "./resources";

/** A resource with a place that only one may have. */
interface Occupant {
  readonly resource: string;
  readonly name: string;
  /** True for a resource that the files of a deployment repository describe. */
  readonly isFromFiles: boolean;
}

/**
 * Owners of everything that this run may change: which resource has which object, which variables of which text, and
 * which place on a server.
 */
export class Ownership {
  /** Resources of this run. */
  readonly resources: RunResources;
  /** Owners of the objects, among the resources of the stack. */
  readonly holdings: Holdings;
  /** Parts of Dokploy that the resources of the program have for themselves. */
  readonly claims = new Claims();
  /** Services that the compose files of this run lack, by the resources that contain the files, and by the ids of new ones. */
  readonly fileServices = new Map<string, LacksService | undefined>();
  private readonly doubtful = new Set<string>();
  private readonly servers = new Map<string, string>();
  private readonly occupants = new Map<string, Occupant>();
  private readonly owners = new Map<string, { all: boolean; keys: Set<string> }>();

  /** @param readStack undefined where there is no stack */
  constructor(readStack?: ReadStack) {
    this.holdings = new Holdings(readStack);
    this.resources = new RunResources(this.holdings);
  }

  /**
   * Records that a save at this place got no response, and may still arrive: it would undo changes that another
   * resource of the run saves there in the meantime, since Dokploy replaces whole texts.
   *
   * @param place `application/<id>`
   */
  doubt(place: string): void {
    this.doubtful.add(place);
  }

  isDoubtful(place: string): boolean {
    return this.doubtful.has(place);
  }

  /** Records the server of a service of this run, `""` for Dokploy's own machine. */
  locate(service: string, server: string): void {
    this.servers.set(service, server);
  }

  /** Returns the server of a service of this run; undefined where it is not known. */
  serverOf(service: string): string | undefined {
    return this.servers.get(service);
  }

  /**
   * Records which resource has a place that only one may have, and returns the name of another one that has it;
   * undefined for two from files, since the program has named their lines.
   */
  occupy(place: string, occupant: Occupant): string | undefined {
    const first = this.occupants.get(place) ?? occupant;
    this.occupants.set(place, first);
    const isSaid = first.isFromFiles && occupant.isFromFiles;
    return first.resource === occupant.resource || isSaid ? undefined : first.name;
  }

  /**
   * Claims variables of a text; without `keys`, the whole text. When a variable moves from one resource to another, the
   * old owner is deleted after the new one has written: its deletion must not touch variables that others claim.
   */
  claim(text: string, keys?: Iterable<string>): void {
    const owner = this.owners.get(text) ?? { all: false, keys: new Set() };
    if (keys === undefined) owner.all = true;
    else for (const key of keys) owner.keys.add(key);
    this.owners.set(text, owner);
  }

  /** Returns the keys that were claimed individually. */
  claimed(text: string): ReadonlySet<string> {
    return this.owners.get(text)?.keys ?? new Set();
  }

  /** Returns the keys that nobody claims. */
  unclaimed(text: string, keys: readonly string[]): string[] {
    const owner = this.owners.get(text);
    if (!owner) return [...keys];
    return owner.all ? [] : keys.filter((key) => !owner.keys.has(key));
  }
}
