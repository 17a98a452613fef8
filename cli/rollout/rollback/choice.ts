import { visible } from "../../../packages/text";
import { isEmpty, type Step } from "./plan";
import { Refused } from "./refused";

/** Shortest beginning of an id that names a deployment. */
const shortestId = 6;

/**
 * Returns the step that somebody asked for.
 *
 * @param to a number of the list, an id or its beginning, or a time, which means what ran then
 * @throws Refused when there is none
 */
export function stepNamed(steps: readonly Step[], to: string): Step {
  const found = byNumber(steps, to) ?? byId(steps, to) ?? byTime(steps, to);
  if (found !== undefined) return found;
  throw new Refused(
    `The list has no deployment ${visible(to)}: give a number or an id of the list, which rollback ` +
      "shows without --to, or a time after its oldest deployment.",
  );
}

/**
 * Returns the newest deployment that worked with another image or other variables than the files have.
 *
 * @throws Refused when none is known
 */
export function previousStep(steps: readonly Step[]): Step {
  const found = steps.find(
    ({ deployment, plan }) => deployment.doubt === undefined && plan !== undefined && !isEmpty(plan),
  );
  if (found !== undefined) return found;
  throw new Refused(
    "No earlier deployment is known that worked with another image or other variables: the list, which " +
      "rollback shows without --previous, says why for each one.",
  );
}

function byNumber(steps: readonly Step[], to: string): Step | undefined {
  return /^\d{1,2}$/.test(to) ? steps[Number(to) - 1] : undefined;
}

function byId(steps: readonly Step[], to: string): Step | undefined {
  if (to.length < shortestId) return undefined;
  const [found, ...others] = steps.filter(({ deployment }) => deployment.id.startsWith(to));
  return others.length === 0 ? found : undefined;
}

function byTime(steps: readonly Step[], to: string): Step | undefined {
  const [, day, minute, seconds, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?(Z| UTC|[+-]\d\d:\d\d)?)?$/.exec(to) ?? [];
  if (day === undefined) return undefined;
  // A day or a minute means its end: the list shows no seconds.
  const clock = `${minute ?? "23:59"}${seconds ?? ":59.999"}`;
  const time = Date.parse(`${day}T${clock}${zone === undefined || zone === " UTC" ? "Z" : zone}`);
  return steps.find(({ deployment }) => deployment.at <= time);
}
