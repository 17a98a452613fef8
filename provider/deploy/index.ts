export { type DatabaseTarget, deployDatabase, neverSeen } from "./database";
export { Deployments, type DeploymentsOptions } from "./deployments";
export { DeploymentError } from "./error";
export { readContainer, readTask } from "./health-rows";
export { serviceOf } from "./health-swarm";
export { interrupt } from "./interruption";
export { runsWith } from "./live-env";
export { logTail, printedTail } from "./log";
export { withDiskContent } from "./mounted-file";
export { NotRunningError } from "./not-running";
export { interval, REAL_TIMERS, type Timers } from "./pace";
export { type Proof, wentBack } from "./proof";
export { waitUntilReached } from "./reachable";
export { type DeployTarget, isJobOf, readQueue, readRecords, type ServiceName } from "./service";
export { type Expected, type RunFacts, type ServiceTarget, serviceKey } from "./target";
export { isRunning } from "./task-versions";
export { commitFromEnvironment, deploymentTitle, isTitleOf, readDescription } from "./title";
export { Wait } from "./wait";
export { readTasks, watchContainers } from "./watch";
export {
  containersOf,
  inspect,
  isContainerOf,
  isForbidden,
  isSwarm,
  observe,
  type WatchTarget,
} from "./watch-target";
