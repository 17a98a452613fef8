import { isUnknown } from "../../packages/values";
import { CheckFailedError, type Problem } from "../errors";
import type { Context } from "./context";
import type { Entity } from "./entity";
import { isRemains } from "./losses";
import type { Holdings } from "./run/holdings";

type Values = Record<string, unknown>;

/** Returns the id in the option `import`, where it is known. */
export function importOf(inputs: Values): string | undefined {
  const imported = inputs["import"];
  return typeof imported === "string" && !isUnknown(imported) ? imported : undefined;
}

/** Objects that the new resources of a kind adopt, by the option `import` or by the adoption file. */
export class Adopting<Inputs, Outputs> {
  /** Ids from the adoption file, by new resource. */
  private readonly fromFile = new Map<string, string>();

  constructor(
    private readonly entity: Pick<Entity<Inputs, Outputs>, "kind" | "schema" | "preflight" | "read">,
    private readonly connect: () => Context,
    private readonly holdings: Pick<Holdings, "waiting">,
  ) {}

  /**
   * Returns the inputs of a new resource for its check, with the id of the object that it adopts, and without an id that
   * names what an interrupted replacement of this resource has deleted.
   *
   * @param adopts id from the adoption file
   */
  async ask(
    resource: string,
    news: Values,
    adopts: string | undefined,
  ): Promise<{ asked: Values; news: Values; isFromFile: boolean }> {
    const { import: _, ...others } = news;
    const id = importOf(news) ?? adopts;
    if (id !== undefined && (await this.wasDeleted(id)))
      return { asked: others, news: others, isFromFile: false };
    const isFromFile = adopts !== undefined && news["import"] === undefined;
    if (isFromFile) this.fromFile.set(resource, adopts);
    return { asked: this.inputsFor(resource, news), news, isFromFile };
  }

  /** True when the adoption file names the object of a resource. */
  isFromFile(resource: string): boolean {
    return this.fromFile.has(resource);
  }

  /** Returns the inputs with the id from the adoption file, as if the program had given it by the option `import`. */
  inputsFor(resource: string, inputs: Values): Values {
    const adopts = this.fromFile.get(resource);
    return adopts === undefined || !("import" in this.entity.schema.shape)
      ? inputs
      : { ...inputs, import: adopts };
  }

  /** True when a resource waits to be created again after its object with this id was deleted. */
  private async wasDeleted(id: string): Promise<boolean> {
    const waiting = await this.holdings.waiting(this.entity.kind);
    return waiting.some((other) => other.id === id) && !(await isThere(this.entity, id, this.connect));
  }
}

/** Returns the problem of an id in the adoption file. */
export function ofFile({ property, reason }: Problem): Problem {
  return property === "import"
    ? {
        property: "the id in the adoption file",
        reason: reason.replace("without the option import,", "without its line there,"),
      }
    : { property, reason };
}

/**
 * Checks the option `import`. It may stay in the program or be removed, which changes nothing; it never gives a
 * resource another object.
 *
 * @param label returns `Application "web"`
 * @throws CheckFailedError when it names another object that exists
 */
export async function refuseOtherImport<Inputs, Outputs>(
  entity: Pick<Entity<Inputs, Outputs>, "preflight" | "read">,
  label: () => string,
  id: string,
  olds: Values,
  news: Values,
  connect: () => Context,
): Promise<void> {
  const imported = importOf(news);
  if (imported === undefined || imported === id || imported === olds["import"]) return;
  // The program that adopted an object once still names it after a replacement has deleted it. And where an
  // interrupted replacement has deleted the object of the state, the option names the new one.
  if (!(await isThere(entity, imported, connect)) || !(await isThere(entity, id, connect))) return;
  const reason =
    `the ${label()} is ${id}, but the option names another one, ${imported}: a resource never changes ` +
    `the object that it has. To keep ${id}, remove the option or correct the id. To adopt ${imported}, add a ` +
    "resource with another name for it, and remove this one from the program in a separate run";
  throw new CheckFailedError([{ property: "import", reason }]);
}

async function isThere<Inputs, Outputs>(
  entity: Pick<Entity<Inputs, Outputs>, "preflight" | "read">,
  id: string,
  connect: () => Context,
): Promise<boolean> {
  // Without a server, an entity has no checks, and nobody can know which objects exist.
  if (entity.preflight === undefined) return false;
  const context = connect();
  const none = { inputs: {} as Inputs, outputs: {} as Outputs };
  const found = await entity.read(id, none, { ...context, reads: context.reads.snapshot() });
  return found !== undefined && !isRemains(found);
}
