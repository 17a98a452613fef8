export { Arms } from "./arms";
export { type Change, type KeyChanges, keyChanges, mergeChanges, stronger, withKeys } from "./changes";
export { readBackEnv } from "./columns";
export { at, compile, inArm, type MappedField, put } from "./compile";
export type { ExistingInputs, Path } from "./existing";
export {
  type Apply,
  applyClasses,
  asSet,
  type DeployOption,
  type DeployOptions,
  deployOption,
  deployOptions,
  envMap,
  type FieldSpec,
  forReferrers,
  forVariables,
  id,
  keptIn,
  nonEmptyText,
  withoutColumn,
} from "./fields";
export type { ParentId, PossibleParentId } from "./generated/ids";
export { idValuesIn } from "./id-values";
export { isId, notAnId } from "./ids";
export { type ImageName, isImage, parseImage } from "./image";
export {
  type DeployedTarget,
  deployedTarget,
  type Field,
  isDatabase,
  isShared,
  kindAndId,
  kindOf,
  kinds,
  type NamedService,
  nounWithArticle,
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
export { type EnvInput, Mapping } from "./mapping";
export { isSecretOutput, lookedUp, output, outputsIn, secretOutput } from "./outputs";
export { pathText, type TypeProblem, textMisfits, typeProblems } from "./type-problems";
export { isDecisive, problemsOnServer, variableProblems } from "./variable-problems";
