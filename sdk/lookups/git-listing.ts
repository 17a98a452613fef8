import { capital } from "../../packages/text/words";
import type * as Hosts from "./git-hosts";
import { type Lookup, openLookup } from "./lookup";
import { callerOf } from "./words";

/** Module that reads from git hosts, loaded with the first lookup. */
export const gitHosts = () => require("./git-hosts") as typeof Hosts;

/** Makes a lookup of repositories or branches. The code that reads them is loaded with the first lookup. */
export function listing<Args extends object, Result>(
  kind: keyof typeof Hosts.hosts,
  what: "repositories" | "branches",
  names: readonly string[],
): Lookup<Args, readonly Result[]> {
  const caller = callerOf(`${kind}${capital(what)}`);
  return openLookup(caller, [[`${kind}Id`, ...names]], async (args, reader) => {
    const rows = await gitHosts().listOf(kind, what, args as never, reader);
    return rows as unknown as Result[];
  });
}
