import { inWords, visible } from "../../../packages/text";
import { looksSecret } from "../../../provider/env";
import { isOfRun } from "../../../sdk/env-files";

/** Variables of a shell, without the keys and secrets of its user. */
export interface Shared {
  readonly env: NodeJS.ProcessEnv;
  /** Names of those that were left out because they look secret; without those that this program itself uses. */
  readonly withheld: readonly string[];
}

/**
 * Returns what a command may have of the environment in which this program runs. Its code may be that of anybody, and needs
 * neither the key of Dokploy nor that of the stack.
 *
 * @param isAskedFor true for the name of a variable that the user wants it to have
 */
export function sharedEnvironment(own: NodeJS.ProcessEnv, isAskedFor: (name: string) => boolean): Shared {
  const withheld: string[] = [];
  const kept = Object.entries(own).filter(([name, value = ""]) => {
    if (isAskedFor(name)) return true;
    if (isOfRun(name, own)) return false;
    if (!looksSecret(name, value)) return true;
    withheld.push(name);
    return false;
  });
  return { env: Object.fromEntries(kept), withheld };
}

/** Says which variables of the shell a command does not get. */
export function withheldText(names: readonly string[]): string {
  const [subject, object] =
    names.length === 1 ? ["looks like a secret of your own", "it"] : ["look like your own secrets", "them"];
  return (
    `${inWords(names.map(visible), "and")} of this shell ${subject}, so the command does not get ${object}; ` +
    `--pass ${names.map(visible).join(",")} gives ${object} to it`
  );
}
