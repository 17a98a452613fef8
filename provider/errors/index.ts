export { CheckFailedError, PartialFailureError, type Problem, UserError } from "./problem";
