import { UserError } from "../../provider/errors";
import type { Ended } from "../stack";
import { type Kept, keptBy, removeKept } from "./kept";
import { leftovers, removeLeftover } from "./leftovers";
import { failureOf } from "./report";
import { withServer } from "./server";
import { lockTime, type PreviewStacks } from "./stacks";

/**
 * Removes a preview: everything that it created, anything that a killed run left, its volumes and images, and its
 * stack.
 *
 * @param unlock true when no other run works on the preview, so that a lock is that of a killed run
 * @returns volumes and images that stay on the server
 * @throws UserError when something else stays, so that it can be tried again
 */
export async function removePreview(
  stacks: PreviewStacks,
  number: string,
  unlock: boolean,
  progress: (line: string) => void,
): Promise<readonly Kept[]> {
  progress(`Removing the preview of pull request ${number} …`);
  await stacks.configure(number, {}, false);
  const stack = stacks.stack(number);
  const state = await stack.state();
  return await withServer(stack, async (api) => {
    const services = [...state.resources, ...(await leftovers(state, api))];
    const kept = await keptBy(services, stacks.volumePrefix(number), api);
    // The stack stays until nothing else is left: without it, this could not be tried again.
    const first = await stacks.destroy(number, unlock);
    // Another run is at work, and may still be creating them.
    const isLocked = first.code !== 0 && lockTime(first.stderr) !== undefined;
    if (isLocked || (first.code !== 0 && state.creating.length === 0)) throw stays(first);
    for (const leftover of await leftovers(state, api)) {
      progress(`Deleting ${leftover.name}, which a killed run created …`);
      await removeLeftover(leftover, api);
    }
    const staying = await removeKept(kept, api);
    await finish();
    return staying;
  });

  /** Destroys the rest of the state, such as a project that still had a leftover at first, and removes the stack. */
  async function finish(): Promise<void> {
    const ended = await stacks.destroyAndRemove(number, unlock);
    if (ended.code !== 0) throw stays(ended);
  }

  function stays(ended: Ended): UserError {
    return new UserError(`The preview of pull request ${number} is not removed. ${failureOf(ended)}`);
  }
}
