import * as pulumi from "@pulumi/pulumi";

/** What stands for the process outside of any run, as where a module is loaded that several programs share. */
export const outsideOfRuns = {};

/** What stands for this run of a program: a process may run several, each with settings of its own. */
export function currentRun(): object {
  return pulumi.runtime.getStackResource() ?? outsideOfRuns;
}
