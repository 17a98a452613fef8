import type { ContainerRow, TaskRow } from "../dokploy";

/** Task of a Swarm service, read from the output of Docker's command line. */
export interface Task {
  readonly id: string;
  /** `<service>.<slot>` */
  readonly name: string;
  readonly desired: string;
  /** Docker's word: `Running`, `Starting`, `Pending`, `Failed` … */
  readonly current: string;
  /** Seconds in this state, as far as Docker reports it. */
  readonly ageSeconds: number | undefined;
  readonly error: string | undefined;
}

/** Container, read from the output of Docker's command line. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Exit code of an ended or restarting container. */
  readonly exitCode: number | undefined;
  /** Seconds since it started or ended. */
  readonly ageSeconds: number | undefined;
  readonly health: "starting" | "healthy" | "unhealthy" | undefined;
}

/** Parses a row of `docker service ps` or `docker stack ps`. */
export function readTask(row: TaskRow): Task {
  const [current = "", ...rest] = (row.currentState ?? "").split(" ");
  const error = (row.error ?? "").trim().replace(/^"(.*)"$/s, "$1");
  return {
    id: row.containerId,
    name: row.name,
    desired: row.state,
    current,
    ageSeconds: ageSeconds(rest.join(" ")),
    // Dokploy cuts the line at " | "; the last row without an error still has the label.
    error: error === "" || error === "Error:" ? undefined : error,
  };
}

/** Parses a row of `docker ps`. */
export function readContainer(row: ContainerRow): Container {
  const { status } = row;
  const exitCode = /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1];
  const health = /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(status)?.[1];
  return {
    id: row.containerId,
    name: row.name,
    state: row.state,
    exitCode: exitCode === undefined ? undefined : Number(exitCode),
    ageSeconds: ageSeconds(status.replace(/^\w+ (?:\(\d+\) )?/, "")),
    health: health as Container["health"],
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};

/** Converts `6 seconds ago`, `Less than a second` and `About an hour ago` to seconds. */
export function ageSeconds(text: string): number | undefined {
  if (/^less than a second/i.test(text)) return 0;
  const match = /^(?:(\d+)|about an?) (second|minute|hour|day|week|month|year)s?\b/i.exec(text);
  const unit = UNIT_SECONDS[match?.[2]?.toLowerCase() ?? ""];
  return unit === undefined ? undefined : Number(match?.[1] ?? 1) * unit;
}
