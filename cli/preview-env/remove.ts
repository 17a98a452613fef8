import { UserError } from "../../provider/errors/problem";
import type { Ended } from "../stack/process";
import { leftovers, removeLeftover } from "./leftovers";
import { failureIn } from "./report";
import { previewStackIn, withServer } from "./server";
import { lockTime, type PreviewStacks } from "./stacks";

/**
 * Removes a preview: everything that it created, also what a killed run left, and its stack.
 *
 * @param unlock true when no other run works on the preview, so that a lock is that of a killed run
 * @throws UserError when something stays, so that it can be tried again
 */
export async function removePreview(
  stacks: PreviewStacks,
  directory: string,
  number: string,
  unlock: boolean,
  progress: (line: string) => void,
): Promise<void> {
  progress(`Removing the preview of pull request ${number} …`);
  await stacks.configure(number, {}, false);
  const stack = previewStackIn(directory, number);
  const state = await stack.state();
  if (state.creating.length === 0) return await finish();
  await withServer(stack, async (api) => {
    // The stack stays until nothing else is left: without it, this could not be tried again.
    const first = await stacks.destroy(number, unlock);
    // Another run is at work, and may still be creating them.
    if (first.code !== 0 && lockTime(first.stderr) !== undefined) throw stays(first);
    for (const leftover of await leftovers(state, api)) {
      progress(`Deleting ${leftover.name}, which a killed run created …`);
      await removeLeftover(leftover, api);
    }
  });
  await finish();

  /** Destroys the rest of the state, such as a project that still had a leftover at first, and removes the stack. */
  async function finish(): Promise<void> {
    const ended = await stacks.destroyAndRemove(number, unlock);
    if (ended.code !== 0) throw stays(ended);
  }

  function stays({ stdout, stderr }: Ended): UserError {
    return new UserError(
      `The preview of pull request ${number} is not removed. ${failureIn(stdout, stderr)}`,
    );
  }
}
