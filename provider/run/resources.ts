import { isDeepStrictEqual } from "node:util";
import { someOf } from "../../packages/text/names";
import { UserError } from "../errors/problem";
import { identityKey } from "../pulumi/identity";
import { isRecord } from "../pulumi/unknown";
import { adviseAlias, type Holdings } from "./holdings";

type Values = Readonly<Record<string, unknown>>;

/** What the run knows of one resource of the program. */
interface Known {
  /** The id of what it has, once a plan has compared it. */
  id?: string;
  /** Checked, and not compared since. */
  isChecked: boolean;
  /** What it has is deleted to be made anew. */
  isReplaced: boolean;
}

/**
 * The resources of this run, by their identity: what Pulumi has asked of each, and which object of Dokploy each has or is to
 * have. What the run does not see, the stack's state tells.
 */
export class RunResources {
  private readonly known = new Map<string, Known>();
  /** Identities of those whose checked inputs do not say it, by these. */
  private readonly byInputs = new Map<string, string>();
  /** Whose an object is, as the run has compared it: identities by kind and id. */
  private readonly owners = new Map<string, string>();
  /** The same of what is to be adopted. */
  private readonly adopters = new Map<string, string>();
  /** Objects that this run adopted, or tried to. */
  private readonly adopted = new Set<string>();
  /** Those of them that some resource has, or is just getting. */
  private readonly owned = new Set<string>();

  constructor(private readonly holdings: Holdings) {}

  /**
   * Notes that the program asks for a resource: what is compared next is its plan.
   *
   * The inputs hand on to the other calls which resource it is. Where a state does not have that yet, or has that of a
   * former name, a plan would show it beside what really changes: there it stays as it is until nothing else does.
   *
   * @param olds inputs of the state; none for what is new
   * @returns the identity of the resource, and the inputs that `check` answers
   */
  check(kind: string, olds: Values, news: Values): { resource: string; inputs: Values } {
    const { [identityKey]: identity, ...inputs } = news;
    const { [identityKey]: former, ...before } = olds;
    // Inputs that the program does not change, by `ignoreChanges: ["*"]`, are those of the state.
    const resource = typeof identity === "string" ? identity : textOf(kind, inputs);
    this.of(resource).isChecked = true;
    const isNew = Object.keys(olds).length === 0;
    if (identity !== undefined && (isNew || former === identity || isDeepStrictEqual(before, inputs))) {
      return { resource, inputs: news };
    }
    const kept = former === undefined ? inputs : { ...inputs, [identityKey]: former };
    this.byInputs.set(textOf(kind, kept), resource);
    return { resource, inputs: kept };
  }

  /** Whether the run has compared a resource that has the object: the program goes on with it. */
  has(kind: string, id: string): boolean {
    return this.owners.has(`${kind} ${id}`);
  }

  /** The identity of the resource that `diff`, `create` or `update` is called for. */
  find(kind: string, news: Values, id = ""): string {
    const found = this.byInputs.size > 0 ? this.byInputs.get(textOf(kind, news)) : undefined;
    const identity = found ?? news[identityKey];
    return typeof identity === "string" ? identity : `${kind} ${id}`;
  }

  /**
   * Whether what is being compared is the plan of the resource. Pulumi also compares what a refresh found, and what
   * depends on something that is made anew: nothing is planned then.
   */
  takePlan(resource: string): boolean {
    const known = this.of(resource);
    const { isChecked } = known;
    known.isChecked = false;
    return isChecked;
  }

  /**
   * Notes which object a resource of the program has.
   *
   * @throws UserError when another resource of the program is to adopt it
   */
  compare(resource: string, kind: string, id: string): void {
    const object = nameOf(kind, id);
    if ((this.adopters.get(object) ?? resource) !== resource) throw new UserError(managedTwice(kind, id));
    this.owners.set(object, resource);
    this.of(resource).id = id;
  }

