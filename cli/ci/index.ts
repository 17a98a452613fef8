export { showDeployments } from "./deployments";
export { hostOf } from "./detect";
export { resultOf, runInJob, waitForEnd } from "./job";
export { closeIssue, keepComment, keepIssue } from "./report";
export { changedStackFiles } from "./stack-files";
