import { UserError } from "../errors/problem";

/** The one name in a state that is Pulumi's own: the text through which it finds the handlers of a resource. */
export const providerKey = "__provider";

/**
 * The text for a kind of resource. It is part of every state, so it stays small and never changes: no code travels with
 * it, and refresh and destroy run the code that is installed.
 */
export function handlersOf(kind: string): string {
  return `exports.handler=()=>require("node:module").createRequire(process.cwd()+"/")("pulumi-dokploy/runtime").provider("${kind}")`;
}

/**
 * Pulumi runs this text as code whenever it refreshes or deletes, so another one in a state is somebody's code in a
 * process that holds the keys. Where these handlers see it, nothing more is done with such a resource. The text itself
 * is not repeated: it can be anything.
 *
 * @param values inputs or outputs of a state; without the text there is nothing to run
 * @throws UserError when the text is not that of this package
 */
export function refuseForeign(kind: string, values: Record<string, unknown>): void {
  const text = values[providerKey];
  if (text === undefined || text === handlersOf(kind)) return;
  const { name } = values;
  throw new UserError(
    `${kind}${typeof name === "string" ? ` ${JSON.stringify(name)}` : ""}: the state names other code than pulumi-dokploy's ` +
      `as its handlers (${providerKey}), and Pulumi would run that code with the keys of this run. Nothing was done with ` +
      "it. Somebody changed the state: bring back an earlier version of it, find out who can write it, and replace the " +
      'keys and secrets that runs since then had. See "The state" in SECURITY.md of pulumi-dokploy.',
  );
}
