// Written by `npm run docs` from the files of provider/resources. Do not edit

import * as kinds from "./kinds";

/** Loads the definition of each kind on first use, since most stacks have only a few kinds. */
const load = {
  ApiKey: () => kinds.apiKey,
  Application: () => kinds.application,
  Backup: () => kinds.backup,
  BitbucketProvider: () => kinds.bitbucketProvider,
  Certificate: () => kinds.certificate,
  Compose: () => kinds.compose,
  Deployment: () => kinds.deployment,
  Destination: () => kinds.destination,
  Domain: () => kinds.domain,
  Environment: () => kinds.environment,
  EnvironmentBlock: () => kinds.environmentBlock,
  GeneratedSecret: () => kinds.generatedSecret,
  GiteaProvider: () => kinds.giteaProvider,
  GitlabProvider: () => kinds.gitlabProvider,
  LibSql: () => kinds.libsql,
  MariaDb: () => kinds.mariadb,
  Member: () => kinds.member,
  Mongo: () => kinds.mongo,
  Mount: () => kinds.mount,
  MySql: () => kinds.mysql,
  Network: () => kinds.network,
  Notification: () => kinds.notification,
  Organization: () => kinds.organization,
  Patch: () => kinds.patch,
  Port: () => kinds.port,
  Postgres: () => kinds.postgres,
  Project: () => kinds.project,
  Redirect: () => kinds.redirect,
  Redis: () => kinds.redis,
  Registry: () => kinds.registry,
  Schedule: () => kinds.schedule,
  Security: () => kinds.security,
  Server: () => kinds.server,
  SshKey: () => kinds.sshKey,
  Tag: () => kinds.tag,
  TraefikFile: () => kinds.traefikFile,
  VaultProvider: () => kinds.vaultProvider,
  VolumeBackup: () => kinds.volumeBackup,
  WebServerSettings: () => kinds.webServerSettings,
} as const;

export type Kind = keyof typeof load;

/** Returns the definition of a kind; undefined for an unknown kind. */
export function definitionOf(kind: string): ReturnType<(typeof load)[Kind]> | undefined {
  return Object.hasOwn(load, kind) ? load[kind as Kind]() : undefined;
}

/** Returns the definitions of all kinds of resources. */
export function allDefinitions(): ReturnType<(typeof load)[Kind]>[] {
  return Object.values(load).map((definition) => definition());
}
