import { parentPort, workerData } from "node:worker_threads";
import { textOf } from "./attacks";
import type { Figure, Report } from "./measure";
import { attacksOf, feed, type Subject } from "./subjects";

const shortLength = 8_000;
const largeLength = 900_000;
/** How many of those that were slowest with a short text are tried with a long one. */
const finalists = 2;

function report(message: Report): void {
  parentPort?.postMessage(message);
}

/** Of the processor, so that other programs do not count. */
function msOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The smaller of two: other work of the process may fall into one of them. */
function leastMs(run: () => void): number {
  return Math.min(msOf(run), msOf(run));
}

function figureOf(subject: Subject): Figure {
  const tried = attacksOf(subject).map((attack) => {
    report({ trying: attack });
    const text = textOf(attack, shortLength);
    return { attack, ms: msOf(() => feed(subject, text)) };
  });
  tried.sort((a, b) => b.ms - a.ms);
  let worst: Figure = { subject: subject.name, ms: 0, quarterMs: 0, attack: undefined };
  for (const { attack } of tried.slice(0, finalists)) {
    report({ trying: attack });
    const quarter = textOf(attack, largeLength / 4);
    const quarterMs = leastMs(() => feed(subject, quarter));
    report({ trying: attack });
    const large = textOf(attack, largeLength);
    const ms = leastMs(() => feed(subject, large));
    if (ms >= (worst.ms ?? 0)) worst = { subject: subject.name, ms, quarterMs, attack };
  }
  return worst;
}

for (const subject of workerData as readonly Subject[]) report({ figure: figureOf(subject) });
