import type { ContainerRow, TaskRow } from "../dokploy/docker-rows";

/** A task of a Swarm service, read from what Docker's command line says of it. */
export interface Task {
  readonly id: string;
  /** `<service>.<slot>` */
  readonly name: string;
  readonly desired: string;
  /** Docker's word: `Running`, `Starting`, `Pending`, `Failed` … */
  readonly current: string;
  /** How long it has been that, as far as Docker says it. */
  readonly ageSeconds: number | undefined;
  readonly error: string | undefined;
}

/** A container, read from what Docker's command line says of it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Of an ended or restarting one. */
  readonly exitCode: number | undefined;
  /** Since it started or ended. */
  readonly ageSeconds: number | undefined;
  readonly health: "starting" | "healthy" | "unhealthy" | undefined;
}

export function readTask(row: TaskRow): Task {
  const [current = "", ...rest] = (row.currentState ?? "").split(" ");
  const error = (row.error ?? "").trim().replace(/^"(.*)"$/s, "$1");
  return {
    id: row.containerId,
    name: row.name,
    desired: row.state,
    current,
    ageSeconds: ageSeconds(rest.join(" ")),
    // Dokploy cuts the line at " | "; on the last row without an error the label is left over.
    error: error === "" || error === "Error:" ? undefined : error,
  };
}

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

/** The seconds of `6 seconds ago`, `Less than a second`, `About an hour ago`. */
export function ageSeconds(text: string): number | undefined {
  if (/^less than a second/i.test(text)) return 0;
  const match = /^(?:(\d+)|about an?) (second|minute|hour|day|week|month|year)s?\b/i.exec(text);
  const unit = UNIT_SECONDS[match?.[2]?.toLowerCase() ?? ""];
  return unit === undefined ? undefined : Number(match?.[1] ?? 1) * unit;
}