  /** Notes that what the resource has is deleted, and made anew. */
  replace(resource: string): void {
    this.of(resource).isReplaced = true;
  }

  /** Before a replacement Pulumi checks a resource once more, as if nothing was there: the id of what is. */
  replacedBy(resource: string): string | undefined {
    const { id } = this.of(resource);
    if (id !== undefined) this.replace(resource);
    return id;
  }

  /** The resource whose object is deleted to be made anew in this run; undefined where it is not. */
  successorOf(kind: string, id: string): string | undefined {
    const owner = this.owners.get(nameOf(kind, id));
    return owner !== undefined && this.of(owner).isReplaced ? owner : undefined;
  }

  /** Why a resource of the program may not adopt this; undefined when it may, as far as the program itself tells. */
  refuseTwin(resource: string, kind: string, imported: string): string | undefined {
    const object = nameOf(kind, imported);
    if ((this.owners.get(object) ?? resource) !== resource) return managedTwice(kind, imported);
    const adopter = this.adopters.get(object) ?? resource;
    this.adopters.set(object, adopter);
    return adopter === resource ? undefined : managedTwice(kind, imported);
  }

  /** Why nothing new may have this; undefined when no resource of the stack has it. */
  async refuseHeld(kind: string, imported: string): Promise<string | undefined> {
    const holder = await this.holdings.refuse(kind, imported);
    if (!holder) return undefined;
    return `this stack has the ${kind} ${imported} already, as ${JSON.stringify(holder.name)}. ${adviseAlias(holder)}`;
  }

  /**
   * Adopts something.
   *
   * @throws UserError when another resource has it
   */
  async adopt<T>(kind: string, imported: string, work: () => Promise<T>): Promise<T> {
    const object = nameOf(kind, imported);
    if (this.owned.has(object)) throw new UserError(managedTwice(kind, imported));
    this.owned.add(object);
    try {
      // Once it is tried, the state may have the resource itself.
      const held = this.adopted.has(object) ? undefined : await this.refuseHeld(kind, imported);
      if (held !== undefined) throw new UserError(`import: ${held}`);
      this.adopted.add(object);
      return await work();
    } catch (error) {
      // Pulumi may call once more for the same resource, as its hooks for errors can ask.
      this.owned.delete(object);
      throw error;
    }
  }

  /**
   * Notes that a resource is deleted.
   *
   * @returns why its object stays; undefined when it is deleted as well
   * @throws UserError when something new of this run is to have it, and was refused to
   */
  async release(kind: string, id: string): Promise<string | undefined> {
    if (this.holdings.isRefused(kind, id)) {
      throw new UserError(
        `The ${kind} ${id} is not deleted, since another resource of this program is to have it: see the error ` +
          "there. Its resource stays in the state.",
      );
    }
    const object = nameOf(kind, id);
    if (this.adopted.has(object)) return "another resource of this program adopts it";
    const holders = await this.holdings.release(kind, id);
    if (holders === undefined) {
      const owner = this.owners.get(object);
      const isStaying = owner !== undefined && !this.of(owner).isReplaced;
      return isStaying ? "another resource of this program has it" : undefined;
    }
    if (holders.length === 0) return undefined;
    const names = someOf(holders.map(({ name }) => JSON.stringify(name)));
    return `${holders.length} resources of this stack have it (${names}): it goes with the last of them`;
  }

  private of(resource: string): Known {
    const known = this.known.get(resource) ?? { isChecked: false, isReplaced: false };
    this.known.set(resource, known);
    return known;
  }
}

/** The same text whatever order names come in: that differs from one of Pulumi's calls to the next. */
function textOf(kind: string, inputs: Values): string {
  return JSON.stringify([kind, inputs], (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function nameOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

function managedTwice(kind: string, imported: string): string {
  return (
    `another resource of this program manages the ${kind} ${imported} already: ` +
    "keep one of the two, and give it the option { aliases } if it was renamed"
  );
}
