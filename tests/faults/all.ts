import { type Case, generateCases, type Outcome, play, type Result } from "./cases";

/**
 * Plays the cases whose name contains `only`, and prints those that did not converge, a JSON line with the counts, and a
 * line for people.
 *
 * @returns whether all converged
 */
export async function playAll(only = ""): Promise<boolean> {
  const started = performance.now();
  const cases = (await generateCases()).filter(({ name }) => name.includes(only));
  const counts: Record<Outcome, number> = { converged: 0, advised: 0, lost: 0, doubled: 0, diverged: 0 };
  let failed = 0;
  for (const played of cases) {
    const result = await playSafely(played);
    counts[result.outcome] += 1;
    if (result.failed) failed += 1;
    if (result.outcome === "converged" || result.outcome === "advised") continue;
    console.log([`${result.outcome}: ${played.name}`, ...result.problems.map((p) => `    ${p}`)].join("\n"));
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(JSON.stringify({ tried: cases.length, failedRuns: failed, ...counts, seconds }));
  const { converged, advised, lost, doubled, diverged } = counts;
  console.log(
    `${cases.length} faults tried, ${failed} of them ended the run: ${converged} converged by the next run, ${advised} after ` +
      `the advice of its message, ${lost} lost something, ${doubled} doubled something, ${diverged} did not converge.`,
  );
  return cases.length > 0 && lost + doubled + diverged === 0;
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
