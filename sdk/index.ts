/**
 * Dokploy as code: what a Pulumi program imports.
 *
 * @packageDocumentation
 */
export { Database } from "./classes/database";
export * from "./classes/generated/classes";
export { Service } from "./classes/service";
export { configSecret } from "./env-files/config-secret";
export { type EnvPath, type EnvVars, type LoadEnvOptions, loadEnv, loadEnvs } from "./env-files/load-env";
export { type ComposeFileSource, composeFile, type FilledComposeFileSource } from "./files/compose-file";
export { type ImageFileOptions, imageFile } from "./files/image-file";
export { FileError } from "./files/source";
export { type FileValues, type TextFileOptions, textFile } from "./files/text-file";
export { LookupError } from "./lookups/error";
export * from "./lookups/generated/databases";
export * from "./lookups/generated/forms";
export * from "./lookups/generated/git-hosts";
export * from "./lookups/generated/simple";
export type { OutputWithEnv } from "./lookups/host";
export type { LookupOptions } from "./lookups/lookup";
export { DeploymentRepository, type DeploymentRepositoryArgs } from "./repository/deployment-repository";
export { imageTag } from "./repository/image-tag";
export type { ResourceOptions } from "./resource/base";
export { Provider, type ProviderArgs } from "./run/provider";
export { WebApp, type WebAppArgs, type WebAppBackup, type WebAppDatabase } from "./web-app";
