export { connectToStack, settingsOfStack } from "./connection";
export type { Dependencies } from "./dependencies";
export { type Commit, type FileChange, GitRepository, type Version, withoutReplacements } from "./git";
export { configuredTag, tagKeys } from "./image-tag";
export {
  type Ended,
  firstErrorIn,
  noPulumi,
  type RunGit,
  type RunPulumi,
  runGit,
  runProcess,
  runPulumi,
} from "./process";
export { servicesNextTo } from "./services";
export { npm, StackSetup, stackFile, stackName } from "./setup";
export {
  parsed,
  projectFolder,
  projectName,
  Stack,
  type StackState,
  type StateResource,
  stagesIn,
} from "./stack";
export { StackSecrets, secretsAmong } from "./stack-secrets";
