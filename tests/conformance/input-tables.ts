import { newKeyPair } from "../../provider/resources/ssh-key/keys";
import type { MappedField } from "../../provider/schema/compile";
import type { Ids } from "../resources/generated";

type Values = Readonly<Record<string, unknown>>;
type Table<T> = Readonly<Record<string, T | ((ids: Ids) => T)>>;

const git = { type: "git", url: "https://git.acme.example/shop.git", branch: "main" };
const file = { type: "file", mountPath: "/etc/app.toml", filePath: "conf/app.toml", content: "a = 1" };
const oauth = { accessToken: undefined, clientId: "shop", clientSecret: "made-up" };
const replica = {
  primaryUrl: "http://first:5001",
  command: "/bin/sqld --primary-grpc-url http://first:5001",
};
const noFile = { filePath: undefined, content: undefined };
const noOwner = { composeId: undefined, serviceName: undefined };

/** Inputs that suit only some owners. */
export const ofOwner: readonly string[] = ["serviceName", "metadata", "databaseType", "scheduleType"];

/** What a program gives of a kind at least, where neither types nor test data say it. */
export const least: Table<Values> = {
  EnvironmentBlock: ({ applicationId }) => ({ target: { applicationId }, env: { SET: "1" } }),
};

/** Inputs that a check asks for beside one, or beside those within it. */
export const beside: Table<Values> = {
  "Application.build": { source: git },
  "Application.patches": { source: git },
  "Application.release": { deploy: undefined },
  "Backup.includeEncryptionKey": {
    ...noOwner,
    metadata: undefined,
    databaseType: "web-server",
    database: undefined,
  },
  "Compose.patches": { source: git },
  "Domain.customCertResolver": { certificateType: "custom", customCertResolver: "dns" },
  "Domain.stripPath": { path: "/api" },
  "EnvironmentBlock.redeployReferrers": ({ projectId }) => ({ target: { projectId }, deploy: undefined }),
  "GiteaProvider.accessToken": oauth,
  "GiteaProvider.clientId": oauth,
  "GiteaProvider.clientSecret": oauth,
  "LibSql.primaryUrl": { node: "replica", ...replica },
  "Mount.hostPath": { type: "bind", ...noFile, hostPath: "/srv" },
  "Mount.volumeName": { type: "volume", ...noFile, volumeName: "files" },
  "Schedule.script": { ...noOwner, command: undefined, scheduleType: "dokploy-server", script: "true" },
  "VaultProvider.vault[doppler]": { vault: { type: "doppler", serviceToken: "dp.st.made-up" } },
  "VolumeBackup.serviceName": ({ composeId }) => ({
    applicationId: undefined,
    composeId,
    serviceName: "web",
  }),
  "WebServerSettings.certificateType": { host: "dokploy.example.com" },
  "WebServerSettings.https": { host: "dokploy.example.com" },
};

/** Inputs that change together with one, since a check refuses it beside the former ones. */
export const together: Table<Values> = {
  "Backup.databaseType": { metadata: { postgres: { databaseUser: "wiki" } } },
  "GiteaProvider.accessToken": { clientId: undefined, clientSecret: undefined },
  "LibSql.node": replica,
  "Mount.type": { type: "bind", ...noFile, hostPath: "/srv" },
  "Network.enableIPv4": { enableIPv6: true },
};

/** Values of inputs whose check refuses what their type takes. */
export const values: Table<unknown> = {
  "Backup.metadata": { mariadb: { databaseUser: "other", databasePassword: "made-up" } },
  "Compose.checks": { "port-clash": "off" },
  "Compose.domains": { "shop.example.com/": { host: "shop.example.com", serviceName: "web" } },
  "Domain.serviceName": "api",
  "EnvironmentBlock.target": (ids: Ids) => ({ applicationId: ids["other applicationId"] }),
  "Organization.defaultRole": "admin",
  "SshKey.existingKey": () => newKeyPair().privateKey,
  "VaultProvider.vault.serviceToken[doppler]": "dp.st.other",
  mounts: { "/etc/app.toml": file },
  "swarm.healthCheck": { Test: ["CMD", "true"] },
};

/** Returns the entry for an input: by its kind and path, with the member of its union or without, or the beginning of it. */
export function entryFor<T>(table: Table<T>, kind: string, leaf: MappedField, ids: Ids): T | undefined {
  const { path, arm } = leaf;
  for (let end = path.length; end > 0; end -= 1) {
    const within = path.slice(0, end).join(".");
    const keys = [...(arm ? [`${kind}.${within}[${String(arm.value)}]`] : []), `${kind}.${within}`, within];
    const key = keys.find((one) => one in table);
    if (key !== undefined) return entryOf(table[key], ids);
  }
  return undefined;
}

/** Returns an entry that may need ids of the server. */
export function entryOf<T>(entry: T | ((ids: Ids) => T) | undefined, ids: Ids): T | undefined {
  return typeof entry === "function" ? (entry as (ids: Ids) => T)(ids) : entry;
}
