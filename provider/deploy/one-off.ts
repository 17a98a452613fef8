import { shorten } from "../../packages/text";
import type { Api } from "../dokploy";
import { maskSecrets, plainText } from "../env";
import { outputTail } from "./exit-log";
import { readTask, type Task } from "./health-rows";
import { LINES_TO_READ } from "./log";
import { type DeployTarget, isJobOf, readQueue, readRecords } from "./service";
import type { Wait } from "./wait";
import { isForbidden, observe, type WatchTarget } from "./watch-target";

/** Application whose container Swarm starts once and never again. */
export type OneOffTarget = WatchTarget & DeployTarget;

/** State of a command that runs once. */
export type OneOffState =
  /** Command of which no deployment has begun. */
  | { readonly state: "idle" }
  /** Command that runs, or waits for its start; `why` is Docker's reason for the wait. */
  | { readonly state: "under-way"; readonly why?: string | undefined }
  | { readonly state: "succeeded" }
  /** Command that will not run any more; `why` ends a sentence about it. */
  | { readonly state: "failed"; readonly why: string };

const ENDED: ReadonlySet<string> = new Set(["Complete", "Failed", "Rejected", "Shutdown"]);
const MAX_WHY_LENGTH = 300;
/** Longest wait between two looks. */
const LONGEST_MS = 2_000;

/** Command that runs once, in an application of its own. */
export class OneOff {
  /** @param secrets texts that no message may show */
  constructor(
    private readonly api: Api,
    private readonly target: OneOffTarget,
    private readonly wait: Wait,
    private readonly secrets: Iterable<string>,
  ) {}

  /** Looks at it once. Reads only. */
  async look(): Promise<OneOffState> {
    const { tasks = [] } = await observe(this.api, this.target, () => this.wait.now);
    const [newest, ...others] = tasks.map(readTask);
    if (newest === undefined) return await this.beforeTask();
    const running = [newest, ...others].find(({ current }) => !ENDED.has(current));
    return running ? { state: "under-way", why: running.error } : endOf(newest);
  }

  /** Judges a command without a task: the queue is read before the records, so that a job is in one of the two. */
  private async beforeTask(): Promise<OneOffState> {
    const { api, target } = this;
    const queue = await readQueue(api);
    const [newest] = [...(await readRecords(api, target))].sort(
      (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt),
    );
    if (queue.some((job) => isJobOf(job, target))) return { state: "under-way" };
    if (newest === undefined) return { state: "idle" };
    return newest.status === "error" || newest.status === "cancelled"
      ? { state: "failed", why: "could not be started" }
      : { state: "under-way" };
  }

  /**
   * Follows it to its end.
   *
   * @param doing text for the line of progress: `web: runs its release command`
   * @returns its end, or its last state when the time is over
   * @throws DokployError when the key has no permission to look at containers, or Dokploy stays out of reach
   */
  async follow(doing: string): Promise<OneOffState> {
    const { wait } = this;
    for (let looks = 0; ; looks += 1) {
      try {
        const seen = this.shown(await this.look());
        wait.noteSuccess();
        if (seen.state !== "under-way" || wait.isOver) return seen;
        const line = seen.why === undefined ? doing : `${doing}: ${seen.why}`;
        if (wait.isDue(line)) wait.report(`${line}, ${wait.elapsed()}`);
      } catch (error) {
        if (isForbidden(error) || !(error instanceof Error) || !wait.noteFailure(error) || wait.isOver)
          throw error;
      }
      await wait.sleep(wait.pauseAfterFailure ?? Math.min(LONGEST_MS, 250 * (looks + 1)));
    }
  }

  /** Reads the end of its output, with masked secrets; nothing when it cannot be read. */
  async output(): Promise<readonly string[]> {
    const input = { applicationId: this.target.id, tail: LINES_TO_READ };
    try {
      return outputTail(await this.api.call("application.readLogs", input), this.secrets);
    } catch {
      return [];
    }
  }

  /** Returns the state with a reason that a message may show. */
  private shown(seen: OneOffState): OneOffState {
    if (!("why" in seen) || seen.why === undefined) return seen;
    const text = maskSecrets(plainText(seen.why), this.secrets);
    return { ...seen, why: shorten(text.replace(/\s+/g, " ").trim(), MAX_WHY_LENGTH) };
  }
}

function endOf({ current, error }: Task): OneOffState {
  if (current === "Complete") return { state: "succeeded" };
  const code = /^task: non-zero exit \((\d+)\)/.exec(error ?? "")?.[1];
  if (code === "137") {
    return { state: "failed", why: "was killed (code 137), for instance because it ran out of memory" };
  }
  if (code !== undefined) return { state: "failed", why: `exited with code ${code}` };
  if (current === "Shutdown") return { state: "failed", why: "was stopped by somebody" };
  return { state: "failed", why: `could not be started: ${error ?? "Docker gives no reason"}` };
}
