import type {
  GetApiKeysResult,
  GetContainersArgs,
  GetContainersResult,
  GetDeploymentsArgs,
  GetDeploymentsResult,
  GetMembersResult,
  GetSwarmNodesArgs,
  GetSwarmNodesResult,
} from "./look-around";
import type {
  GetTraefikFileArgs,
  GetTraefikFileResult,
  GetTraefikFilesArgs,
  GetWebServerSettingsResult,
  TraefikFileSecrets,
} from "./look-at-web-server";
import { type Lookup, openLookup, outputForm, plainForm } from "./lookup";

// Modules that read, loaded with the first lookup.
const platform = () => require("./look-around") as typeof import("./look-around");
const webServer = () => require("./look-at-web-server") as typeof import("./look-at-web-server");

const deployments = openLookup<GetDeploymentsArgs, readonly GetDeploymentsResult[]>(
  "getDeployments",
  [["applicationId"], ["composeId"], ["serverId"]],
  (args, reader) => platform().deploymentsOf(args, reader),
);

/**
 * Returns the last deployments of an application, a compose service or a server, the newest first. Dokploy keeps ten
 * for each, and none for databases.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when no such service or server exists
 *
 * @example
 * ```ts
 * const [last] = await dokploy.getDeployments({ applicationId });
 * ```
 */
export const getDeployments = plainForm(deployments);

/**
 * Returns the result of {@link getDeployments} as an output. The argument may be an output. If it is unknown at
 * preview, the result is unknown too, and Dokploy is not called.
 */
export const getDeploymentsOutput = outputForm(deployments);

const nodes = openLookup<GetSwarmNodesArgs, readonly GetSwarmNodesResult[]>(
  "getSwarmNodes",
  [["serverId?"]],
  (args, reader) => platform().nodesOf(args, reader),
);

/**
 * Returns the nodes of the Docker Swarm in which services run, sorted by host name.
 *
 * They are read in every run, including previews. The API key needs access to Docker.
 *
 * @throws LookupError when no such server exists, or Docker does not respond
 *
 * @example
 * ```ts
 * const nodes = await dokploy.getSwarmNodes();
 * const replicas = nodes.filter(({ availability }) => availability === "active").length;
 * ```
 */
export const getSwarmNodes = plainForm(nodes);

/**
 * Returns the result of {@link getSwarmNodes} as an output. The argument may be an output. If it is unknown at preview,
 * the result is unknown too, and Dokploy is not called.
 */
export const getSwarmNodesOutput = outputForm(nodes);

const containers = openLookup<GetContainersArgs, readonly GetContainersResult[]>(
  "getContainers",
  [["serverId?"]],
  (args, reader) => platform().containersOn(args, reader),
);

/**
 * Returns all containers of a machine except those of Dokploy itself, sorted by name, including those that have ended.
 *
 * They are read in every run, including previews. The API key needs access to Docker.
 *
 * @throws LookupError when no such server exists, or Docker does not respond
 *
 * @example
 * ```ts
 * const containers = await dokploy.getContainers();
 * const failed = containers.filter(({ state }) => state === "restarting");
 * ```
 */
export const getContainers = plainForm(containers);

/**
 * Returns the result of {@link getContainers} as an output. The argument may be an output. If it is unknown at preview,
 * the result is unknown too, and Dokploy is not called.
 */
export const getContainersOutput = outputForm(containers);

const members = openLookup<object, readonly GetMembersResult[]>("getMembers", [[]], (args, reader) =>
  platform().membersOf(args, reader),
);

/**
 * Returns the people in the organization of the API key, sorted by email.
 *
 * They are read in every run, including previews. The API key must be that of an owner or admin.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const admins = (await dokploy.getMembers()).filter(({ role }) => role === "admin");
 * ```
 */
export const getMembers = plainForm(members);

/** Returns the result of {@link getMembers} as an output. */
export const getMembersOutput = outputForm(members);

const apiKeys = openLookup<object, readonly GetApiKeysResult[]>("getApiKeys", [[]], (args, reader) =>
  platform().apiKeysOf(args, reader),
);

