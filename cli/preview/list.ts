import { shownMinute } from "../../packages/text";
import type { PreviewRules } from "../../sdk/repository";
import { endOf } from "./lifetime";
import type { PreviewStacks } from "./stacks";

/** A preview in a list. */
export interface ListedPreview {
  readonly number: string;
  /** Time of the last deployment, if that succeeded. */
  readonly deployed?: Date;
  /** Time of the last deployment, if that failed. */
  readonly failed?: Date;
  /** Time at which it is removed; undefined for one that no run has changed. */
  readonly until?: Date;
}

/** Lists the previews, with the result of the last deployment of each. */
export async function listPreviews(
  stacks: PreviewStacks,
  rules: Pick<PreviewRules, "lifetime">,
): Promise<ListedPreview[]> {
  const previews = await stacks.list();
  return await Promise.all(
    previews.map(async ({ number, updated }) => {
      const last = await stacks.lastDeployment(number);
      return {
        number,
        ...(last && { [last.succeeded ? "deployed" : "failed"]: last.ended }),
        ...(updated && { until: endOf(updated, rules) }),
      };
    }),
  );
}

/** Returns the list as text. */
export function listText(previews: readonly ListedPreview[], now: Date): string {
  if (previews.length === 0) return "There are no previews.";
  return previews
    .map(({ number, deployed, failed, until }) => {
      const state =
        deployed === undefined
          ? failed === undefined
            ? "never deployed"
            : `failed ${shownMinute(failed)}`
          : `deployed ${shownMinute(deployed)}`;
      const end =
        until === undefined ? "" : until <= now ? ", expired" : `, removed after ${shownMinute(until)}`;
      return `#${number}  ${state}${end}`;
    })
    .join("\n");
}
