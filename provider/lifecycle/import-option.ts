import { CheckFailedError, type Problem } from "../errors";
import { isUnknown } from "../pulumi";
import type { Context } from "./context";
import type { Entity } from "./entity";

type Values = Record<string, unknown>;

/** Returns the id in the option `import`, where it is known. */
export function importOf(inputs: Values): string | undefined {
  const imported = inputs["import"];
  return typeof imported === "string" && !isUnknown(imported) ? imported : undefined;
}

/** Returns the problem of an id in the adoption file. */
export function ofFile({ property, reason }: Problem): Problem {
  return { property: property === "import" ? "the id in the adoption file" : property, reason };
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
  return (await entity.read(id, none, { ...context, reads: context.reads.snapshot() })) !== undefined;
}
