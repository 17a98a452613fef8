// Written by `npm run docs` from the definitions in provider/resources and the classes in sdk/classes. Do not edit

import type { Kind } from "../../provider/resources";

/** Outputs of each kind that are not inputs, and those of them that no update changes. */
export const outputs: Readonly<
  Record<Kind, { readonly all: readonly string[]; readonly stable: readonly string[] }>
> = {
  ApiKey: { all: ["expiresAt","key","userId"], stable: [] },
  Application: { all: ["appName","lastDeployment","status"], stable: ["appName"] },
  Backup: { all: [], stable: [] },
  BitbucketProvider: { all: [], stable: [] },
  Certificate: { all: [], stable: [] },
  Compose: { all: ["appName","lastDeployment","status"], stable: ["appName"] },
  Deployment: { all: ["appName","lastDeployment","status"], stable: [] },
  Destination: { all: [], stable: [] },
  Domain: { all: [], stable: [] },
  Environment: { all: [], stable: [] },
  EnvironmentBlock: { all: ["appName","lastDeployment","status"], stable: [] },
  GeneratedSecret: { all: ["value"], stable: [] },
  GiteaProvider: { all: ["authorizeUrl","isConfigured"], stable: [] },
  GitlabProvider: { all: ["authorizeUrl","isConfigured"], stable: [] },
  LibSql: { all: ["appName","connectionUrl","externalUrl","lastDeployment","status"], stable: ["appName"] },
  MariaDb: { all: ["appName","connectionUrl","externalUrl","lastDeployment","rootConnectionUrl","status"], stable: ["appName"] },
  Member: { all: ["memberId"], stable: ["memberId"] },
  Mongo: { all: ["appName","connectionUrl","externalUrl","lastDeployment","status"], stable: ["appName"] },
  Mount: { all: [], stable: [] },
  MySql: { all: ["appName","connectionUrl","externalUrl","lastDeployment","rootConnectionUrl","status"], stable: ["appName"] },
  Network: { all: [], stable: [] },
  Notification: { all: [], stable: [] },
  Organization: { all: [], stable: [] },
  Patch: { all: [], stable: [] },
  Port: { all: [], stable: [] },
  Postgres: { all: ["appName","connectionUrl","externalUrl","lastDeployment","status"], stable: ["appName"] },
  Project: { all: ["defaultEnvironmentId"], stable: ["defaultEnvironmentId"] },
  Redirect: { all: [], stable: [] },
  Redis: { all: ["appName","connectionUrl","externalUrl","lastDeployment","status"], stable: ["appName"] },
  Registry: { all: [], stable: [] },
  Schedule: { all: [], stable: [] },
  Security: { all: [], stable: [] },
  Server: { all: [], stable: [] },
  SshKey: { all: ["privateKey","publicKey"], stable: ["privateKey","publicKey"] },
  Tag: { all: [], stable: [] },
  TraefikFile: { all: [], stable: [] },
  VaultProvider: { all: [], stable: [] },
  VolumeBackup: { all: [], stable: [] },
  WebServerSettings: { all: [], stable: [] },
};
