export { reportAdoption, splitUnknown } from "./adoption/adoption";
export { type AdoptionData, type ChangedPath, readAdoptionData } from "./adoption/adoption-data";
export { adviseOnTakenName, isAmbiguous } from "./adoption/naming";
export { reconcile, stillThere } from "./adoption/reconcile";
export { block } from "./blocks/block";
export { ReleaseCommand, type ReleaseInput } from "./release/command";
export { removeCompanions } from "./release/companion";
export { type ReleaseOutputs, runsImage } from "./release/step";
export { alwaysStops, previewInterruption, serviceLabel, startsFirst } from "./rollout/interruption";
export { needed } from "./rollout/need";
export { type ServiceOutputs, serviceOutputs } from "./rollout/outputs";
export { type LastDeployment, rollout } from "./rollout/rollout";
export { deployProblems } from "./rollout/ways/ways";
export {
  removeService,
  type ServiceFacts,
  type ServiceInputs,
  type ServiceResourceOutputs,
} from "./services/model";
export { service } from "./services/service";
export { backupsOf } from "./services/tasks";
export { mountedVolume, type ServiceVolume, serviceVolumes } from "./services/volumes";
export { readPending } from "./shared-variable-users/pending";
export { scope } from "./shared-variables/definition";
export type { ScopeRow } from "./shared-variables/model";
export { claimFactsOf } from "./simple/claim-facts";
export { fileServices } from "./simple/file-services";
export { listOf, listsIn } from "./simple/lists";
export type { Model } from "./simple/model";
export { Objects, type Row } from "./simple/objects";
export { parentNoun } from "./simple/parents";
export { simple } from "./simple/resource";
export { armField, field, withService, withTest } from "./simple/spec";
export { deployable, existing, observe } from "./variable-targets/find";
export { isService } from "./variable-targets/host";
export { observeKind } from "./variable-targets/observe";
export { environmentProblems } from "./variable-targets/reference-checks";
export { dockerfilePath, targetToWatch } from "./variable-targets/running";
export { valuesInRow } from "./variable-targets/services";
