import { inWords, shorten, visible } from "../../../packages/text";
import { stackName } from "../../stack";
import { aligned } from "../../terminal";
import type { Outcome, Promoted } from "./outcome";
import type { Split } from "./splits";

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
}

export function renderJson({ from, to, written, refused, outcomes, splits }: Result): string {
  const services = outcomes.map((outcome) => {
    if ("why" in outcome) return outcome;
    const { name, status, file, before, after, note, advice } = outcome;
    return { name, status, file, before, after, note, advice };
  });
  const more = splits.length > 0 ? { splits } : {};
  return JSON.stringify({ version: 1, from, to, refused, written, services, ...more }, undefined, 2);
}

export function renderText({ from, to, written, refused, outcomes, splits }: Result): string {
  const isChange = outcomes.some(({ status }) => status === "changed");
  return [
    `Images of ${stackName(to)}, from what runs in ${stackName(from)}`,
    ...aligned(outcomes.map((outcome) => [visible(outcome.name), wordsOf(outcome)])),
    "",
    ...splits.map((split) => `${splitWords(split, from, to)}\n`),
    refused ? ofRefusal(outcomes) : ofSuccess(isChange, written),
  ].join("\n");
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
  const { status, before, after, note, file, advice } = outcome;
  const why = note === undefined ? "" : `, without a digest: ${visible(note)}`;
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
