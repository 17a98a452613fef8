export { cpuUpTo, type Limits, leastCpu, memoryUpTo, replicasUpTo } from "./limits";
export { forPreview, type PreviewOptions, previewProblems } from "./previews";
export {
  byType,
  either,
  fields,
  flag,
  list,
  map,
  oneOf,
  Place,
  plain,
  type Shape,
  type ShapeProblem,
  text,
  value,
} from "./shapes";
export { duration, host, image, name, path, pathInside } from "./words";
