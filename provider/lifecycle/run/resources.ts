import { isDeepStrictEqual } from "node:util";
import { someOf } from "../../../packages/text";
import { isRecord, type Values } from "../../../packages/values";
import { UserError } from "../../errors";
import { identityKey } from "../../pulumi";
import { adviseAlias, type Holdings } from "./holdings";

/** Facts of the run about one resource of the program. */
interface Known {
  /** Id of its object, once a plan has compared it. */
  id?: string;
  /** True when it was checked, and not compared since. */
  isChecked: boolean;
  /** True when its object is deleted to be created again. */
  isReplaced: boolean;
}

/**
 * The resources of this run, by their identity: what Pulumi has requested for each, and which object of Dokploy each
 * has or will have. The stack's state has the resources that the run does not see.
 */
export class RunResources {
  private readonly known = new Map<string, Known>();
  /** Identities of resources whose checked inputs do not contain them, by these inputs. */
  private readonly byInputs = new Map<string, string>();
  /** Identities of the owners of objects that the run has compared, by kind and id. */
  private readonly owners = new Map<string, string>();
  /** Identities of the resources that will adopt objects, by kind and id. */
  private readonly adopters = new Map<string, string>();
  /** Objects that this run adopted, or tried to. */
  private readonly adopted = new Set<string>();
  /** Adopted objects that a resource has, or is about to get. */
  private readonly owned = new Set<string>();

  constructor(private readonly holdings: Holdings) {}

  /**
   * Records that the program requests a resource: the next comparison is its plan.
   *
   * The inputs pass the identity of the resource on to the other calls. Where a state does not have it yet, or has
   * that of a former name, a plan would show it next to the real changes. So there it stays unchanged until nothing
   * else changes.
   *
   * @param olds inputs of the state; none for a new resource
   * @returns the identity of the resource, and the inputs that `check` returns
   */
  check(kind: string, olds: Values, news: Values): { resource: string; inputs: Values } {
    const { [identityKey]: identity, ...inputs } = news;
    const { [identityKey]: former, ...before } = olds;
    // Inputs that the program does not change, because of `ignoreChanges: ["*"]`, are those of the state.
    const resource = typeof identity === "string" ? identity : textOf(kind, inputs);
    const isNew = Object.keys(olds).length === 0;
    if (isNew) this.holdings.requestNew(resource);
    this.of(resource).isChecked = true;
    if (identity !== undefined && (isNew || former === identity || isDeepStrictEqual(before, inputs))) {
      return { resource, inputs: news };
    }
    const kept = former === undefined ? inputs : { ...inputs, [identityKey]: former };
    this.byInputs.set(textOf(kind, kept), resource);
    return { resource, inputs: kept };
  }

  /** Returns the identity of the resource that has the object and was compared: the program keeps it. */
  ownerOf(kind: string, id: string): string | undefined {
    return this.owners.get(nameOf(kind, id));
  }

  /** Returns the identity of the resource that `diff`, `create` or `update` is called for. */
  find(kind: string, news: Values, id = ""): string {
    const found = this.byInputs.size > 0 ? this.byInputs.get(textOf(kind, news)) : undefined;
    const identity = found ?? news[identityKey];
    return typeof identity === "string" ? identity : `${kind} ${id}`;
  }

  /** True when the next comparison is the plan of the resource. */
  isPlanNext(resource: string): boolean {
    return this.known.get(resource)?.isChecked ?? false;
  }

  /** True when the comparison is the plan of the resource, not that of a refresh or after another replacement. */
  takePlan(resource: string): boolean {
    const known = this.of(resource);
    const { isChecked } = known;
    known.isChecked = false;
    return isChecked;
  }

  /**
   * Records which object a resource of the program has.
   *
   * @throws UserError when another resource of the program will adopt it
   */
  compare(resource: string, kind: string, id: string): void {
    const object = nameOf(kind, id);
    if ((this.adopters.get(object) ?? resource) !== resource) throw new UserError(managedTwice(kind, id));
    this.owners.set(object, resource);
    this.of(resource).id = id;
  }

  /** Records that the object of the resource is deleted, and created again. */
  replace(resource: string): void {
    this.of(resource).isReplaced = true;
  }

