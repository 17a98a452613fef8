import type { z } from "zod";
import { UserError } from "../errors";
import { isId, kinds } from "../schema";
import type { Context } from "./context";
import type { Entity } from "./entity";
import { explainId } from "./wrong-id";

/** Reasons why no object of a kind is imported, each with what to do instead. */
const notImported: Readonly<Record<string, string>> = {
  ApiKey:
    "Dokploy shows the text of a key only once, when it makes the key. Leave out the id, so that the next update " +
    "makes a new key, and then delete the old one in Dokploy (Settings, Profile, API/CLI Keys)",
  Deployment:
    "a deployment is an action, not an object that stays. Leave out the id, and the next update deploys the service",
  GeneratedSecret:
    "its value is in the state of a stack, and not in Dokploy. Leave out the id, and give the variable that has the value " +
    "in the input adopts",
};

/**
 * Checks that an object of a kind may be imported by an id of this form.
 *
 * @throws UserError that says what to do
 */
export async function assertImportable(
  { kind, relation, schema, list }: Pick<Entity<never, never>, "kind" | "relation" | "schema" | "list">,
  id: string,
  context: Context,
): Promise<void> {
  // The text is not shown, since it may be something else, such as an API key.
  const refuse = (reason: string) => {
    throw new UserError(`The ${kind} is not imported: ${reason}.`);
  };
  if (list === undefined)
    refuse(notImported[kind] ?? "no existing object can become a resource of this kind");
  if (relation === "part") {
    if (targetOfId(id) !== undefined) return;
    refuse(
      `its id is the kind and the id of its target, such as application/PQqzqTGCVtx0St2SA3vCi; the kinds are ${kinds.join(", ")}`,
    );
  }
  const type = schema.shape["import"] as z.ZodType | undefined;
  if (type === undefined) return;
  const [issue] = type.safeParse(id).error?.issues ?? [];
  if (issue === undefined) return;
  const instead = await explainId(kind, ["import"], id, context);
  refuse(`its id ${issue.message}${instead === undefined ? "" : `: ${instead}`}`);
}

/** Returns the target in the id of a part, `application/<id>`, as its input names it; undefined for another text. */
export function targetOfId(id: string): Record<string, string> | undefined {
  const [kind = "", target = "", ...rest] = id.split("/");
  const isTarget = kinds.some((known) => known === kind) && isId(target) && rest.length === 0;
  return isTarget ? { [`${kind}Id`]: target } : undefined;
}
