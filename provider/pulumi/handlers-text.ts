import { UserError } from "../errors";

/** The only name in a state that is Pulumi's own: the text through which it finds the handlers of a resource. */
export const providerKey = "__provider";

/**
 * Returns the text for a kind of resource. It is part of every state, so it stays small and never changes. It
 * contains no code of the handlers: refresh and destroy run the installed version.
 */
export function handlersText(kind: string): string {
  return `exports.handler=()=>require("node:module").createRequire(process.cwd()+"/")("pulumi-dokploy/runtime").provider("${kind}")`;
}

/**
 * Refuses a resource with a foreign text. Pulumi runs this text as code whenever it refreshes or deletes, so another
 * one in a state is somebody's code in a process that has the keys. Where these handlers notice it, they do nothing
 * more with such a resource. The text itself is not repeated: it can be anything.
 *
 * @param values inputs or outputs of a state; without the text there is nothing to run
 * @throws UserError when the text is not that of this package
 */
export function refuseForeign(kind: string, values: Record<string, unknown>): void {
  const text = values[providerKey];
  if (text === undefined || text === handlersText(kind)) return;
  const { name } = values;
  throw new UserError(
    `${kind}${typeof name === "string" ? ` ${JSON.stringify(name)}` : ""}: the state names code other than ` +
      `pulumi-dokploy's as its handlers (${providerKey}), and Pulumi would run that code with the keys of this ` +
      "run. Nothing was done with it. Somebody changed the state: restore an earlier version of it, find out who " +
      'can write it, and replace the keys and secrets that runs have used since then. See "The state" in ' +
      "SECURITY.md of pulumi-dokploy.",
  );
}
