/** The only name in a state that is Pulumi's own: the text through which it finds the handlers of a resource. */
export const providerKey = "__provider";

/**
 * Returns the text for a kind of resource. It is part of every state, so it stays small and never changes. It
 * contains no code of the handlers: refresh and destroy run the installed version.
 */
export function handlersText(kind: string): string {
  return `exports.handler=()=>require("node:module").createRequire(process.cwd()+"/")("pulumi-dokploy/runtime").provider("${kind}")`;
}
