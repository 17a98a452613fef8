import * as path from "node:path";
import { Worker } from "node:worker_threads";
import type { Attack } from "./attacks";
import type { Subject } from "./subjects";

/** How long the worst text kept the processor busy. */
export interface Figure {
  readonly subject: string;
  /** Of a text of 900 KB; undefined where it came to no end. */
  readonly ms: number | undefined;
  /** Of a quarter of it; 0 where the whole takes next to nothing, undefined where either, or a short text, came to no end. */
  readonly quarterMs: number | undefined;
  readonly attack: Attack | undefined;
}

/** What the thread tells: what it tries now, or what came out. */
export type Report = { readonly trying: Attack } | { readonly figure: Figure };

/** How long a text may take that is meant to take too long. */
export const stopMs = 1_000;
/** Long enough for a loaded machine. What does not come to an end is stopped. */
const patienceMs = 60_000;
/** A linear subject takes four times as long for four times as much, a quadratic one sixteen times. */
const growthLimit = 9;
/** Below this, the clock and the collector of garbage count for more than the subject. */
export const smallMs = 1000;
const limitMs = 20_000;

/** Why a figure is not that of linear work; undefined where it may be. */
export function complaint({ subject, ms, quarterMs, attack }: Figure): string | undefined {
  const by = `${subject} with ${JSON.stringify(attack)}`;
  if (ms === undefined || quarterMs === undefined) return `${by} comes to no end`;
  if (ms > limitMs) return `${by} takes ${Math.round(ms)} ms`;
  if (ms < smallMs || ms < growthLimit * quarterMs) return undefined;
  return `${by} takes ${Math.round(ms)} ms, and ${Math.round(quarterMs)} ms for a quarter of it`;
}

/**
 * Feeds each subject with all its attacks, and the worst at full length, in a thread of its own that can be stopped.
 *
 * @param deadlineMs how long one text may take
 */
export async function measureAll(
  subjects: readonly Subject[],
  deadlineMs: number = patienceMs,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  while (figures.length < subjects.length) {
    await measureSome(subjects.slice(figures.length), figures, deadlineMs);
  }
  return figures;
}

/** Ends with the last subject, or with the first that comes to no end. */
async function measureSome(
  subjects: readonly Subject[],
  figures: Figure[],
  deadlineMs: number,
): Promise<void> {
  const worker = new Worker(path.join(__dirname, "worker.ts"), {
    workerData: subjects,
    execArgv: ["--require", "ts-node/register/transpile-only"],
  });
  const wanted = figures.length + subjects.length;
  try {
    await new Promise<void>((resolve, reject) => {
      let trying: Attack | undefined;
      let timer = setTimeout(() => reject(new Error("The thread does not start")), patienceMs);
      const stop = () => {
        const subject = subjects[subjects.length - (wanted - figures.length)]?.name ?? "";
        figures.push({ subject, ms: undefined, quarterMs: undefined, attack: trying });
        resolve();
      };
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      worker.on("message", (report: Report) => {
        clearTimeout(timer);
        timer = setTimeout(stop, deadlineMs);
        if ("trying" in report) trying = report.trying;
        else if (figures.push(report.figure) === wanted) end(resolve);
      });
      worker.on("error", (error: Error & { code?: string }) =>
        // One that takes all memory comes to no end either.
        end(() => (error.code === "ERR_WORKER_OUT_OF_MEMORY" ? stop() : reject(error))),
      );
      worker.on("exit", (code) => end(() => reject(new Error(`The thread ended with ${code}`))));
    });
  } finally {
    await worker.terminate();
  }
}

/** What is wrong with the figures. */
export function complaints(figures: readonly Figure[]): string[] {
  return figures.flatMap((figure) => complaint(figure) ?? []);
}
