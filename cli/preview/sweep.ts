import type { PreviewRules } from "../../sdk/repository";
import { stayText } from "./kept";
import { reasonToRemove } from "./lifetime";
import { removePreview } from "./remove";
import type { PreviewStacks } from "./stacks";

/** A preview that a sweep removed, would remove, or failed to remove. */
export interface Swept {
  readonly number: string;
  readonly why: "closed" | "expired";
  /** Reason why it is still there. */
  readonly error?: string;
  /** Text about what stays on the server, although it is removed. */
  readonly stays?: string;
}

/** Result of a sweep. */
export interface Sweep {
  readonly removed: readonly Swept[];
  readonly failed: readonly Swept[];
  /** Numbers of the previews that stay. */
  readonly kept: readonly string[];
}

/**
 * Removes the previews whose pull request is closed, and those whose lifetime is over. A preview that cannot be removed
 * does not stop the removal of the others.
 *
 * @param open numbers of the open pull requests; undefined to remove only by lifetime
 */
export async function sweep(
  stacks: PreviewStacks,
  rules: PreviewRules,
  open: ReadonlySet<string> | undefined,
  options: { readonly dryRun: boolean; readonly progress: (line: string) => void },
): Promise<Sweep> {
  const now = new Date();
  const removed: Swept[] = [];
  const failed: Swept[] = [];
  const kept: string[] = [];
  for (const stack of await stacks.list()) {
    const { number } = stack;
    const why = reasonToRemove(stack, open, rules, now);
    if (why === undefined) {
      kept.push(number);
      continue;
    }
    try {
      const stays = options.dryRun
        ? undefined
        : stayText(await removePreview(stacks, number, false, options.progress));
      removed.push({ number, why, ...(stays !== undefined && { stays }) });
    } catch (error) {
      failed.push({ number, why, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return { removed, failed, kept };
}
