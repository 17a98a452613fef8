import type { LacksService } from "../../packages/compose-checks/checks/service-names";
import type { ReadStack } from "../pulumi/stack-state";
import { Activity } from "./activity";
import { DeploymentLine } from "./deployment-line";
import { Holdings } from "./holdings";
import { PlannedDeployments } from "./planned-deployments";
import { ProgramSecrets } from "./program-secrets";
import { RunResources } from "./resources";
import { Rollouts } from "./rollouts";
import { SharedPlans } from "./shared-plans";

/**
 * Which resources of this run own which variables of which text.
 *
 * When a variable moves from one resource to another, the old owner is deleted after the new one has written: its
 * deletion must leave alone what the new owner claims.
 */
export class Claims {
  /** What this run changes about shared variables. */
  readonly shared: SharedPlans;
  /** The services that this run's resources deploy themselves. */
  readonly deployments: PlannedDeployments;
  /** The deployments that this run makes. */
  readonly line = new DeploymentLine();
  /** The deployments that parts of a service share, which are resources of their own. */
  readonly rollouts: Rollouts;
  /** The resources of this run. */
  readonly resources: RunResources;
  /** Which resources of the stack have which objects. */
  readonly holdings: Holdings;
  /** What the program marked as secret. */
  readonly secrets = new ProgramSecrets();
  /** Checks of names against the services of compose files, by the identity of the resource that gives the file. */
  readonly fileServices = new Map<string, LacksService | undefined>();
  private readonly doubtful = new Set<string>();
  private readonly servers = new Map<string, string>();
  private readonly occupants = new Map<string, { resource: string; name: string }>();
  private readonly owners = new Map<string, { all: boolean; keys: Set<string> }>();

  /**
   * @param readStack left out where there is no stack
   * @param activity what waits for other resources of the run waits by
   */
  constructor(readStack?: ReadStack, activity = new Activity()) {
    this.shared = new SharedPlans(activity);
    this.deployments = new PlannedDeployments(activity);
    this.rollouts = new Rollouts(activity);
    this.holdings = new Holdings(readStack);
    this.resources = new RunResources(this.holdings);
  }

  /**
   * A save at this place got no answer, and may still arrive: it would undo what another resource of the run saves there
   * meanwhile, since Dokploy replaces texts whole.
   *
   * @param place `application/<id>`
   */
  doubt(place: string): void {
    this.doubtful.add(place);
  }

  isDoubtful(place: string): boolean {
    return this.doubtful.has(place);
  }

  /** Notes on which server a service of this run is, `""` for Dokploy's own machine. */
  locate(service: string, server: string): void {
    this.servers.set(service, server);
  }

  /** The server that a service of this run is on; undefined where that is not known. */
  serverOf(service: string): string | undefined {
    return this.servers.get(service);
  }

  /**
   * Notes which resource has a place for which there should be no other.
   *
   * @param name what messages call it
   * @returns the name of the other one of this run that has it; undefined where none does
   */
  occupy(place: string, resource: string, name: string): string | undefined {
    const first = this.occupants.get(place) ?? { resource, name };
    this.occupants.set(place, first);
    return first.resource === resource ? undefined : first.name;
  }

  /** `keys` left out claims the whole text. */
  claim(text: string, keys?: Iterable<string>): void {
    const owner = this.owners.get(text) ?? { all: false, keys: new Set() };
    if (keys === undefined) owner.all = true;
    else for (const key of keys) owner.keys.add(key);
    this.owners.set(text, owner);
  }

  /** The keys that somebody claims one by one. */
  claimed(text: string): ReadonlySet<string> {
    return this.owners.get(text)?.keys ?? new Set();
  }

  /** The keys among these that nobody claims. */
  unclaimed(text: string, keys: readonly string[]): string[] {
    const owner = this.owners.get(text);
    if (!owner) return [...keys];
    return owner.all ? [] : keys.filter((key) => !owner.keys.has(key));
  }
}
