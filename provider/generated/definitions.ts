// Written by `npm run docs` from the files of provider/resources. Do not edit

import type { apiKey } from "../resources/api-key";
import type { application } from "../resources/application";
import type { backup } from "../resources/backup";
import type { bitbucketProvider } from "../resources/bitbucket-provider";
import type { certificate } from "../resources/certificate";
import type { compose } from "../resources/compose";
import type { deployment } from "../resources/deployment";
import type { destination } from "../resources/destination";
import type { domain } from "../resources/domain";
import type { environment } from "../resources/environment";
import type { environmentBlock } from "../resources/environment-block";
import type { giteaProvider } from "../resources/gitea-provider";
import type { gitlabProvider } from "../resources/gitlab-provider";
import type { libsql } from "../resources/lib-sql";
import type { mariadb } from "../resources/maria-db";
import type { member } from "../resources/member";
import type { mongo } from "../resources/mongo";
import type { mount } from "../resources/mount";
import type { mysql } from "../resources/my-sql";
import type { network } from "../resources/network";
import type { notification } from "../resources/notification";
import type { organization } from "../resources/organization";
import type { patch } from "../resources/patch";
import type { port } from "../resources/port";
import type { postgres } from "../resources/postgres";
import type { project } from "../resources/project";
import type { redirect } from "../resources/redirect";
import type { redis } from "../resources/redis";
import type { registry } from "../resources/registry";
import type { schedule } from "../resources/schedule";
import type { security } from "../resources/security";
import type { server } from "../resources/server";
import type { sshKey } from "../resources/ssh-key";
import type { tag } from "../resources/tag";
import type { traefikFile } from "../resources/traefik-file";
import type { vaultProvider } from "../resources/vault-provider";
import type { volumeBackup } from "../resources/volume-backup";
import type { webServerSettings } from "../resources/web-server-settings";

/** Loads the definition of each kind on first use, since most stacks have only a few kinds. */
const load = {
  ApiKey: (): typeof apiKey => require("../resources/api-key").apiKey,
  Application: (): typeof application => require("../resources/application").application,
  Backup: (): typeof backup => require("../resources/backup").backup,
  BitbucketProvider: (): typeof bitbucketProvider => require("../resources/bitbucket-provider").bitbucketProvider,
  Certificate: (): typeof certificate => require("../resources/certificate").certificate,
  Compose: (): typeof compose => require("../resources/compose").compose,
  Deployment: (): typeof deployment => require("../resources/deployment").deployment,
  Destination: (): typeof destination => require("../resources/destination").destination,
  Domain: (): typeof domain => require("../resources/domain").domain,
  Environment: (): typeof environment => require("../resources/environment").environment,
  EnvironmentBlock: (): typeof environmentBlock => require("../resources/environment-block").environmentBlock,
  GiteaProvider: (): typeof giteaProvider => require("../resources/gitea-provider").giteaProvider,
  GitlabProvider: (): typeof gitlabProvider => require("../resources/gitlab-provider").gitlabProvider,
  LibSql: (): typeof libsql => require("../resources/lib-sql").libsql,
  MariaDb: (): typeof mariadb => require("../resources/maria-db").mariadb,
  Member: (): typeof member => require("../resources/member").member,
  Mongo: (): typeof mongo => require("../resources/mongo").mongo,
  Mount: (): typeof mount => require("../resources/mount").mount,
  MySql: (): typeof mysql => require("../resources/my-sql").mysql,
  Network: (): typeof network => require("../resources/network").network,
  Notification: (): typeof notification => require("../resources/notification").notification,
  Organization: (): typeof organization => require("../resources/organization").organization,
  Patch: (): typeof patch => require("../resources/patch").patch,
  Port: (): typeof port => require("../resources/port").port,
  Postgres: (): typeof postgres => require("../resources/postgres").postgres,
  Project: (): typeof project => require("../resources/project").project,
  Redirect: (): typeof redirect => require("../resources/redirect").redirect,
  Redis: (): typeof redis => require("../resources/redis").redis,
  Registry: (): typeof registry => require("../resources/registry").registry,
  Schedule: (): typeof schedule => require("../resources/schedule").schedule,
  Security: (): typeof security => require("../resources/security").security,
  Server: (): typeof server => require("../resources/server").server,
  SshKey: (): typeof sshKey => require("../resources/ssh-key").sshKey,
  Tag: (): typeof tag => require("../resources/tag").tag,
  TraefikFile: (): typeof traefikFile => require("../resources/traefik-file").traefikFile,
  VaultProvider: (): typeof vaultProvider => require("../resources/vault-provider").vaultProvider,
  VolumeBackup: (): typeof volumeBackup => require("../resources/volume-backup").volumeBackup,
  WebServerSettings: (): typeof webServerSettings => require("../resources/web-server-settings").webServerSettings,
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
