import * as pulumi from "@pulumi/pulumi";

/** Key of the process outside any run, for example when several programs share a loaded module. */
export const outsideOfRuns = {};

/** Returns the key of this run of a program. A process may run several, each with its own settings. */
export function currentRun(): object {
  return pulumi.runtime.getStackResource() ?? outsideOfRuns;
}

/** Everything that the process of a program remembers, each by an object with which it is forgotten. */
const remembered = new WeakMap<object, Map<unknown, unknown>>();

/** Returns a function that gives each key (a run, a server, another object) a value, made when first needed. */
export function rememberedBy<K extends object, T>(make: (key: K) => T): (key: K) => T {
  return (key) => {
    const all = remembered.get(key) ?? new Map<unknown, unknown>();
    remembered.set(key, all);
    if (!all.has(make)) all.set(make, make(key));
    return all.get(make) as T;
  };
}
