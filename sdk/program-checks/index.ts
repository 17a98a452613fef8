export { claimParts, withNamedParts } from "./lists";
export { nameService, namesOf, own } from "./ownership";
export { keyOf, listsOf, nameOf, samePart } from "./part-names";
export { claimObject, composeOf, deletedWith, noteId, withParent } from "./parts";
export { checkResource, findingsOf, withoutServed } from "./plan-checks";
export { checkShared, giveNothing, giveShared, givesVariables, placeEnvironment } from "./references";
export { refuseNothing, requireValues } from "./required-inputs";
export { afterShared, shareVariables } from "./shared-order";
export { sharedReference } from "./shared-reference";
