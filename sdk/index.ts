/**
 * Dokploy as code: what a Pulumi program imports.
 *
 * @packageDocumentation
 */
export { Database } from "./classes/database";
export * from "./classes/generated/classes";
export { Service } from "./classes/service";
export { type EnvPath, type EnvVars, type LoadEnvOptions, loadEnv, loadEnvs } from "./env-files/load-env";
export { type ComposeFileSource, composeFile } from "./files/compose-file";
export { FileError } from "./files/source";
export { LookupError } from "./lookups/error";
export * from "./lookups/generated/databases";
export * from "./lookups/generated/git-hosts";
export * from "./lookups/generated/simple";
export * from "./lookups/get-application";
export * from "./lookups/get-backup-files";
export * from "./lookups/get-compose";
export * from "./lookups/get-environment";
export * from "./lookups/get-project";
export * from "./lookups/github";
export type { OutputWithEnv } from "./lookups/host";
export type {
  GetApiKeysResult,
  GetContainersArgs,
  GetContainersOutputArgs,
  GetContainersResult,
  GetDeploymentsArgs,
  GetDeploymentsOutputArgs,
  GetDeploymentsResult,
  GetMembersResult,
  GetSwarmNodesArgs,
  GetSwarmNodesOutputArgs,
  GetSwarmNodesResult,
} from "./lookups/look-around";
export type {
  GetTraefikFileArgs,
  GetTraefikFileOutputArgs,
  GetTraefikFileResult,
  GetTraefikFilesArgs,
  GetTraefikFilesOutputArgs,
  GetWebServerSettingsResult,
} from "./lookups/look-at-web-server";
export type { LookupOptions } from "./lookups/lookup";
export * from "./lookups/platform";
export { DeploymentRepository, type DeploymentRepositoryArgs } from "./repository/deployment-repository";
export type { ResourceOptions } from "./resource/base";
export { Provider, type ProviderArgs } from "./run/provider";
