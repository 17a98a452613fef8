import { inWords, shorten, shownMinute, visible, visibleJson } from "../../../packages/text";
import { stackName } from "../../stack";
import { aligned } from "../../terminal";
import type { Outcome, Promoted } from "./outcome";
import type { Split } from "./splits";
import type { Group } from "./together";

/** Everything that the command found and did. */
export interface Result {
  readonly from: string;
  readonly to: string;
  /** Files that were written. */
  readonly written: readonly string[];
  readonly refused: boolean;
  readonly outcomes: readonly Outcome[];
  /** Images that services share in the source stage, and not afterwards. */
  readonly splits: readonly Split[];
  /** Services that have one image in the other stage. */
  readonly groups?: readonly Group[];
}

export function renderJson({ from, to, written, refused, outcomes, splits, groups = [] }: Result): string {
  const services = outcomes.map((outcome) => {
    if ("why" in outcome) return outcome;
    const { name, status, file, before, after, note, advice, older, since } = outcome;
    const runs = since === undefined ? {} : { since: new Date(since).toISOString() };
    return { name, status, file, before, after, note, advice, older, ...runs };
  });
  const more = {
    ...(splits.length > 0 ? { splits } : {}),
    ...(groups.length > 0 ? { together: groups } : {}),
  };
  return visibleJson({ version: 1, from, to, refused, written, services, ...more }, 2);
}

export function renderText({ from, to, written, refused, outcomes, splits, groups = [] }: Result): string {
  const isChange = outcomes.some(({ status }) => status === "changed");
  return [
    `Images of ${stackName(to)}, from what runs in ${stackName(from)}`,
    ...aligned(outcomes.map((outcome) => [visible(outcome.name), wordsOf(outcome)])),
    "",
    ...groups.flatMap((group) => groupWords(group, from, to)),
    ...splits.map((split) => `${splitWords(split, from, to)}\n`),
    refused ? ofRefusal(outcomes) : ofSuccess(isChange, written),
  ].join("\n");
}

function groupWords({ of, services, missing }: Group, from: string, to: string): string[] {
  const [names, others] = [services, missing].map((some) => inWords(some.map(visible), "and"));
  const stage = stackName(to);
  return [
    ...(services.length > 1
      ? [`${names} have one image in ${stage}, that of ${visible(of)}, so they move together.\n`]
      : []),
    ...(missing.length > 0
      ? [`${stage} gives this image to ${others} too, which ${stackName(from)} does not have.\n`]
      : []),
  ];
}

function splitWords({ image, moves, stays }: Split, from: string, to: string): string {
  const [moving, staying, all] = [moves, stays, [...moves, ...stays].sort()].map((names) =>
    inWords(names.map(visible), "and"),
  );
  return `${all} share the image ${visible(image)} in ${stackName(from)}. In ${stackName(to)}, ${moving} would get it, and ${staying} would not.`;
}

function ofRefusal(outcomes: readonly Outcome[]): string {
  const others = outcomes.filter(({ status }) => status === "changed");
  if (others.length === 0) return "Nothing was written.";
  return `Nothing was written. To promote the others alone, name them: ${others.map(({ name }) => visible(name)).join(" ")}`;
}

function ofSuccess(isChange: boolean, written: readonly string[]): string {
  if (!isChange) return "Nothing to do.";
  if (written.length === 0) return "Nothing was written.";
  return `Wrote ${written.map(visible).join(", ")}. Nothing is deployed before \`pulumi up\`.`;
}

function wordsOf(outcome: Outcome): string {
  if ("why" in outcome) {
    return `${outcome.status === "refused" ? "refused" : "left out"}: ${visible(outcome.why)}`;
  }
  const { status, before, after, note, file, advice, older, since } = outcome;
  const whose = after.includes("@") ? "with the digest of the others" : "without a digest";
  const isOlder = older === undefined ? "" : `, an older version: ${visible(older)}`;
  const why = `${isOlder}${note === undefined ? "" : `, ${whose}: ${visible(note)}`}${since === undefined ? "" : `, runs since ${shownMinute(since)}`}`;
  if (status === "same") return `${shown(outcome, after)}, as now${why}`;
  const was = before === undefined ? "no tag" : shown(outcome, before, after);
  return `${was} → ${shown(outcome, after)} in ${visible(file)}${why}${advice === undefined ? "" : `; ${visible(advice)}`}`;
}

/**
 * Shows a tag, or the whole image where the file has one.
 *
 * @param other value that it is shown with: if its tag is another, the digest of this one is not needed
 */
function shown({ keys }: Promoted, value: string, other?: string): string {
  const [name = "", digest] = value.split("@");
  const isShort = digest === undefined || (other !== undefined && other.split("@")[0] !== name);
  const tag = keys.at(-1) === "image" ? name.slice(name.lastIndexOf("/") + 1) : name;
  return visible(isShort ? tag : `${tag} (${shorten(digest, 20)})`);
}
