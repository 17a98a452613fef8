export { type Context, connect } from "./context";
export type { Advice, Entity, Existing, Lost, Origin, Planned, State } from "./entity";
export { handlersOf, type Process } from "./handlers-of";
export { targetOfId } from "./import-ids";
export { importedKey, managed } from "./imported";
export { creations, lastUpdate } from "./last-change";
export { isLost } from "./losses";
export { isOn } from "./on-server";
export type { Handlers } from "./pipeline";
export {
  type Claim,
  type ClaimFacts,
  Claims,
  type Key,
  keyValues,
  nameClaim,
  type ObjectFacts,
  objectClaim,
  parentIn,
  sameObject,
  textClaims,
} from "./run/claims";
export type { LastDeployment, Made, WantedDeployment } from "./run/deployments";
export { adviseAlias, formerName } from "./run/holdings";
export { type NamedValue, ProgramSecrets } from "./run/program-secrets";
export { Run } from "./run/run";
export type { NewScope, SharedScope } from "./run/shared-plans";
export type { Parent, ParentKind, Row, Wire } from "./wire";
export { withChecks } from "./with-checks";
export { noSuch } from "./wrong-id";
