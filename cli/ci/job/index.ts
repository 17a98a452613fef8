export { runInJob, waitForEnd } from "./command";
export { resultOf } from "./result";
