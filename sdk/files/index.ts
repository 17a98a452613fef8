export { type ComposeFileSource, composeFile } from "./compose-file";
export { type Image, imageFile, imageIn } from "./image-file";
export {
  collect,
  collectAll,
  FileError,
  type FileProblem,
  Findings,
  fileError,
  isDirectory,
  isInside,
  isThere,
  listDirectory,
  locationOf,
  maxBytes,
  placeName,
  type Reading,
  type ReadOptions,
  readSource,
  type Source,
  sourceOf,
} from "./source";
export { inserted } from "./text-file";
export { parseYaml } from "./yaml";
