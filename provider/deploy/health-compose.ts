import type { ContainerRow } from "../dokploy/rows";
import {
  type Assessment,
  crashed,
  type Expected,
  exited,
  type Failure,
  STABLE_SECONDS,
  unhealthy,
} from "./health-model";
import { type Container, readContainer } from "./health-rows";

/** A container that ended this long before the snapshot was not started again by the deployment. */
const SLACK_SECONDS = 5;
/** Docker's ages are in whole seconds, and the call takes its time. */
const RESTART_SLACK_MS = 4_000;
/** From here on Docker says ages in minutes. */
const PRECISE_SECONDS = 60;

/** @param startedAt when each container started, by earlier observations; local clock, milliseconds */
export function assessContainers(
  expected: Expected,
  startedAt: ReadonlyMap<string, number>,
  rows: readonly ContainerRow[],
  at: number,
): Assessment {
  const containers = rows.map(readContainer).filter((container) => !isLeftOver(expected, container, at));
  const starts = startsOf(containers, at);
  for (const container of containers) {
    const failure = whyBad(container) ?? restarted(container, startedAt, starts);
    if (failure !== undefined) return { failure };
  }
  const running = containers.filter(({ state }) => state === "running");
  const done = containers.filter(({ state }) => state === "exited");
  const late = containers.find(
    ({ state, health }) => (state !== "running" && state !== "exited") || health === "starting",
  );
  if (late !== undefined) return { missing: notYet(late), starts };
  const [oneShot] = done;
  if (running.length === 0) {
    if (oneShot !== undefined) return { failure: exited(subjectOf(oneShot), oneShot.id) };
    return { missing: { reason: "unfinished", detail: "Docker shows no container of it" }, starts };
  }
  const isKept = ({ id, ageSeconds = 0 }: Container) =>
    expected.before.ids.has(id) && ageSeconds >= STABLE_SECONDS;
  return { settled: new Map(running.map((container) => [container.id, isKept(container)])), starts };
}

/** Left by `docker compose run`, or of a service that the file no longer starts: this deployment did not touch it. */
function isLeftOver({ before }: Expected, { id, state, ageSeconds = 0 }: Container, at: number): boolean {
  const sinceBefore = (at - before.at) / 1000 + SLACK_SECONDS;
  return before.ids.has(id) && (state === "created" || (state === "exited" && ageSeconds > sinceBefore));
}

function startsOf(containers: readonly Container[], at: number): ReadonlyMap<string, number> {
  return new Map(
    containers.flatMap(({ id, state, ageSeconds }) =>
      state === "running" && ageSeconds !== undefined && ageSeconds < PRECISE_SECONDS
        ? [[id, at - ageSeconds * 1000] as const]
        : [],
    ),
  );
}

function whyBad(container: Container): Failure | undefined {
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

/** A container that ended and was started again between two looks. */
function restarted(
  { id, name }: Container,
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): Failure | undefined {
  const [earlier, later] = [before.get(id), now.get(id)];
  if (earlier === undefined || later === undefined || later - earlier <= RESTART_SLACK_MS) return undefined;
  return {
    reason: "crashed",
    detail: `the container ${name} ended and was started again`,
    id,
  };
}

function notYet(container: Container): Failure {
  const { id, state, health } = container;
  const subject = subjectOf(container);
  if (health === "starting") {
    return { reason: "unfinished", detail: `the health check of ${subject} has not passed yet`, id };
  }
  const detail = state === "created" ? `${subject} was never started` : `${subject} is ${state}`;
  return { reason: state === "created" ? "not-started" : "unfinished", detail, id };
}

function subjectOf({ name }: Container): string {
  return `the container ${name}`;
}
