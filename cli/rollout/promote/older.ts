import { shownMinute } from "../../../packages/text";
import type { ImageName } from "../../../provider/schema";
import { builtAt, type LoginOf } from "./registry";

/**
 * Returns the evidence that an image is older than another one of its repository, as a clause; undefined without any. Tags
 * that are versions say it, or else the times at which the registry says that both were built.
 */
export async function olderBy(
  before: ImageName,
  after: ImageName,
  loginOf: LoginOf,
): Promise<string | undefined> {
  const order = compareVersions(after.tag, before.tag);
  if (order !== undefined && order !== 0)
    return order < 0 ? `${after.tag} comes before ${before.tag}` : undefined;
  const [then, since] = await Promise.all([before, after].map((image) => builtAt(image, loginOf)));
  if (then === undefined || since === undefined || since >= then) return undefined;
  return `it was built on ${shownMinute(since)}, and the other one on ${shownMinute(then)}`;
}

/** Compares tags that are versions, such as `1.4.2` or `v1.10`; undefined for other tags, and where their ends differ. */
function compareVersions(a: string | undefined, b: string | undefined): number | undefined {
  const [one, other] = [a, b].map((tag) => /^v?(\d{1,9}(?:\.\d{1,9}){1,3})(-[\w.-]+)?$/.exec(tag ?? ""));
  if (!one || !other || one[2] !== other[2]) return undefined;
  const [numbers, others] = [one, other].map(([, version = ""]) => version.split(".").map(Number));
  for (let at = 0; at < 4; at++) {
    const difference = (numbers?.[at] ?? 0) - (others?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
