import type { Output } from "@pulumi/pulumi";
import type * as Platform from "./look-around";
import type {
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
} from "./look-around";
import type {
  GetTraefikFileArgs,
  GetTraefikFileOutputArgs,
  GetTraefikFileResult,
  GetTraefikFilesArgs,
  GetTraefikFilesOutputArgs,
  GetWebServerSettingsResult,
  TraefikFileSecrets,
} from "./look-at-web-server";
import { type Lookup, type LookupOptions, later, now, type OutputWith } from "./lookup";

/** What lists something of the platform; how it is read, is loaded with the first lookup. */
function listing<Args extends object, Result>(
  caller: string,
  sets: readonly (readonly string[])[],
  read: (platform: typeof Platform) => (args: Args, reader: Platform.Reader) => Promise<Result>,
): Lookup<Args, Result> {
  return {
    caller,
    sets,
    secrets: [],
    async find(args, reader) {
      const platform = require("./look-around") as typeof Platform;
      return { result: await read(platform)(args, reader), secrets: {} };
    },
  };
}

const deployments = listing<GetDeploymentsArgs, readonly GetDeploymentsResult[]>(
  "getDeployments",
  [["applicationId"], ["composeId"], ["serverId"]],
  ({ deploymentsOf }) => deploymentsOf,
);

/**
 * The last deployments of an application, a compose service or a server, the newest first. Dokploy keeps ten of each; of
 * databases it keeps none.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const [last] = await dokploy.getDeployments({ applicationId });
 * ```
 */
export function getDeployments(
  args: GetDeploymentsArgs,
  options?: LookupOptions,
): Promise<readonly GetDeploymentsResult[]> {
  return now(deployments, args, options);
}

/**
 * The last deployments of an application, a compose service or a server, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getDeploymentsOutput(
  args: GetDeploymentsOutputArgs,
  options?: LookupOptions,
): Output<readonly GetDeploymentsResult[]> {
  return later(deployments, args, options);
}

const nodes = listing<GetSwarmNodesArgs, readonly GetSwarmNodesResult[]>(
  "getSwarmNodes",
  [["serverId?"]],
  ({ nodesOf }) => nodesOf,
);

/**
 * The nodes of the Docker Swarm in which services run, by their host names.
 *
 * They are read in every run, also at preview. The API key needs access to Docker.
 *
 * @throws LookupError when there is no such server, or Docker does not answer
 *
 * @example
 * ```ts
 * const nodes = await dokploy.getSwarmNodes();
 * const replicas = nodes.filter(({ availability }) => availability === "active").length;
 * ```
 */
export function getSwarmNodes(
  args: GetSwarmNodesArgs = {},
  options?: LookupOptions,
): Promise<readonly GetSwarmNodesResult[]> {
  return now(nodes, args, options);
}

/**
 * The nodes of the Docker Swarm in which services run, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such server, or Docker does not answer
 */
export function getSwarmNodesOutput(
  args: GetSwarmNodesOutputArgs = {},
  options?: LookupOptions,
): Output<readonly GetSwarmNodesResult[]> {
  return later(nodes, args, options);
}

const containers = listing<GetContainersArgs, readonly GetContainersResult[]>(
  "getContainers",
  [["serverId?"]],
  ({ containersOn }) => containersOn,
);

/**
 * All containers of a machine but those of Dokploy itself, by their names; those that have ended, too.
 *
 * They are read in every run, also at preview. The API key needs access to Docker.
 *
 * @throws LookupError when there is no such server, or Docker does not answer
 *
 * @example
 * ```ts
 * const containers = await dokploy.getContainers();
 * const failed = containers.filter(({ state }) => state === "restarting");
 * ```
 */
export function getContainers(
  args: GetContainersArgs = {},
  options?: LookupOptions,
): Promise<readonly GetContainersResult[]> {
  return now(containers, args, options);
}

/**
 * All containers of a machine but those of Dokploy itself, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such server, or Docker does not answer
 */
export function getContainersOutput(
  args: GetContainersOutputArgs = {},
  options?: LookupOptions,
): Output<readonly GetContainersResult[]> {
  return later(containers, args, options);
}

const members = listing<object, readonly GetMembersResult[]>(
  "getMembers",
  [[]],
  ({ membersOf }) => membersOf,
);

/**
 * The people in the organization of the key, by their emails.
 *
 * They are read in every run, also at preview. The API key needs to be that of an owner or admin.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const admins = (await dokploy.getMembers()).filter(({ role }) => role === "admin");
 * ```
 */
export function getMembers(options?: LookupOptions): Promise<readonly GetMembersResult[]> {
  return now(members, {}, options);
}

/**
 * The people in the organization of the key, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getMembersOutput(options?: LookupOptions): Output<readonly GetMembersResult[]> {
  return later(members, {}, options);
}

const apiKeys = listing<object, readonly GetApiKeysResult[]>(
  "getApiKeys",
  [[]],
  ({ apiKeysOf }) => apiKeysOf,
);

/**
 * The API keys of the user whose key the settings have, by their names, without their texts; those too that have expired.
 * Those of other users Dokploy shows to nobody else.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when Dokploy cannot be asked
 *
 * @example
 * ```ts
 * const soon = new Date(Date.now() + 14 * 86_400_000).toISOString();
 * const ending = (await dokploy.getApiKeys()).filter(({ expiresAt }) => expiresAt !== undefined && expiresAt < soon);
 * ```
 */
