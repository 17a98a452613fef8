export { listOptions, removeOptions, sweepOptions, upOptions } from "./options";
export { runList, runRemove, runSweep, runUp } from "./run";
