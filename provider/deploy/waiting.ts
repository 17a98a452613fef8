import type { Verdict } from "./health";
import type { Wait } from "./wait";

/** Time for which a healthy deployment may wait for a server, its image and its health check. */
const STARTING_MS = 30_000;

/**
 * Returns what the containers of a service wait for: when that changes, and every 10 s. Undefined when no report is
 * due. Docker's words about a container that is starting may read like a fault; they are added only if it lasts.
 *
 * @param shown makes the detail of a failure fit to be shown
 */
export function stateOf(
  { runsSince, missing }: Extract<Verdict, { phase: "waiting" }>,
  wait: Wait,
  shown: (detail: string) => string,
): string | undefined {
  // While the final check lasts, each look reports: there are few, and only they count.
  if (runsSince !== undefined) return `runs; checking that it keeps running, ${wait.elapsed(runsSince)}`;
  const detail = shown(missing.detail);
  const hasEnded = missing.subject !== undefined || missing.itself !== undefined;
  if (hasEnded) return wait.isDue(detail) ? `waiting until it runs: ${detail}, ${wait.elapsed()}` : undefined;
  const isLate = wait.now - wait.startedAt >= STARTING_MS;
  if (!wait.isDue(isLate ? detail : "starting")) return undefined;
  return `starting, ${wait.elapsed()}${isLate ? `: ${detail}` : ""}`;
}
