import { AsyncLocalStorage } from "node:async_hooks";

interface Subject {
  readonly urn: string;
  /** True when only progress is shown at the resource. */
  readonly isRow?: true;
  /** Span of the engine's call, in the form of W3C Trace Context; only the plugin learns it. */
  readonly trace?: string | undefined;
}

const subject = new AsyncLocalStorage<Subject>();

/**
 * Runs work about the resource with this URN. Messages that are reported meanwhile are shown at the resource.
 *
 * @param trace span of the engine's call
 */
export function about<T>(urn: string, work: () => Promise<T>, trace?: string): Promise<T> {
  return subject.run({ urn, trace }, work);
}

/** Runs work whose progress is shown in the row of the resource with this URN; undefined for the row of the stack. */
export function inRow<T>(urn: string | undefined, work: () => Promise<T>): Promise<T> {
  return urn === undefined ? work() : subject.run({ ...subject.getStore(), urn, isRow: true }, work);
}

/** Returns the URN of the resource that the engine asks about; undefined outside such work. */
export function currentUrn(): string | undefined {
  return subject.getStore()?.isRow ? undefined : currentRow();
}

/** Returns the span of the engine's call, in the form of W3C Trace Context; undefined where nobody knows it. */
export function callersTrace(): string | undefined {
  return subject.getStore()?.trace;
}

/** Returns the URN of the resource in whose row progress is shown; undefined where nobody knows it. */
export function currentRow(): string | undefined {
  return subject.getStore()?.urn || undefined;
}
