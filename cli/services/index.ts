export { runLogs } from "./logs";
export type { ServiceStatus } from "./model";
export { runOpen } from "./open";
export { logsOptions, openOptions, statusOptions } from "./options";
export { type StageServices, stagesPart } from "./page";
export { readStatus } from "./read";
export { type StackService, servicesOf } from "./stack-services";
export { asUsageError, runStatus } from "./status";
