export { LookupError } from "./error";
export * from "./generated/databases";
export { getApplicationOutput, getComposeOutput } from "./generated/forms";
export { getDestination } from "./generated/simple";
export { wholeForm } from "./lookup";
