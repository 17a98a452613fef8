export { replaceFiles } from "./replace";
export { writeText } from "./write";
export { type Keys, removeValue, setValue } from "./yaml-edit";
export type { NewValue } from "./yaml-text";
export { nodeAt, valueAt } from "./yaml-value";
