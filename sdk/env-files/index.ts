export { type ContractFinding, Contracts } from "./contract-check";
export {
  baseStage,
  type Contract,
  contractName,
  isRequired,
  type Rule,
  readContract,
  sharedService,
  stagesIn,
} from "./contract-file";
export { isOfType, type VariableType } from "./contract-types";
export { type EntryValue, type FileVariable, type GeneratedValue, valuesWithin } from "./entry";
export { exportedSecret, exportedSetting, readExported } from "./exported-secrets";
export { generatedName, writtenGenerated, writtenTagged } from "./generated";
export { type FilledText, Generated, isWanted, type WantedSecret } from "./generated-text";
export {
  type EnvPath,
  envFilesByName,
  type FileVariables,
  filesNamed,
  filesOf,
  readLayers,
  readLayersByName,
  serviceOf,
} from "./layers";
export { type EnvVars, loadServiceEnv, type ServiceEnv, type ServiceVariables } from "./load-env";
export { type FoundText, managedValue } from "./managers/read";
export { managers } from "./managers/table";
export { type Asking, filledValue, outsideValue } from "./outside-value";
export { processValue } from "./process-value";
export { formatOf, problemsOf, readEnvFile, readEnvText } from "./read";
export { type Notice, overlaid, rotationNotices, sidesOf, whoGets } from "./rotation";
export { isOfRun } from "./run-variables";
export { keyFilter, nameInFile } from "./select";
export { noService, referredBy, withPresentName, withServices } from "./service-references";
export { isProduction, previewSetting, previewStage } from "./stages";
export {
  isPathInside,
  isValues,
  type Path,
  readTree,
  replaceTagged,
  type Tagged,
  type TreeKind,
  taggedIn,
  type Values,
  type ValueTree,
} from "./value-tree";
export { fromConfig, fromProcess } from "./values";
export { readYaml } from "./yaml-file";
