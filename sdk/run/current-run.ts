import * as pulumi from "@pulumi/pulumi";

/** Key of the process outside any run, for example when several programs share a loaded module. */
export const outsideOfRuns = {};

/** Returns the key of this run of a program. A process may run several, each with its own settings. */
export function currentRun(): object {
  return pulumi.runtime.getStackResource() ?? outsideOfRuns;
}
