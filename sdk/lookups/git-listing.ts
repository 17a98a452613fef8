import type * as Hosts from "./git-hosts";
import type { Lookup } from "./lookup";

/** What finds all this: loaded with the first lookup. */
export const gitHosts = () => require("./git-hosts") as typeof Hosts;

/** What lists repositories or branches; how, is loaded with the first lookup. */
export function listing<Args extends object, Result>(
  kind: keyof typeof Hosts.hosts,
  what: "repositories" | "branches",
  names: readonly string[],
): Lookup<Args, readonly Result[]> {
  const Kind = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return {
    caller: `get${Kind}${what === "repositories" ? "Repositories" : "Branches"}`,
    sets: [[`${kind}Id`, ...names]],
    secrets: [],
    async find(args, reader) {
      const rows = await gitHosts().listOf(kind, what, args as never, reader);
      return { result: rows as unknown as Result[], secrets: {} };
    },
  };
}
