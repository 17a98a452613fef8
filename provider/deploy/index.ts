export { type DatabaseTarget, deployDatabase } from "./database";
export { Deployments, type DeploymentsOptions } from "./deployments";
export { DeploymentError, duration } from "./error";
export { interrupt } from "./interruption";
export { liveVariables } from "./live-env";
export { logTail, printedTail } from "./log";
export { withDiskContent } from "./mounted-file";
export { NotRunningError } from "./not-running";
export { OneOff, type OneOffState, type OneOffTarget } from "./one-off";
export { REAL_TIMERS, type Timers } from "./pace";
export type { Proof } from "./proof";
export { waitUntilReached } from "./reachable";
export { listCommand, type Remains, remainsOf, stopCommand } from "./remains";
export { type DeployTarget, isJobOf, readQueue, readRecords, type ServiceName } from "./service";
export { fullNetworkPage } from "./start-causes";
export { type Expected, type ServiceTarget, serviceKey } from "./target";
export { commitFromEnvironment, deploymentTitle, isTitleOf, readDescription } from "./title";
export { Wait } from "./wait";
export { readTasks, watchContainers } from "./watch";
export { containersOf, inspect, isForbidden, isStack, isSwarm, type WatchTarget } from "./watch-target";
export {
  hasGoneBack,
  imageReader,
  imagesOf,
  type Part,
  type PartImage,
  startOf,
  whatRuns,
} from "./what-runs";
