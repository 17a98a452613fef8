import { AsyncLocalStorage } from "node:async_hooks";

const subject = new AsyncLocalStorage<string>();

/** Runs work about the resource with this URN. Messages that are reported meanwhile are shown at the resource. */
export function about<T>(urn: string, work: () => Promise<T>): Promise<T> {
  return subject.run(urn, work);
}

/** Returns the URN of the resource that the engine asks about; undefined outside such work. */
export function currentUrn(): string | undefined {
  return subject.getStore() || undefined;
}
