import { visible } from "../../../packages/text";
import { UserError } from "../../errors";
import {
  identityOf,
  isOfRepository,
  parseUrn,
  type ReadStack,
  type StackMember,
  type StackResource,
} from "../../pulumi";

/** Resource of the stack that has an object. */
export interface Holder extends StackResource {
  /** True when the run creates it once more: its object was lost, or is replaced although nothing changes. */
  readonly isForced: boolean;
}

type Held = Pick<StackResource, "kind" | "id">;

/** Time for which a state that was read serves the checks of new resources. */
const freshMs = 10_000;

/**
 * Owners of Dokploy's objects among the resources of the stack, according to the stack's own state. One object has
 * one resource: if two have it, deleting one would take it away from the other. A run sees only some of the
 * resources, so its own knowledge is not enough.
 *
 * The state is read when it is needed: an object is adopted, a name is taken, or a resource is deleted.
 */
export class Holdings {
  private recent: { at: number; resources: Promise<readonly StackResource[] | undefined> } | undefined;
  /** The state before this run deleted anything. */
  private before: Promise<readonly StackResource[] | undefined> | undefined;
  /** Resources that this run has deleted while the object stayed. */
  private readonly released = new Set<StackResource>();
  /** A resource that the state of this run's stack has. */
  private member: StackMember | undefined;
  private readonly refused = new Set<string>();
  /** Identities of resources that the run creates, as far as Pulumi says. */
  private readonly requested = new Set<string>();

  /** @param read undefined where there is no stack */
  constructor(private readonly read?: ReadStack) {}

  /** Records a resource that Pulumi gave from the state, which no state of another stack has. */
  meet(member: StackMember): void {
    this.member = member;
  }

  /** Records a creation; of a resource in the state: its replacement by `--replace`, or because it is tainted. */
  requestNew(identity: string): void {
    this.requested.add(identity);
  }

  /** Returns the resource that has the object in the state; undefined without one, or when it cannot be read. */
  async stackResource(kind: string, id: string): Promise<Holder | undefined> {
    const [found] = having({ kind, id }, await this.latest());
    return found && this.holder(found);
  }

  private holder(resource: StackResource): Holder {
    return { ...resource, isForced: this.requested.has(identityOf(resource.urn)) };
  }

  /** Returns the paths that the state marks as secret in the resources with the object; undefined without any. */
  async secretsOf(kind: string, id: string): Promise<readonly (readonly string[])[] | undefined> {
    const all = having({ kind, id }, await this.latest());
    return all.length > 0 ? all.flatMap(({ secrets = [] }) => secrets) : undefined;
  }

  /** Returns the resources of a kind that wait to be created again, and whose objects may still be there. */
  async waiting(kind: string): Promise<readonly StackResource[]> {
    return (await this.recently())?.filter((resource) => resource.kind === kind && resource.isWaiting) ?? [];
  }

  /** True when a resource of the stack has the object, or waits to be created again after it had it. */
  async hasOrWaits(kind: string, id: string): Promise<boolean> {
    return having({ kind, id }, await this.recently()).length > 0;
  }

  /** Returns the resources of a kind in the state. */
  async all(kind: string): Promise<readonly Holder[]> {
    const found = (await this.latest())?.filter((resource) => resource.kind === kind) ?? [];
    return found.map((one) => this.holder(one));
  }

  /** Returns the resources of a name in the program; undefined where the state cannot be read. */
  async named(name: string): Promise<readonly StackResource[] | undefined> {
    return (await this.latest())?.filter((resource) => resource.name === name);
  }

  /** Returns the resources that give variables. */
  async withVariables(): Promise<readonly StackResource[]> {
    return (await this.latest())?.filter(({ variables }) => Object.keys(variables).length > 0) ?? [];
  }

  /** Returns those of the ids that no resource of the stack has; none where the state cannot be read. */
  async notHeld(ids: readonly string[]): Promise<readonly string[]> {
    const all = await this.latest();
    return all === undefined ? [] : ids.filter((id) => !all.some((resource) => resource.id === id));
  }

  /**
   * Returns the resource that has the object, for a new resource that is about to be refused because the object
   * exists. After that, this run does not delete the object under its other name either.
   */
  async refuse(kind: string, id: string): Promise<Holder | undefined> {
    const stackResource = await this.stackResource(kind, id);
    if (stackResource) this.refused.add(`${kind} ${id}`);
    return stackResource;
  }

  /** True when a new resource of this run was refused this object because another resource has it. */
  isRefused(kind: string, id: string): boolean {
    return this.refused.has(`${kind} ${id}`);
  }

  /**
   * Records that a resource is deleted, and returns all that had the object if others remain; none for the last one;
   * undefined when the state does not show it.
   */
  async release(kind: string, id: string): Promise<readonly StackResource[] | undefined> {
    const all = having({ kind, id }, await this.beforeDeletions());
    if (all.length === 0) return undefined;
    const [first, ...others] = all.filter((resource) => !this.released.has(resource));
    if (!first || others.length === 0) return [];
    this.released.add(first);
    return all;
  }

