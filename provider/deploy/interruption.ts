import { UserError } from "../errors";
import type { Timers } from "./pace";

/** Pulumi was interrupted, for example by Ctrl-C, while Dokploy worked. */
export class InterruptedError extends UserError {
  constructor() {
    super(
      "Pulumi was interrupted. Dokploy continues with its work: look at it there, and run the update again.",
    );
  }
}

let isInterrupted = false;
const waits = new Set<() => void>();

/** Ends all waits of this process, and every later one. */
export function interrupt(): void {
  isInterrupted = true;
  for (const end of waits) end();
}

/**
 * Calls `end` when the process is interrupted, at once if it was already.
 *
 * @returns a function that no longer waits for it
 */
export function onInterruption(end: () => void): () => void {
  if (isInterrupted) end();
  else waits.add(end);
  return () => waits.delete(end);
}

/** @throws InterruptedError when the process is interrupted before the time is over */
export function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let callOff = () => {};
    const forget = onInterruption(() => {
      callOff();
      reject(new InterruptedError());
    });
    callOff = timers.after(ms, () => {
      forget();
      resolve();
    });
  });
}
