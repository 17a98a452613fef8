import type { EndpointPolicy } from "./endpoint-policy";
import type { Endpoint } from "./endpoints";
import type { Failure } from "./failure";
import { OBJECTS } from "./generated/facts";

/** Noun in `Application not found`, `Error updating the environment: Environment not found`. */
const MISSING = /^(?:Error [a-z ]{1,40}: )?([A-Za-z][A-Za-z ]{0,40}?) not found\b/;

/** Things that decide about access: without them a key sees nothing, though everything exists. */
const ACCESS = [
  "organization",
  "member",
  "user",
  "admin",
  "owner",
  "role",
  "permission",
  "session",
  "account",
];

/**
 * Decides if a "not found" of Dokploy means that the object of the call is gone, so that the state may drop it.
 *
 * A read or removal of one object says so by its status and the procedure that responded. Its noun does not matter,
 * since Dokploy has several for some objects. The exception is the noun of another object, such as the organization,
 * since the object itself may exist then. Any other call may also need a second object, so it has to name its own.
 */
export function isGone(
  { endpoint, policy }: { readonly endpoint: Endpoint; readonly policy: EndpointPolicy },
  { path, rawMessage }: Pick<Failure, "path" | "rawMessage">,
): boolean {
  const missing = plain(MISSING.exec(rawMessage)?.[1] ?? "");
  if (policy.about === undefined || missing === "" || (path ?? endpoint) !== endpoint) return false;
  if (missing === plain(policy.about.noun)) return true;
  const isOfOne = policy.removes || endpoint.endsWith(".one");
  // `gitlab.one` says `Git Provider`, which is another object for a service.
  const isProvider = missing.endsWith("provider") && plain(policy.about.noun).endsWith("provider");
  return isOfOne && (isProvider || !nouns().some((noun) => missing.endsWith(noun)));
}

/** Objects without calls of their own here, and the name that several kinds of git provider have in common. */
const OTHERS = ["deployment", "container", "rollback", "provider"];

let known: readonly string[] | undefined;

function nouns(): readonly string[] {
  known ??= [...Object.values(OBJECTS).map(({ id }) => plain(id.replace(/Id$/, ""))), ...ACCESS, ...OTHERS];
  return known;
}

function plain(noun: string): string {
  return noun.replaceAll(" ", "").toLowerCase();
}
