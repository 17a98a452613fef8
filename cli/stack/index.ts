export { connectToStack } from "./connection";
export type { Dependencies } from "./dependencies";
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
export { npm, StackSetup, stackFile, stackName } from "./setup";
export { parsed, projectFolder, projectName, Stack, type StackState, type StateResource } from "./stack";
