export { mergeEnv, pickEnv, replaceEnv } from "./block";
export { checkChains } from "./chains";
export { checkEnv, EnvError, type EnvMap, equalEnv, otherLines, readEnv, writeEnv } from "./codec";
export { type EnvDialect, isAdded, readingsOf } from "./dialects";
export { decodeValue, parse, scan } from "./dotenv";
export { isEnvKey, shownKey } from "./keys";
export { isCommon } from "./masking/common";
export { MASK, Mask, maskSecrets, maskValues, plainText } from "./masking/mask";
export { occurrences } from "./masking/occurrences";
export { secretsWithin } from "./masking/parts";
export { MaskedPieces } from "./masking/pieces";
export { writings } from "./masking/writings";
export { isOpenValue } from "./open-values";
export { arrivalOf, toRaw } from "./quoting";
export { classify, hasReference, referencesOf, replaceReferences } from "./references";
export {
  type OuterVariables,
  resolveEnv,
  resolveVariables,
  type Shared,
  textsAround,
  type Variables,
} from "./resolve";
export { rotationSteps, type Side, sideKey, sides } from "./rotation";
export { commandHolds, fileHoldsSecret, holdsSecret } from "./secret-forms";
export { holdsLogin, looksSecret, looksSecretByValue } from "./secret-looking";
export { type SecretPart, secretParts } from "./secret-parts";
export { looksOutside, sharedUses } from "./uses";
export { withoutVariables } from "./variable-marks";
