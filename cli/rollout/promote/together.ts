import { inWords, visible } from "../../../packages/text";
import { type ImageName, parseImage } from "../../../provider/schema";
import { olderBy } from "./older";
import type { Outcome, Promoted } from "./outcome";
import type { Place } from "./place";
import type { LoginOf } from "./registry";

/** A service whose image can be promoted. */
export interface Candidate extends Pick<Promoted, "name" | "note" | "since"> {
  readonly place: Place;
  /** Tag, or image, that the place gets by this service alone. */
  readonly after: string;
  /** The image with its registry; undefined when nobody knows it. */
  readonly image: ImageName | undefined;
  /** Returns the login for its registry. */
  readonly loginOf: LoginOf;
}

/** Services that have one image in a stage. */
export interface Group {
  /** Service whose file has the image. */
  readonly of: string;
  readonly services: readonly string[];
  /** Services of the group that the source stage does not have. */
  readonly missing: readonly string[];
}

/**
 * Decides for services that have one image in the stage: they get the same one, or none of them gets it.
 *
 * @param group one service, or all those that have one image
 */
export async function decided(
  group: readonly (Candidate | Exclude<Outcome, Promoted>)[],
): Promise<Outcome[]> {
  const candidates = group.filter((member): member is Candidate => "place" in member);
  const others = group.filter((member): member is Exclude<Outcome, Promoted> => !("place" in member));
  const refusal = (why: string, names = candidates): Outcome[] => [
    ...names.map(({ name }) => ({ name, status: "refused" as const, why })),
    ...others,
  ];
  if (candidates.length === 0) return others;
  if (others.length > 0) {
    const names = inWords(
      others.map(({ name }) => visible(name)),
      "and",
    );
    return refusal(`it has one image with ${names} there, which cannot be promoted`);
  }
  const digests = new Set(candidates.flatMap(({ after }) => after.split("@")[1] ?? []));
  if (new Set(candidates.map(({ after }) => after.split("@")[0])).size > 1 || digests.size > 1) {
    const runs = inWords(
      candidates.map(({ name, after }) => `${visible(name)} ${visible(after)}`),
      "and",
    );
    return refusal(
      `they have one image there, but run different ones here: ${runs}; deploy the same one first`,
    );
  }
  // A digest that is proven for one of them is that of the tag.
  const after = candidates.find((one) => one.after.includes("@"))?.after ?? candidates[0]?.after ?? "";
  return await Promise.all(candidates.map((candidate) => outcomeOf(candidate, after)));
}

async function outcomeOf(candidate: Candidate, after: string): Promise<Outcome> {
  const { name, place, note, since } = candidate;
  const { file, keys, before, advice } = place;
  if (before?.startsWith(`${after}@`)) {
    const why = `${file} has ${before}, and the digest of the running image is not known: ${note}`;
    return { name, status: "refused", why };
  }
  const status = before === after ? "same" : "changed";
  const older = status === "same" ? undefined : await evidenceOf(candidate, after);
  return { name, status, file, keys, before, after, note, advice, older, since };
}

async function evidenceOf({ place, image, loginOf }: Candidate, after: string): Promise<string | undefined> {
  const { before, prefix } = place;
  const [was, is] = [before, after].map((text) => text && imageOf(text, prefix, image));
  return was && is ? await olderBy(was, is, loginOf) : undefined;
}

/** Returns the image that a value names: a tag with the repository of the running image, or a whole image. */
function imageOf(value: string, prefix: string, image: ImageName | undefined): ImageName | undefined {
  return parseImage(prefix !== "" || image === undefined ? value : `${image.repository}:${value}`);
}

/** Returns the name of the service whose image another one has, or its own. */
export function ownerOf(name: string, owners: ReadonlyMap<string, string>): string {
  return owners.get(name) ?? name;
}

/**
 * Lists the services that have one image in a stage, of those that are to be promoted.
 *
 * @param owners services that take the image of another one, with the name of that one
 * @param chosen names of services to promote
 * @param known names of services that the source stage has
 */
export function groupsOf(
  owners: ReadonlyMap<string, string>,
  chosen: readonly string[],
  known: readonly string[],
): Group[] {
  return [...new Set(owners.values())].sort().flatMap((of): Group[] => {
    const all = [of, ...[...owners].flatMap(([name, owner]) => (owner === of ? [name] : []))].sort();
    if (!all.some((name) => chosen.includes(name))) return [];
    const isKnown = (name: string) => known.includes(name);
    return [{ of, services: all.filter(isKnown), missing: all.filter((name) => !isKnown(name)) }];
  });
}
