import { shorten, shownMinute, visible, visibleJson } from "../../../packages/text";
import { printable } from "../diff/render";
import type { Change, CommitEvent } from "./model";

const longest = 60;

/** Renders commits, newest first, each with its changes below it. */
export function renderText(events: readonly CommitEvent[], more: number): string {
  const lines = events.flatMap(({ at, who, commit, subject, changes, unread }) => [
    `${shownMinute(at)}  ${visible(who)}  ${commit.slice(0, 9)} ${shorten(visible(subject), longest)}`,
    ...changes.map((change) => `  ${visible(change.file)}: ${visible(change.key)} ${wordsFor(change)}`),
    ...unread.map(({ file, why }) => `  ${visible(file)}: cannot be read: ${why}`),
  ]);
  if (more > 0) lines.push(`${more} older; --limit shows more`);
  return lines.join("\n");
}

function wordsFor({ change, before, after }: Change): string {
  const shown = [before, after].flatMap((text) =>
    text === undefined ? [] : [shorten(printable(text), longest)],
  );
  if (change === "changed" && (before === undefined || after === undefined)) return change;
  return shown.length === 0 ? change : `${change}: ${shown.join(" → ")}`;
}

/** Renders commits as JSON of version 1, whose shape docs/operations/json.md gives. */
export function renderJson(events: readonly CommitEvent[], more: number): string {
  const shown = events.map(({ at, ...event }) => ({ at: new Date(at).toISOString(), ...event }));
  return visibleJson({ version: 1, events: shown, more }, 2);
}
