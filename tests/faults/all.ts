import { type Case, generateCases, type Outcome, play, type Result } from "./cases";

/** How many cases ended in which way; `failedRuns` are those in which the fault ended the run. */
export type Counts = Record<Outcome | "tried" | "failedRuns", number>;

/**
 * Plays every `of`-th case, from the one with the number `part` on, of those that {@link generateCases} gives. Prints those
 * that did not converge.
 */
export async function playPart(only: string, part: number, of: number): Promise<Counts> {
  const counts: Counts = {
    tried: 0,
    failedRuns: 0,
    converged: 0,
    advised: 0,
    lost: 0,
    doubled: 0,
    hidden: 0,
    diverged: 0,
  };
  const cases = await generateCases(only);
  for (const played of cases.filter((_, index) => index % of === part)) {
    const result = await playSafely(played);
    counts.tried += 1;
    counts[result.outcome] += 1;
    if (result.failed) counts.failedRuns += 1;
    if (result.problems.length > 0) console.log(describeResult(result));
  }
  return counts;
}

export function describeResult({ case: played, outcome, problems }: Result): string {
  return [`${outcome}: ${played.name}`, ...problems.map((problem) => `    ${problem}`)].join("\n");
}

/** A case that breaks the suite itself is one that did not converge. */
async function playSafely(played: Case): Promise<Result> {
  try {
    return await play(played);
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { case: played, outcome: "diverged", failed: true, problems: [problem] };
  }
}