/**
 * Returns the API keys of the user whose key is in the settings, sorted by name, without their texts, including those
 * that have expired. Dokploy shows the keys of a user to nobody else.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when Dokploy cannot be reached
 *
 * @example
 * ```ts
 * const soon = new Date(Date.now() + 14 * 86_400_000).toISOString();
 * const ending = (await dokploy.getApiKeys()).filter(({ expiresAt }) => expiresAt !== undefined && expiresAt < soon);
 * ```
 */
export const getApiKeys = plainForm(apiKeys);

/** Returns the result of {@link getApiKeys} as an output. */
export const getApiKeysOutput = outputForm(apiKeys);

const settings = openLookup<object, GetWebServerSettingsResult>("getWebServerSettings", [[]], (_, reader) =>
  webServer().settingsShown(reader),
);

/**
 * Returns the settings of Dokploy's own web server: host name, certificate, cleanup and the number of builds at the
 * same time.
 *
 * They are read in every run, including previews. For settings that the same program sets, use the outputs of that
 * resource.
 *
 * @throws LookupError when Dokploy has no own web server, as in Dokploy Cloud
 *
 * @example
 * ```ts
 * const { host, https } = await dokploy.getWebServerSettings();
 * ```
 */
export const getWebServerSettings = plainForm(settings);

/** Returns the result of {@link getWebServerSettings} as an output. */
export const getWebServerSettingsOutput = outputForm(settings);

const files = openLookup<GetTraefikFilesArgs, readonly GetTraefikFileResult[]>(
  "getTraefikFiles",
  [["serverId?"]],
  (args, reader) => webServer().traefikFiles(args, reader),
);

/**
 * Returns all files in Traefik's folder, sorted by path, including Dokploy's own files and the remains of deleted ones.
 *
 * They are read in every run, including previews. The API key needs access to Traefik's files.
 *
 * @throws LookupError when no such server exists, or the key may not see them
 *
 * @example
 * ```ts
 * const byHand = (await dokploy.getTraefikFiles()).filter(({ canBeManaged }) => canBeManaged);
 * ```
 */
export const getTraefikFiles = plainForm(files);

/**
 * Returns the result of {@link getTraefikFiles} as an output. The argument may be an output. If it is unknown at
 * preview, the result is unknown too, and Dokploy is not called.
 */
export const getTraefikFilesOutput = outputForm(files);

const file: Lookup<GetTraefikFileArgs, GetTraefikFileResult, TraefikFileSecrets> = {
  caller: "getTraefikFile",
  sets: [["id"], ["path", "serverId?"]],
  secrets: ["content"],
  find: (args, reader) => webServer().traefikFile(args, reader),
};

/**
 * Returns a file in Traefik's folder, found by its id or its path. Without `serverId`, a path is on Dokploy's own
 * machine.
 *
 * It is read in every run, including previews. For a file that the same program creates, use the outputs of that
 * resource. To pass outputs as arguments use `getTraefikFileOutput`. Only its result has the `content`, which may hold
 * secrets. The API key needs access to Traefik's files.
 *
 * @throws LookupError when no such file exists (the message lists the others), or it is empty
 *
 * @example
 * ```ts
 * const { content } = dokploy.getTraefikFileOutput({ path: "dynamic/headers.yml" });
 * ```
 */
export const getTraefikFile = plainForm(file);

/**
 * Returns the result of {@link getTraefikFile} as an output, with the secret `content`. Each argument may be an output.
 * If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getTraefikFileOutput = outputForm(file);

const version = openLookup<object, string>("getVersion", [[]], (args, reader) =>
  platform().versionOf(args, reader),
);

/**
 * Returns the version of Dokploy, such as `0.30.2`.
 *
 * It is read in every run, including previews.
 *
 * @throws LookupError when Dokploy does not return it
 *
 * @example
 * ```ts
 * export const version = dokploy.getVersion();
 * ```
 */
export const getVersion = plainForm(version);

/** Returns the result of {@link getVersion} as an output. */
export const getVersionOutput = outputForm(version);
