export { deeperThan } from "./depth";
export { withoutStacks } from "./errors";
export { yamlLibrary } from "./library";
export { LineIndex } from "./line-index";
export {
  type Entry,
  entriesOf,
  entryAt,
  isOpen,
  itemsOf,
  type MapNode,
  type Node,
  oneOrMore,
  type ScalarNode,
  settledAt,
  textAt,
} from "./nodes";
export { parseDocument } from "./parse";
export type { SyntaxProblem } from "./syntax";
export { type KeyPlace, type TreeFault, treeOf } from "./tree";
