import type { Output } from "@pulumi/pulumi";
import type * as Platform from "./look-around";
import type {
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
import { type Lookup, type LookupOptions, later, now } from "./lookup";

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
