import { AsyncResource } from "node:async_hooks";
import type { Span } from "../dokploy";
import type { Verdict } from "./attribution";

/** Takes each verdict about a deployment, and an error in which it ended. */
export type Phases = (verdict: Verdict | undefined, error?: Error) => void;

/**
 * Makes spans of the phases through which a deployment passes, its wait in Dokploy's queue and its build. They belong to the
 * resource that called this function.
 */
export function phasesIn(span: Span | undefined): Phases {
  if (span === undefined) return () => {};
  let current: string | undefined;
  let leave = (_error?: Error) => {};
  const enter = AsyncResource.bind((phase: string) => {
    const ended = new Promise<Error | undefined>((resolve) => {
      leave = resolve;
    });
    span(phase, {}, async (note) => {
      const error = await ended;
      if (error !== undefined) note({ "error.type": error.constructor.name });
    }).catch(() => {
      // A deployment does not depend on its spans.
    });
  });
  return (verdict, error) => {
    const phase = verdict && phaseOf(verdict);
    if (phase === current) return;
    leave(error);
    current = phase;
    if (phase !== undefined) enter(phase);
  };
}

function phaseOf({ phase }: Verdict): "queue" | "build" | undefined {
  if (phase === "unseen" || phase === "waiting") return "queue";
  return phase === "starting" || phase === "running" ? "build" : undefined;
}