  /** Returns the id of the object: before a replacement Pulumi checks a resource once more, as if it were new. */
  replacedBy(resource: string): string | undefined {
    const { id } = this.of(resource);
    if (id !== undefined) this.replace(resource);
    return id;
  }

  /** Returns the resource whose object is deleted and created again in this run; undefined otherwise. */
  successorOf(kind: string, id: string): string | undefined {
    const owner = this.ownerOf(kind, id);
    return owner !== undefined && this.of(owner).isReplaced ? owner : undefined;
  }

  /** Explains why a resource may not adopt this object; undefined when it may, as far as the program shows. */
  refuseDuplicate(resource: string, kind: string, imported: string): string | undefined {
    const object = nameOf(kind, imported);
    if ((this.owners.get(object) ?? resource) !== resource) return managedTwice(kind, imported);
    const adopter = this.adopters.get(object) ?? resource;
    this.adopters.set(object, adopter);
    return adopter === resource ? undefined : managedTwice(kind, imported);
  }

  /** True when a value names an object that is deleted and created again in this run: its id, or a target with it. */
  namesReplaced(value: unknown): boolean {
    const ids = isRecord(value) ? Object.values(value) : [value];
    return [...this.owners].some(
      ([object, owner]) => this.of(owner).isReplaced && ids.includes(idIn(object)),
    );
  }

  /** Explains why no new resource may have this object; undefined when no resource of the stack has it. */
  async refuseHeld(kind: string, imported: string): Promise<string | undefined> {
    const stackResource = await this.holdings.refuse(kind, imported);
    if (!stackResource) return undefined;
    return `this stack already has the ${kind} ${imported}, as ${JSON.stringify(stackResource.name)}. ${adviseAlias(stackResource)}`;
  }

  /** @throws UserError when another resource has the object */
  async adopt<T>(kind: string, imported: string, work: () => Promise<T>): Promise<T> {
    const object = nameOf(kind, imported);
    if (this.owned.has(object)) throw new UserError(managedTwice(kind, imported));
    this.owned.add(object);
    try {
      // Once that was tried, the state may contain the resource itself.
      const held = this.adopted.has(object) ? undefined : await this.refuseHeld(kind, imported);
      if (held !== undefined) throw new UserError(`import: ${held}`);
      this.adopted.add(object);
      return await work();
    } catch (error) {
      // Pulumi may call again for the same resource, as its error hooks can request.
      this.owned.delete(object);
      throw error;
    }
  }

  /**
   * Records that a resource is deleted.
   *
   * @returns the reason why its object stays; undefined when the object is deleted too
   * @throws UserError when a new resource of this run needs the object, and was refused it, or when the state of the
   * stack cannot be read
   */
  async release(kind: string, id: string): Promise<string | undefined> {
    if (this.holdings.isRefused(kind, id)) {
      throw new UserError(
        `The ${kind} ${id} is not deleted, since another resource of this program needs it and was refused: see the error ` +
          "there. Its resource stays in the state.",
      );
    }
    const object = nameOf(kind, id);
    if (this.adopted.has(object)) return "another resource of this program adopts it";
    const stackResources = await this.holdings.release(kind, id);
    if (stackResources === undefined) {
      const owner = this.owners.get(object);
      const isStaying = owner !== undefined && !this.of(owner).isReplaced;
      if (isStaying) return "another resource of this program has it";
      await this.holdings.assertRead(`The ${kind} ${id}`);
      return undefined;
    }
    if (stackResources.length === 0) return undefined;
    const names = someOf(stackResources.map(({ name }) => JSON.stringify(name)));
    return `${stackResources.length} resources of this stack have it (${names}): it is deleted with the last of them`;
  }

  private of(resource: string): Known {
    const known = this.known.get(resource) ?? { isChecked: false, isReplaced: false };
    this.known.set(resource, known);
    return known;
  }
}

/** Returns the same text for any order of names, which differs between Pulumi's calls. */
function textOf(kind: string, inputs: Values): string {
  return JSON.stringify([kind, inputs], (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function nameOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/** Returns the id in a name by `nameOf`. */
function idIn(object: string): string {
  return object.slice(object.indexOf(" ") + 1);
}

function managedTwice(kind: string, imported: string): string {
  return (
    `another resource of this program already manages the ${kind} ${imported}: keep one of the two, and give it ` +
    "the option { aliases } if it was renamed"
  );
}
