/**
 * Dokploy as code: what a Pulumi program imports.
 *
 * @packageDocumentation
 */
export { ApiKey, type ApiKeyArgs } from "./classes/api-key";
export { Application, type ApplicationArgs } from "./classes/application";
export { Compose, type ComposeArgs } from "./classes/compose";
export { Database } from "./classes/database";
export { Deployment, type DeploymentArgs } from "./classes/deployment";
export { Environment, type EnvironmentArgs } from "./classes/environment";
export { EnvironmentBlock, type EnvironmentBlockArgs } from "./classes/environment-block";
export * from "./classes/generated/simple";
export { LibSql, type LibSqlArgs } from "./classes/lib-sql";
export { MariaDb, type MariaDbArgs } from "./classes/maria-db";
export { Member, type MemberArgs } from "./classes/member";
export { Mongo, type MongoArgs } from "./classes/mongo";
export { MySql, type MySqlArgs } from "./classes/my-sql";
export { Postgres, type PostgresArgs } from "./classes/postgres";
export { Project, type ProjectArgs } from "./classes/project";
export { Redis, type RedisArgs } from "./classes/redis";
export { Service } from "./classes/service";
export { TraefikFile, type TraefikFileArgs } from "./classes/traefik-file";
export { WebServerSettings, type WebServerSettingsArgs } from "./classes/web-server-settings";
export { type EnvPath, type EnvVars, type LoadEnvOptions, loadEnv, loadEnvs } from "./env-files/load-env";
export { type ComposeFileSource, composeFile } from "./files/compose-file";
export { FileError } from "./files/source";
export { LookupError } from "./lookups/error";
export * from "./lookups/generated/databases";
export * from "./lookups/generated/simple";
export {
  type GetApplicationArgs,
  type GetApplicationOutputArgs,
  type GetApplicationResult,
  getApplication,
  getApplicationOutput,
} from "./lookups/get-application";
export {
  type BackupFile,
  type GetBackupFilesArgs,
  type GetBackupFilesOutputArgs,
  getBackupFiles,
  getBackupFilesOutput,
} from "./lookups/get-backup-files";
export {
  type GetComposeArgs,
  type GetComposeOutputArgs,
  type GetComposeResult,
  getCompose,
  getComposeOutput,
} from "./lookups/get-compose";
export {
  type GetEnvironmentArgs,
  type GetEnvironmentOutputArgs,
  type GetEnvironmentResult,
  getEnvironment,
  getEnvironmentOutput,
} from "./lookups/get-environment";
export {
  type GetProjectArgs,
  type GetProjectOutputArgs,
  type GetProjectResult,
  getProject,
  getProjectOutput,
} from "./lookups/get-project";
export * from "./lookups/git-providers";
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
