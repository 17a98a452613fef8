export { runInJob, waitForEnd } from "./command";
