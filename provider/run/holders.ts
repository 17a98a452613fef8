import { isDeepStrictEqual } from "node:util";
import { UserError } from "../problem";
import { adviseAlias, type Holdings } from "./holdings";

type Values = Record<string, unknown>;

/** Which resource has which object of one kind: as this run sees them, and as the stack's state has them. */
export class Holders {
  /** The inputs that `diff` saw last, by id. */
  private readonly compared = new Map<string, Values>();
  /** Ids of what is deleted to be made anew. */
  private readonly replaced = new Set<string>();
  /** The inputs of those resources that adopt something, by the id of that. */
  private readonly adopting = new Map<string, Values>();
  /** Ids of what this run adopted, or tried to. */
  private readonly adopted = new Set<string>();
  /** Those of them that some resource has, or is just getting. */
  private readonly owned = new Set<string>();

  constructor(
    private readonly kind: string,
    private readonly holdings: Holdings,
  ) {}

  /**
   * Notes what the program asks of a resource that exists.
   *
   * @throws UserError when another resource of the program is to adopt it
   */
  compare(id: string, news: Values): void {
    if (this.adopting.has(id)) throw new UserError(this.managedTwice(id));
    this.compared.set(id, news);
  }

  /** Notes that what exists is deleted, and made anew. */
  replace(id: string): void {
    this.replaced.add(id);
  }

  /** Before a replacement Pulumi checks the same inputs once more, as if nothing was there: the id of what is. */
  replacedBy(news: Values): string | undefined {
    const [id] = [...this.compared].find(([, inputs]) => isDeepStrictEqual(inputs, news)) ?? [];
    if (id !== undefined) this.replaced.add(id);
    return id;
  }

  /** Why a resource of the program may not adopt this; undefined when it may, as far as the program itself tells. */
  refuseTwin(imported: string, inputs: Values): string | undefined {
    if (this.compared.has(imported)) return this.managedTwice(imported);
    // Pulumi checks a resource once for its plan and once more for the update.
    const others = this.adopting.get(imported);
    this.adopting.set(imported, inputs);
    return others !== undefined && !isDeepStrictEqual(others, inputs)
      ? this.managedTwice(imported)
      : undefined;
  }

  /** Why nothing new may have this; undefined when no resource of the stack has it. */
  async refuseHeld(imported: string): Promise<string | undefined> {
    const holder = await this.holdings.refuse(this.kind, imported);
    if (!holder) return undefined;
    return `this stack has the ${this.kind} ${imported} already, as ${JSON.stringify(holder.name)}. ${adviseAlias(holder)}`;
  }

  /**
   * Adopts something.
   *
   * @throws UserError when another resource has it
   */
  async adopt<T>(imported: string, work: () => Promise<T>): Promise<T> {
    if (this.owned.has(imported)) throw new UserError(this.managedTwice(imported));
    this.owned.add(imported);
    try {
      // Once it is tried, the state may have the resource itself.
      const held = this.adopted.has(imported) ? undefined : await this.refuseHeld(imported);
      if (held !== undefined) throw new UserError(`import: ${held}`);
      this.adopted.add(imported);
      return await work();
    } catch (error) {
      // Pulumi may call once more for the same resource, as its hooks for errors can ask.
      this.owned.delete(imported);
      throw error;
    }
  }

  /**
   * Notes that a resource is deleted.
   *
   * @returns why its object stays; undefined when it is deleted as well
   * @throws UserError when something new of this run is to have it, and was refused to
   */
  async release(id: string): Promise<string | undefined> {
    if (this.holdings.isRefused(this.kind, id)) {
      throw new UserError(
        `The ${this.kind} ${id} is not deleted, since another resource of this program is to have it: see the error ` +
          "there. Its resource stays in the state.",
      );
    }
    if (this.adopted.has(id)) return "another resource of this program adopts it";
    const holders = await this.holdings.release(this.kind, id);
    if (holders === undefined) {
      const isStaying = this.compared.has(id) && !this.replaced.has(id);
      return isStaying ? "another resource of this program has it" : undefined;
    }
    if (holders.length === 0) return undefined;
    const names = holders.map(({ name }) => JSON.stringify(name)).join(", ");
    return `${holders.length} resources of this stack have it (${names}): it goes with the last of them`;
  }

  private managedTwice(imported: string): string {
    return (
      `another resource of this program manages the ${this.kind} ${imported} already: ` +
      "keep one of the two, and give it the option { aliases } if it was renamed"
    );
  }
}
