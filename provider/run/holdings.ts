import type { ReadStack, StackResource } from "../pulumi/stack-state";
import { parseUrn } from "../pulumi/urn";

/** How long a state that was read serves the checks of what is new. */
const freshMs = 10_000;

/**
 * Which resources of the stack have which objects of Dokploy, by the stack's own state. One object has one resource: where
 * two have it, deleting one would take it away from the other. A run sees only some of the resources, so that what it
 * knows by itself is not enough.
 *
 * The state is read when a question comes up that needs it: something is adopted, a name is taken, something is deleted.
 */
export class Holdings {
  private recent: { at: number; resources: Promise<readonly StackResource[] | undefined> } | undefined;
  /** As it was before this run deleted anything. */
  private before: Promise<readonly StackResource[] | undefined> | undefined;
  /** Those of them that this run has deleted, though the object stayed. */
  private readonly released = new Set<StackResource>();
  private readonly refused = new Set<string>();

  /** @param read left out where there is no stack */
  constructor(private readonly read: ReadStack = async () => undefined) {}

  /** The resource that has the object by the state; undefined when there is none, or the state cannot be read. */
  async holder(kind: string, id: string): Promise<StackResource | undefined> {
    return (await this.latest())?.find((resource) => resource.kind === kind && resource.id === id);
  }

  /** What the state marks as secret of the resources that have the object; undefined where it does not tell. */
  async secretsOf(kind: string, id: string): Promise<readonly (readonly string[])[] | undefined> {
    const all = (await this.latest())?.filter((resource) => resource.kind === kind && resource.id === id);
    return all?.length ? all.flatMap(({ secrets = [] }) => secrets) : undefined;
  }

  /** The resources of a kind that the state has. */
  async all(kind: string): Promise<readonly StackResource[]> {
    return (await this.latest())?.filter((resource) => resource.kind === kind) ?? [];
  }

  /** Of these ids those that no resource of the stack has; none where the state cannot be read. */
  async notHeld(ids: readonly string[]): Promise<readonly string[]> {
    const all = await this.latest();
    return all === undefined ? [] : ids.filter((id) => !all.some((resource) => resource.id === id));
  }

  /**
   * The same for something new that is about to be refused since the object is there: after that this run does not
   * delete it under its other name either.
   */
  async refuse(kind: string, id: string): Promise<StackResource | undefined> {
    const holder = await this.holder(kind, id);
    if (holder) this.refused.add(`${kind} ${id}`);
    return holder;
  }

  /** True for what something new of this run was refused to have, since another resource has it. */
  isRefused(kind: string, id: string): boolean {
    return this.refused.has(`${kind} ${id}`);
  }

  /**
   * Notes that a resource is deleted.
   *
   * @returns the resources that had the object when there are others left; none for the last one; undefined when the
   *   state does not tell
   */
  async release(kind: string, id: string): Promise<readonly StackResource[] | undefined> {
    const all = (await this.beforeDeletions())?.filter(
      (resource) => resource.kind === kind && resource.id === id,
    );
    // A state without what is being deleted is not the one of this run.
    if (!all || all.length === 0) return undefined;
    const left = all.filter((resource) => !this.released.has(resource));
    const [first, ...others] = left;
    if (!first || others.length === 0) return [];
    this.released.add(first);
    return all;
  }

  /**
   * Notes that a block is deleted.
   *
   * @param variables what it owns, by the input that gives them
   * @param owner what makes the target, e.g. `Application` with its id, which may own variables of the target as well
   * @returns what other resources own of the same texts; undefined when the state does not tell
   */
  async releaseVariables(
    block: Pick<StackResource, "kind" | "id" | "variables">,
    owner: { kind: string; id: string },
  ): Promise<StackResource["variables"] | undefined> {
    const all = (await this.beforeDeletions())?.filter((resource) => !this.released.has(resource));
    const same = all?.filter(({ kind, id }) => kind === block.kind && id === block.id) ?? [];
    const isEqual = (other: StackResource) => namesOf(other.variables) === namesOf(block.variables);
    const mine = same.find(isEqual) ?? same[0];
    if (!all || !mine) return undefined;
    this.released.add(mine);
    const others = [
      ...same.filter((resource) => resource !== mine),
      ...all.filter(({ kind, id }) => kind === owner.kind && id === owner.id),
    ];
    return together(others);
  }

  /**
   * What resources of the stack own of the texts of a target, by the names that their state tells.
   *
   * @param block the kind and the id of its blocks
   * @param owner what makes it
   */
  async ownedVariables(
    block: Pick<StackResource, "kind" | "id">,
    owner: Pick<StackResource, "kind" | "id">,
  ): Promise<StackResource["variables"]> {
    const all = (await this.latest()) ?? [];
    const of = ({ kind, id }: Pick<StackResource, "kind" | "id">) =>
      all.filter((resource) => resource.kind === kind && resource.id === id);
    const told = of(block).map((resource) => ({
      variables: Object.fromEntries(
        Object.entries(resource.variables).filter(([, names]) => names !== "all"),
      ),
    }));
    return together([...told, ...of(owner)]);
  }

  private latest(): Promise<readonly StackResource[] | undefined> {
    if (!this.recent || Date.now() - this.recent.at >= freshMs) {
      this.recent = { at: Date.now(), resources: this.read() };
    }
    return this.recent.resources;
  }

  private beforeDeletions(): Promise<readonly StackResource[] | undefined> {
    this.before ??= this.read();
    return this.before;
  }
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

/** What to do about something new whose object another resource of the stack has. */
export function adviseAlias({ urn, name, replaced }: StackResource): string {
  if (replaced !== undefined) return adviseReplaced(urn, replaced);
  // A parent is given as a resource, which only the program has; the URN says it all.
  const option = parseUrn(urn)?.types.includes("$")
    ? `{ aliases: [${JSON.stringify(urn)}] }`
    : `{ aliases: [{ name: ${JSON.stringify(name)} }] } (with parent: pulumi.rootStackResource beside the name if it ` +
      "moved into a component)";
  return (
    `If that is the same under another name, give this resource the option ${option}, and no import; if not, keep one ` +
    "of the two"
  );
}

function adviseReplaced(urn: string, by: "--replace" | "taint"): string {
  const undo =
    by === "--replace"
      ? "`--replace` makes the new one before it deletes the old, whose name is taken until then: leave it out"
      : "It is tainted, so that Pulumi makes the new one before it deletes the old, whose name is taken until then: run " +
        `\`pulumi state untaint '${urn}'\``;
  return (
    `${undo}. For one more deployment, give the program a Deployment with a trigger; to make the object anew, take the ` +
    "resource out of the program for one run"
  );
}
