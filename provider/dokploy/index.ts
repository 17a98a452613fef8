export { addressesOf } from "./addresses";
export { type ClientOptions, DokployClient } from "./client";
export type { Column, Router } from "./columns";
export { Companions } from "./companion";
export { dependsOnVersion, dialectOf, plainDialect, type ServerDialect, writesStackFile } from "./dialect";
export type {
  ContainerConfig,
  ContainerRow,
  HostContainerRow,
  NodeRow,
  TaskRow,
  TaskSpec,
} from "./docker-rows";
export { policyOf } from "./endpoint-policy";
export { type Api, callAny, callDatabase, type Endpoint, type Input, type Output } from "./endpoints";
export { DokployError, type ErrorKind, hideIn, ifFound, isNotFound } from "./errors";
export type { Feature } from "./features";
export { OBJECTS, QUERIES } from "./generated/facts";
export {
  DATABASES,
  type DatabaseKind,
  databaseKinds,
  dataVolumeOf,
  type ListedService,
  SERVICES,
  type ServiceClass,
  type ServiceKind,
  savedDatabases,
  serviceKinds,
  servicesIn,
  tableOf,
  textFields,
} from "./kinds";
export { Semaphore } from "./limits";
export { NOUNS } from "./nouns";
export { redact } from "./redact";
export type {
  ApplicationDetail,
  ApplicationRow,
  AuditLogRow,
  ComposeDetail,
  DatabaseDetail,
  DeploymentRow,
  DeploymentStatus,
  DomainRow,
  EnvironmentDetail,
  EnvironmentRow,
  ProjectDetail,
  ProjectRow,
  QueueJob,
  ServiceLists,
  ServiceStatus,
} from "./rows";
export { hostOf, parseAddress } from "./settings/address";
export { levelOf, type PlanCheck, planChecks, serverChecks } from "./settings/checks";
export { isCi } from "./settings/ci";
export {
  ofProvider,
  plainHttp,
  readAddress,
  readSettings,
  type Settings,
  SettingsError,
} from "./settings/connection";
export { keyGoesElsewhere, keyOfStackInCi } from "./settings/key-address";
export {
  inputOf,
  isServerKnown,
  laterText,
  providerSettingsKey,
  providerSettingsText,
  sourcesOf,
} from "./settings/provider-settings";
export { readLevels } from "./settings/rule-levels";
export {
  adoptedValuesVariable,
  listingVariable,
  type RunSettings,
  readRunSettings,
  volumesVariable,
} from "./settings/run";
export { serverNotice, shownServer } from "./settings/server-line";
export { find, labelOf, type ReadSetting, type Sources } from "./settings/sources";
export {
  adviceByVariable,
  howToSetFormer,
  type Setting,
  type SettingName,
  settingNames,
  settings,
  type ValueOf,
  variableOf,
} from "./settings/table";
export { type Reads, SharedReads } from "./shared-reads";
export type { Facts, Span } from "./span";
export type { Subscription } from "./subscription";
export { ServerTree, type ServiceId } from "./tree";
