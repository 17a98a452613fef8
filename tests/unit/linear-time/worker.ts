import { parentPort, workerData } from "node:worker_threads";
import { type Attack, textOf } from "./attacks";
import { complaint, type Figure, type Report, smallMs } from "./measure";
import { attacksOf, feed, type Subject } from "./subjects";

const shortLength = 8_000;
const middleLength = 64_000;
const largeLength = 900_000;
/** How many of those that were slowest with a short text are tried with a longer one, where only quadratic work is slow. */
const semifinalists = 10;
/** How many are tried with the longest: a function takes seconds for some. */
const finalistsOf = ({ expression }: Subject) => (expression === undefined ? 1 : 2);

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

/** Returns attacks by the time that they take, the slowest first. */
function slowestOf(subject: Subject, attacks: readonly Attack[], length: number): Attack[] {
  const tried = attacks.map((attack) => {
    report({ trying: attack });
    const text = textOf(attack, length);
    return { attack, ms: msOf(() => feed(subject, text)) };
  });
  return tried.sort((a, b) => b.ms - a.ms).map(({ attack }) => attack);
}

function figureOf(subject: Subject): Figure {
  const attacks = attacksOf(subject);
  const [first] = attacks;
  // What is loaded and compiled with the first text is not its fault.
  if (first !== undefined) {
    report({ trying: first });
    feed(subject, textOf(first, shortLength));
  }
  const slowest = slowestOf(subject, attacks, shortLength).slice(0, semifinalists);
  let worst: Figure = { subject: subject.name, ms: 0, quarterMs: 0, attack: undefined };
  for (const attack of slowestOf(subject, slowest, middleLength).slice(0, finalistsOf(subject))) {
    const measured = (length: number, measure: (run: () => void) => number) => {
      report({ trying: attack });
      const text = textOf(attack, length);
      return measure(() => feed(subject, text));
    };
    let ms = measured(largeLength, msOf);
    let quarterMs = ms < smallMs ? 0 : measured(largeLength / 4, msOf);
    if (complaint({ subject: subject.name, ms, quarterMs, attack }) !== undefined) {
      quarterMs = measured(largeLength / 4, leastMs);
      ms = measured(largeLength, leastMs);
    }
    if (ms >= (worst.ms ?? 0)) worst = { subject: subject.name, ms, quarterMs, attack };
  }
  return worst;
}

for (const subject of workerData as readonly Subject[]) report({ figure: figureOf(subject) });
