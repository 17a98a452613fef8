export { replaceFiles } from "./replace";
export { withVariable, withWritten } from "./variable";
export { writeText } from "./write";
export { type Keys, removeValue, setValue } from "./yaml-edit";
export { scalar, yamlEscape } from "./yaml-scalar";
export type { NewValue } from "./yaml-text";
export { nodeAt, valueAt } from "./yaml-value";
