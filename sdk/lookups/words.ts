import { capital } from "../../packages/text";

/** Names of kinds of objects in messages, pages and functions. */

/** Returns the noun of a kind: `Domain` → `domain`, `SshKey` → `ssh key`, unless its definition has another word. */
export function nounOf({
  kind,
  noun,
}: {
  readonly kind: string;
  readonly noun?: string | undefined;
}): string {
  if (noun !== undefined) return noun;
  return kind.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** Returns the name of a lookup: `getDomain`, for a kind with a small or a capital letter. */
export function callerOf(kind: string): string {
  return `get${capital(kind)}`;
}
