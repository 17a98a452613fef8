import type { ContainerRow, TaskRow } from "../../provider/dokploy/docker-rows";
import { jsonLines, needsReference } from "./reference";

/** One change of an application on a real server, looked at every quarter second; looks that showed no news are left out. */
export interface SwarmRecording {
  readonly name: string;
  /** The application before the call; `u` is its `updateConfigSwarm`. */
  readonly before: { readonly u?: { readonly FailureAction?: string } } | null;
  /** Docker's rows before. */
  readonly rowsBefore: readonly TaskRow[];
  /** Status of the deployment's record; none of a reload. */
  readonly deployment?: string;
  /** Seconds since the call until the record had ended. */
  readonly doneAt: number | null;
  readonly sequence: readonly { readonly t: number; readonly rows: readonly TaskRow[] }[];
  /** What `application.readLogs` printed at each of these moments. */
  readonly readLogs: readonly { readonly t: number; readonly log: string }[];
  /** `docker.getContainersByAppNameMatch`, half a minute after the call. */
  readonly matching: readonly ContainerRow[];
}

export const RECORDED_SECONDS = 28;

export function swarmRecordings(context: Mocha.Context): SwarmRecording[] {
  return jsonLines(needsReference(context, "swarm-sequences.jsonl")) as SwarmRecording[];
}

export function recordingOf(all: readonly SwarmRecording[], name: string): SwarmRecording {
  const found = all.find((recording) => recording.name === name);
  if (!found) throw new Error(`no recording ${name}`);
  return found;
}

/** The rows at a moment: those of the last look before it, grown older. */
export function rowsAt({ sequence, rowsBefore }: SwarmRecording, t: number): TaskRow[] {
  const look = sequence.filter((entry) => entry.t <= t).at(-1);
  if (!look) return [...rowsBefore];
  const passed = t - look.t;
  return look.rows.map((row) => ({ ...row, currentState: aged(row.currentState, passed) }));
}

function aged(state: string, seconds: number): string {
  const [current = "", ...words] = state.split(" ");
  const age = /^(\d+) /.exec(words.join(" "))?.[1];
  const now = Math.floor((age === undefined ? 0 : Number(age)) + seconds);
  if (now < 1) return `${current} less than a second ago`;
  return `${current} ${now} second${now === 1 ? "" : "s"} ago`;
}
