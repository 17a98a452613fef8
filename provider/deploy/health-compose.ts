import { visible } from "../../packages/text";
import type { ContainerRow } from "../dokploy";
import {
  type Assessment,
  CHECKED_SECONDS,
  crashed,
  type Expected,
  exited,
  type Failure,
  STABLE_SECONDS,
  unhealthy,
} from "./health-model";
import { type Container, readContainer } from "./health-rows";

/** A container that ended this long before the snapshot was not restarted by the deployment. */
const SLACK_SECONDS = 5;
/** Judges the containers of a compose service; `before` has the seconds that each had run at the last look. */
export function assessContainers(
  expected: Expected,
  before: ReadonlyMap<string, number>,
  rows: readonly ContainerRow[],
  at: number,
): Assessment {
  const containers = rows.map(readContainer).filter((container) => !isLeftOver(expected, container, at));
  const ages = agesOf(containers);
  for (const container of containers) {
    const failure = whyBad(container) ?? restarted(container, before);
    if (failure !== undefined) return { failure };
  }
  const running = containers.filter(({ state }) => state === "running");
  const done = containers.filter(({ state }) => state === "exited");
  const late = containers.find(
    ({ state, health }) => (state !== "running" && state !== "exited") || health === "starting",
  );
  if (late !== undefined) return { missing: notYet(late), ages };
  const [oneShot] = done;
  if (running.length === 0) {
    if (oneShot !== undefined) return { failure: exited(subjectOf(oneShot), oneShot.id) };
    return { missing: { reason: "unfinished", detail: "Docker shows no container of it" }, ages };
  }
  const isKept = ({ id, ageSeconds = 0 }: Container) =>
    expected.before.ids.has(id) && ageSeconds >= STABLE_SECONDS;
  const secondsOf = (container: Container) => {
    if (isKept(container)) return 0;
    return container.health === "healthy" ? CHECKED_SECONDS : STABLE_SECONDS;
  };
  return { settled: new Map(running.map((container) => [container.id, secondsOf(container)])), ages };
}

/** Left over from `docker compose run`, or from a service no longer in the file: not touched by this deployment. */
function isLeftOver({ before }: Expected, { id, state, ageSeconds = 0 }: Container, at: number): boolean {
  const sinceBefore = (at - before.at) / 1000 + SLACK_SECONDS;
  return before.ids.has(id) && (state === "created" || (state === "exited" && ageSeconds > sinceBefore));
}

function agesOf(containers: readonly Container[]): ReadonlyMap<string, number> {
  return new Map(
    containers.flatMap(({ id, state, ageSeconds }) =>
      state === "running" && ageSeconds !== undefined ? [[id, ageSeconds] as const] : [],
    ),
  );
}

/** Explains why a container does not run as it should; undefined when it runs, or may still be starting. */
export function whyBad(container: Container): Failure | undefined {
  const { id, state, exitCode, health } = container;
  const subject = subjectOf(container);
  switch (state) {
    case "exited":
    case "dead":
      return exitCode === 0 ? undefined : crashed(subject, exitCode ?? 1, id);
    case "restarting":
      return exitCode === undefined || exitCode === 0 ? exited(subject, id) : crashed(subject, exitCode, id);
    default:
      return health === "unhealthy" ? unhealthy(subject, id) : undefined;
  }
}

/** Finds a container that ended and was started again between two looks. */
function restarted(
  { id, name, state, ageSeconds }: Container,
  before: ReadonlyMap<string, number>,
): Failure | undefined {
  const earlier = before.get(id);
  if (state !== "running" || earlier === undefined || ageSeconds === undefined || ageSeconds >= earlier) {
    return undefined;
  }
  return {
    reason: "crashed",
    detail: `the container ${visible(name)} ended and was started again`,
    id,
  };
}

/** Explains why a container does not run yet. */
export function notYet(container: Container): Failure {
  const { id, state, health } = container;
  const subject = subjectOf(container);
  if (health === "starting") {
    return { reason: "unfinished", detail: `the health check of ${subject} has not passed yet`, id };
  }
  const detail = state === "created" ? `${subject} was never started` : `${subject} is ${state}`;
  return { reason: state === "created" ? "not-started" : "unfinished", detail, id };
}

function subjectOf({ name }: Container): string {
  return `the container ${visible(name)}`;
}
