import { type Operation, operations } from "./changes";
import type { Step } from "./preview";

/** Merges the steps of each resource into one, because a replacement has up to three; without those that do nothing. */
export function mergedSteps(steps: readonly Step[]): Step[] {
  const byUrn = new Map<string, Step>();
  for (const step of steps) {
    if (operations[step.op] === undefined) continue;
    const former = byUrn.get(step.urn);
    const replaced = former !== undefined && former.op !== step.op;
    const best = former?.diff && !step.diff ? former : step;
    byUrn.set(step.urn, {
      ...former,
      ...best,
      ...(replaced ? { op: "replace" } : {}),
      ...(step.newState && !best.newState ? { newState: step.newState } : {}),
    });
  }
  return [...byUrn.values()];
}

/** Returns what a step does; undefined when it does nothing. */
export function operationOf({ op, oldState }: Step): Operation | undefined {
  const operation = operations[op];
  return operation === "delete" && oldState?.retained ? "release" : operation;
}