export function getApiKeys(options?: LookupOptions): Promise<readonly GetApiKeysResult[]> {
  return now(apiKeys, {}, options);
}

/**
 * The API keys of the user whose key the settings have, as an output.
 *
 * @throws LookupError when Dokploy cannot be asked
 */
export function getApiKeysOutput(options?: LookupOptions): Output<readonly GetApiKeysResult[]> {
  return later(apiKeys, {}, options);
}

const webServer = () => require("./look-at-web-server") as typeof import("./look-at-web-server");

const settings: Lookup<object, GetWebServerSettingsResult> = {
  caller: "getWebServerSettings",
  sets: [[]],
  secrets: [],
  find: async (_, reader) => ({ result: await webServer().settingsShown(reader), secrets: {} }),
};

/**
 * What Dokploy's own web server is set to: its host name, its certificate, cleaning up and builds at once.
 *
 * It is read in every run, also at preview. For what the same program sets, use the outputs of that resource.
 *
 * @throws LookupError when Dokploy has no web server of its own, as in Dokploy Cloud
 *
 * @example
 * ```ts
 * const { host, https } = await dokploy.getWebServerSettings();
 * ```
 */
export function getWebServerSettings(options?: LookupOptions): Promise<GetWebServerSettingsResult> {
  return now(settings, {}, options);
}

/**
 * What Dokploy's own web server is set to, as an output.
 *
 * @throws LookupError when Dokploy has no web server of its own, as in Dokploy Cloud
 */
export function getWebServerSettingsOutput(options?: LookupOptions): Output<GetWebServerSettingsResult> {
  return later(settings, {}, options);
}

const files: Lookup<GetTraefikFilesArgs, readonly GetTraefikFileResult[]> = {
  caller: "getTraefikFiles",
  sets: [["serverId?"]],
  secrets: [],
  find: async (args, reader) => ({ result: await webServer().traefikFiles(args, reader), secrets: {} }),
};

/**
 * All files in Traefik's folder, by their paths: those of Dokploy's own, and what is left of deleted ones, too.
 *
 * They are read in every run, also at preview. The API key needs access to Traefik's files.
 *
 * @throws LookupError when there is no such server, or the key may not see them
 *
 * @example
 * ```ts
 * const byHand = (await dokploy.getTraefikFiles()).filter(({ canBeManaged }) => canBeManaged);
 * ```
 */
export function getTraefikFiles(
  args: GetTraefikFilesArgs = {},
  options?: LookupOptions,
): Promise<readonly GetTraefikFileResult[]> {
  return now(files, args, options);
}

/**
 * All files in Traefik's folder, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such server, or the key may not see them
 */
export function getTraefikFilesOutput(
  args: GetTraefikFilesOutputArgs = {},
  options?: LookupOptions,
): Output<readonly GetTraefikFileResult[]> {
  return later(files, args, options);
}

const file: Lookup<GetTraefikFileArgs, GetTraefikFileResult, TraefikFileSecrets> = {
  caller: "getTraefikFile",
  sets: [["id"], ["path", "serverId?"]],
  secrets: ["content"],
  find: (args, reader) => webServer().traefikFile(args, reader),
};

/**
 * A file in Traefik's folder: by its id, or by its path, on Dokploy's own machine unless a server is named.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getTraefikFileOutput`. The `content`, which may hold secrets, stands beside the result of that alone. The
 * API key needs access to Traefik's files.
 *
 * @throws LookupError when there is no such file, which lists what there is, or nothing in it
 *
 * @example
 * ```ts
 * const { content } = dokploy.getTraefikFileOutput({ path: "dynamic/headers.yml" });
 * ```
 */
export function getTraefikFile(
  args: GetTraefikFileArgs,
  options?: LookupOptions,
): Promise<GetTraefikFileResult> {
  return now(file, args, options);
}

/**
 * A file in Traefik's folder: by its id, or by its path, on Dokploy's own machine unless a server is named. Each argument may be
 * an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such file, which lists what there is, or nothing in it
 */
export function getTraefikFileOutput(
  args: GetTraefikFileOutputArgs,
  options?: LookupOptions,
): OutputWith<GetTraefikFileResult, TraefikFileSecrets> {
  return later(file, args, options);
}

const version = listing<object, string>("getVersion", [[]], ({ versionOf }) => versionOf);

/**
 * The version of Dokploy, such as `0.30.2`.
 *
 * It is read in every run, also at preview.
 *
 * @throws LookupError when Dokploy does not say it
 *
 * @example
 * ```ts
 * export const version = dokploy.getVersion();
 * ```
 */
export function getVersion(options?: LookupOptions): Promise<string> {
  return now(version, {}, options);
}

/**
 * The version of Dokploy, as an output.
 *
 * @throws LookupError when Dokploy does not say it
 */
export function getVersionOutput(options?: LookupOptions): Output<string> {
  return later(version, {}, options);
}
