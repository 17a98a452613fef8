export { reportAdoption, splitUnknown, unappliedDrift } from "./adoption/adoption";
export { type AdoptionData, type ChangedPath, readAdoptionData } from "./adoption/adoption-data";
export {
  agreed,
  type Foreign,
  foreignIn,
  type HeldText,
  unconfirmedNames,
  unconfirmedOf,
  unsavedTexts,
} from "./adoption/foreign";
export { adviseOnTakenName, isAmbiguous } from "./adoption/naming";
export { knownChanges, lostLines, named, overwritingNotice } from "./adoption/overwriting";
export { reconcile, stillThere } from "./adoption/reconcile";
export type { Write } from "./adoption/saving";
export { needed, pendingOf, type ServiceOutputs, serviceOutputs } from "./adoption/service-outputs";
export { fileServices } from "./compose/file-services";
export { assertReplaceable, wasRun } from "./compose/losses";
export { composeProblems } from "./compose/problems";
export { stillRunning } from "./compose/still-running";
export {
  applyChanges,
  databaseDeployProblems,
  deployProblems,
  type LastDeployment,
  maskedValues,
  reloadProblems,
} from "./rollout/deployable";
export { withoutEffective } from "./services/effective";
export { previewHostPort, previewHostPorts } from "./services/host-port";
export { identity } from "./services/identity";
export { nameOfImage, warnUntagged } from "./services/images";
export {
  removeService,
  type ServiceInputs,
  type ServiceKind,
  type ServiceResourceOutputs,
} from "./services/model";
export { resourcesOf } from "./services/resources";
export { type OnServer, onServer, problemsHere } from "./services/server-rules";
export { service, textKey } from "./services/service";
export { bitbucket, git, gitea, github, gitlab, sourceProblems } from "./services/sources";
export { swarmOf } from "./services/swarm";
export { backupsOf } from "./services/tasks";
export {
  describePending,
  type ReferrerOutputs,
  readPending,
  refreshedPending,
} from "./shared-variable-users/pending";
export { keysOf, previewOption, previewReferrers } from "./shared-variable-users/preview";
export {
  changedShared,
  redeployReferrers,
  type SharedOwner,
  unfinishedShared,
} from "./shared-variable-users/redeploy";
export { scope } from "./shared-variables/definition";
export type { ScopeRow } from "./shared-variables/model";
export { claimFactsOf } from "./simple/claim-facts";
export { listOf, listsIn } from "./simple/lists";
export type { Model, Values } from "./simple/model";
export { Objects, type Row } from "./simple/objects";
export { parentNoun } from "./simple/parents";
export { servedAlone, untilReached, waitUntilReached } from "./simple/reachable";
export { simple } from "./simple/resource";
export { onlyWith, ownerRule, serviceNameRule, unusedCertificate } from "./simple/rules";
export { armField, field, withService, withTest } from "./simple/spec";
export { tries } from "./simple/trial";
export { existing, observe, runFactsOf } from "./variable-targets/find";
export { namingOthers } from "./variable-targets/foreign-elsewhere";
export {
  type EnvHost,
  isService,
  rulesOf,
  type Service,
  type SharedVariables,
} from "./variable-targets/host";
export { observeKind } from "./variable-targets/observe";
export {
  assertDeployable,
  environmentProblems,
  type NewText,
  outerVariables,
  previewReferencesIn,
} from "./variable-targets/reference-checks";
export { dockerfilePath, targetOf } from "./variable-targets/running";