  /**
   * Records that a block is deleted, and returns the variables that others, such as `owner`, the resource of the
   * target, own in the same texts; undefined when the state does not show it.
   */
  async releaseVariables(
    block: Held & Pick<StackResource, "variables">,
    owner: Held,
  ): Promise<StackResource["variables"] | undefined> {
    const all = (await this.beforeDeletions())?.filter((resource) => !this.released.has(resource));
    const same = having(block, all);
    const isEqual = (other: StackResource) => namesOf(other.variables) === namesOf(block.variables);
    const mine = same.find(isEqual) ?? same[0];
    if (!all || !mine) return undefined;
    this.released.add(mine);
    return together([...same.filter((resource) => resource !== mine), ...having(owner, all)]);
  }

  /** Refuses a deletion (of `The Application 7x`) when the state was needed for it and cannot be read. */
  async assertRead(what: string): Promise<void> {
    if (this.read === undefined || (await this.beforeDeletions()) !== undefined) return;
    throw new UserError(
      `${what} is not deleted: the provider cannot read the state of this stack, so it does not know whether another ` +
        "resource of the stack has the same object. It reads the state with `pulumi stack export`. Make sure that the " +
        "folder of `pulumi` is in PATH, and that PULUMI_BACKEND_URL names the backend or `pulumi login` has selected " +
        "it, and run the command again. To keep the object, remove the resource from the state with " +
        "`pulumi state delete`.",
    );
  }

  /** Returns the variables that blocks and the owner of a target have in its texts, by the names in the state. */
  async ownedVariables(block: Held, owner: Held): Promise<StackResource["variables"]> {
    const all = await this.latest();
    const reported = having(block, all).map((resource) => ({
      variables: Object.fromEntries(
        Object.entries(resource.variables).filter(([, names]) => names !== "all"),
      ),
    }));
    return together([...reported, ...having(owner, all)]);
  }

  private async latest(): Promise<readonly StackResource[] | undefined> {
    return notWaiting(await this.recently());
  }

  private async recently(): Promise<readonly StackResource[] | undefined> {
    if (!this.recent || Date.now() - this.recent.at >= freshMs) {
      this.recent = { at: Date.now(), resources: this.read?.(this.member) ?? Promise.resolve(undefined) };
    }
    return await this.recent.resources;
  }

  private async beforeDeletions(): Promise<readonly StackResource[] | undefined> {
    this.before ??= this.read?.(this.member) ?? Promise.resolve(undefined);
    return notWaiting(await this.before);
  }
}

function notWaiting(all: readonly StackResource[] | undefined): readonly StackResource[] | undefined {
  return all?.filter(({ isWaiting }) => isWaiting !== true);
}

/** Returns the resources that have an object. */
function having(object: Held, all: readonly StackResource[] = []): StackResource[] {
  return all.filter(({ kind, id }) => kind === object.kind && id === object.id);
}

function together(resources: readonly Pick<StackResource, "variables">[]): StackResource["variables"] {
  const owned: Record<string, readonly string[] | "all"> = {};
  for (const { variables } of resources) {
    for (const [field, names] of Object.entries(variables)) {
      const known = owned[field] ?? [];
      owned[field] = names === "all" || known === "all" ? "all" : [...known, ...names];
    }
  }
  return owned;
}

function namesOf(variables: StackResource["variables"]): string {
  return JSON.stringify(
    Object.entries(variables)
      .map(([field, names]) => [field, names === "all" ? names : [...names].sort()])
      .sort(),
  );
}

/**
 * Advises on a new resource whose object another resource of the stack has.
 *
 * @param what input that could have another value instead: `name`
 */
export function adviseAlias(stackResource: Holder, what?: string): string {
  const { urn, name, isForced, isTainted } = stackResource;
  // The resource itself is created once more, so that no other one is in its way.
  if (isForced || isTainted === true) return adviseReplaced(stackResource);
  const moved = parseUrn(urn)?.types.includes("$")
    ? ""
    : " (with parent: pulumi.rootStackResource next to the name if it moved into a component)";
  return (
    `If it is the same object under its former name, ${formerName({ urn, name })}${moved}, without import; otherwise ` +
    `keep one of the two${what === undefined ? "" : `, or choose another ${what}`}`
  );
}

/** Returns the advice that lets a new resource continue one of the state, as part of a sentence. */
export function formerName({ urn, name }: Pick<StackResource, "urn" | "name">): string {
  // A parent is given as a resource, which only the program has; the URN contains everything.
  const alias = parseUrn(urn)?.types.includes("$")
    ? JSON.stringify(urn)
    : `{ name: ${JSON.stringify(name)} }`;
  const option = `give this resource the option { aliases: [${alias}] }`;
  return isOfRepository(urn)
    ? `write formerNames: [${visible(name)}] into its dokploy-app.yaml, or outside of a repository ${option}`
    : option;
}

function adviseReplaced({ urn, isTainted }: Holder): string {
  const undo =
    isTainted !== true
      ? "`--replace` creates the new one before it deletes the old one, which still has the name: leave `--replace` out"
      : "It is tainted, so Pulumi creates the new one before it deletes the old one, whose name is taken until " +
        `then: run \`pulumi state untaint '${urn}'\``;
  return (
    `${undo}. For one more deployment, add a Deployment with a trigger; to create the object again, remove the ` +
    "resource from the program for one run"
  );
}
