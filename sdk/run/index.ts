export { stackSources } from "./connection";
export { currentRun, rememberedBy } from "./current-run";
export { debug, inform, warn } from "./diagnostics";
export { inputNames } from "./generated/input-names";
export { isPlain, notedSecrets, notePlain, noteSecret, plainSecret, withoutSecrets } from "./hidden";
export { ignoredFiles } from "./ignored-files";
export type { Kind, Lists, ServiceClass } from "./kind";
export { warnIfInPlainText } from "./plain-text-secrets";
export { atEnd, type Finding, noteFinding, sentenceOf } from "./plan-checks";
export {
  isOfKind,
  isOfTypes,
  movedFromOther,
  typeInRun,
  typesOfComponent,
  typesOfKind,
  usesPlugin,
  versionInside,
  workInside,
} from "./plugin";
export { failAtEnd, failOutput, ProgramError } from "./program-error";
export type { Provider } from "./provider";
export {
  answered,
  applyWithUnknowns,
  hasTransforms,
  isKnown,
  isMocked,
  isProtected,
  outputValue,
  typeOf,
} from "./pulumi";
export { withSecrets } from "./secret-inputs";
export { secretPaths } from "./secret-marks";
export {
  addressOf,
  connectionOf,
  hasProvider,
  isServerMocked,
  type ProviderOptions,
  providerOf,
  serverOf,
  settingOf,
} from "./server";
export { checkSettings } from "./settings";
export { stackProvider } from "./stack-provider";
export { readStackState, resourcesIn } from "./stack-state";
export { urnOf } from "./urn";
