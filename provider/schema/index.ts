export { Arms } from "./arms";
export { type Change, type KeyChanges, keyChanges, mergeChanges, stronger, withKeys } from "./changes";
export { at, compile, inArm, type MappedField, put } from "./compile";
export { cron, timeZone } from "./cron";
export type { ExistingInputs, Path } from "./existing";
export {
  type Apply,
  applyClasses,
  asSet,
  branch,
  bytesToSize,
  cpus,
  cpusToNano,
  type DeployOption,
  type DeployOptions,
  deployOption,
  deployOptions,
  envMap,
  type FieldSpec,
  field,
  forReferrers,
  forVariables,
  hostName,
  id,
  imageName,
  keptIn,
  nanoToCpus,
  portNumber,
  registryAddress,
  servedHost,
  serverAddress,
  size,
  sizeToBytes,
  text,
  webAddress,
  webLink,
} from "./fields";
export type { ParentId, PossibleParentId } from "./generated/ids";
export { idValuesIn } from "./id-values";
export { isId, notAnId } from "./ids";
export { type ImageName, parseImage } from "./image";
export {
  aOrAn,
  type DeployedTarget,
  deployedTarget,
  type Field,
  isDatabase,
  isShared,
  kindAndId,
  kindOf,
  kinds,
  type NamedService,
  pathOf,
  type ServiceKind,
  type Target,
  type TargetKind,
  type Texts,
  target,
  targetOf,
  textFields,
  traits,
} from "./kinds";
export { type EnvInput, Mapping, readBackEnv } from "./mapping";
export { lookedUp, output, outputsIn } from "./outputs";
export { absolutePath, content, readInnerPath } from "./paths";
export { chainProblem, expiryAdvice, keyProblem } from "./pem";
export {
  codeFile,
  codePath,
  commandName,
  composeServiceName,
  dockerCommand,
  entryPoint,
  gitAddress,
  imagePrefix,
  labelProblem,
  middlewareName,
  nameSuffix,
  plainInnerPath,
  quotedInnerPath,
  repositoryName,
  repositoryPath,
  savedName,
  savedPassword,
  traefikName,
  traefikText,
  urlPath,
  wildcardHost,
} from "./text-types";
export { pathText, type TypeProblem, textMisfits, typeProblems } from "./type-problems";
export { isDecisive, problemsOnServer, variableProblems } from "./variable-problems";
