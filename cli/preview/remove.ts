import { join } from "node:path";
import { UserError } from "../../provider/errors";
import { isThere } from "../../sdk/files";
import { previewsFileName, readRules } from "../../sdk/repository";
import type { Ended } from "../stack";
import { keptBy, removeKept, type Staying } from "./kept";
import { assertRemovable, leftovers, projectsOfOthers, removeLeftover } from "./leftovers";
import { failureOf } from "./report";
import { withServer } from "./server";
import { lockTime, type PreviewStacks } from "./stacks";

/**
 * Removes a preview: everything that it created, anything that a killed run left, its images, its volumes unless the rules
 * keep them, and its stack.
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
): Promise<Staying> {
  const deleteVolumes = deletesVolumes(stacks.directory);
  progress(`Removing the preview of pull request ${number} …`);
  await stacks.configure(number, {}, false);
  const stack = stacks.stack(number);
  const state = await stack.state();
  return await withServer(stack, async (api) => {
    const left = await leftovers(state, api);
    // Once its resources are destroyed, the state no longer proves that a project is the preview's.
    for (const leftover of left) await assertRemovable(leftover, api);
    const services = [...state.resources, ...left];
    const { kept, doubtful } = await keptBy(services, stacks.volumes(number), api);
    // The stack stays until nothing else is left: without it, this could not be tried again.
    const first = await stacks.destroy(number, unlock);
    // Another run is at work, and may still be creating them.
    const isLocked = first.code !== 0 && lockTime(first.stderr) !== undefined;
    if (isLocked || (first.code !== 0 && state.creating.length === 0)) throw stays(first);
    for (const leftover of await leftovers(state, api)) {
      progress(`Deleting ${leftover.name}, which a killed run created …`);
      await removeLeftover(leftover, deleteVolumes, api);
    }
    const wanted = kept.filter(({ what }) => what === "volume" && !deleteVolumes);
    const refused = await removeKept(
      kept.filter((one) => !wanted.includes(one)),
      api,
    );
    const projects = (await projectsOfOthers(state, api)).map(({ id }) => id);
    await finish();
    return { wanted, refused, doubtful, projects };
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

/** Returns what the rules say of volumes. Without rules, a preview can still be removed. */
function deletesVolumes(directory: string): boolean {
  return !isThere(join(directory, previewsFileName)) || readRules(directory, {}).deleteVolumes !== false;
}
