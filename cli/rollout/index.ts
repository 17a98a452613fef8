export { promoteOptions } from "./promote/options";
export { runPromote } from "./promote/promote";
export { rollbackOptions } from "./rollback/options";
export { runRollback } from "./rollback/rollback";
