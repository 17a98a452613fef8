export { LookupError } from "./error";
export * from "./generated/databases";
export { getDestination } from "./generated/simple";
export { wholeForm } from "./lookup";
