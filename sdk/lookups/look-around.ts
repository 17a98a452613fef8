import { byText } from "../../packages/text";
import type { DeploymentRow, NodeRow } from "../../provider/dokploy";
import type { OneOf } from "./arguments";
import { LookupError } from "./error";
import { openLookup } from "./lookup";
import type { Reader } from "./reader";

/** A server, or by default Dokploy's own machine. */
interface OnServer {
  /** Id of the server. Default: Dokploy's own machine. */
  readonly serverId?: string;
}

interface OfApplication {
  /** Id of the application. */
  readonly applicationId: string;
}
interface OfCompose {
  /** Id of the compose service. */
  readonly composeId: string;
}
interface OfServer {
  /** Id of the server, whose deployments are those that set it up. */
  readonly serverId: string;
}
type Deployed = OfApplication | OfCompose | OfServer;

/** Argument that names an application, a compose service or a server. */
export type GetDeploymentsArgs = OneOf<Deployed>;

/** A deployment that Dokploy has on record. */
export interface GetDeploymentsResult {
  /** Id of the deployment. */
  readonly deploymentId: string;
  /** Title that it was started with; when a deployment from git has ended, the message of the commit. */
  readonly title: string;
  /** Description in Dokploy; undefined when it has none. */
  readonly description: string | undefined;
  /** Status; `cancelled` when a restart of Dokploy ended it. */
  readonly status: "running" | "done" | "error" | "cancelled";
  /** Time of the request, in ISO 8601. */
  readonly createdAt: string;
  /** Time of the start, in ISO 8601; undefined while it waits. */
  readonly startedAt: string | undefined;
  /** Time of the end, in ISO 8601; undefined until then. */
  readonly finishedAt: string | undefined;
}

/** Argument that names a Swarm: that of a server, or by default that of Dokploy's own machine. */
export interface GetSwarmNodesArgs extends OnServer {}

/** A node of a Docker Swarm. */
export interface GetSwarmNodesResult {
  /** Id of the node in Docker. */
  readonly nodeId: string;
  /** Host name. */
  readonly hostname: string;
  /** Address at which other nodes reach it. */
  readonly address: string;
  /** Role in the swarm. */
  readonly role: "manager" | "worker";
  /** True for the one manager that leads. */
  readonly isLeader: boolean;
  /** Availability; a node with `drain` takes no containers. */
  readonly availability: "active" | "pause" | "drain";
  /** State: `ready`, or the reason why it is not. */
  readonly state: string;
  /** Labels, which placement constraints refer to: `node.labels.disk==ssd`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Architecture: `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** Operating system: `linux`. */
  readonly os: string;
  /** Number of CPUs. */
  readonly cpus: number;
  /** Memory, in bytes. */
  readonly memoryBytes: number;
  /** Version of Docker. */
  readonly engineVersion: string;
}

/** Argument that names a machine: a server, or by default Dokploy's own machine. */
export interface GetContainersArgs extends OnServer {}

/** A container of Docker. */
export interface GetContainersResult {
  /** First 12 characters of the id. */
  readonly containerId: string;
  /** Name, which begins with the `appName` of the service that the container belongs to. */
  readonly name: string;
  /** Image of the container. */
  readonly image: string;
  /** Ports in Docker's notation: `0.0.0.0:80->80/tcp`. Empty when none are published. */
  readonly ports: string;
  /** State: `created`, `running`, `restarting`, `exited`, `paused`, `dead` or `removing`. */
  readonly state: string;
  /** Status in Docker's notation: `Up 5 seconds (healthy)`. */
  readonly status: string;
}

/** A person in the organization of the key, with the values that a {@link Member} takes. */
export interface GetMembersResult {
  /** Id of the person, by which Dokploy names a member. */
  readonly userId: string;
  /** Email of the person. */
  readonly email: string;
  /** Role: `owner`, `admin`, `member`, or a custom one. */
  readonly role: string;
}

/** An API key of Dokploy, without its text, which Dokploy shows only once. */
export interface GetApiKeysResult {
  /** Id in Dokploy. */
  readonly id: string;
  /** Name, which several keys may have. */
  readonly name: string;
  /** Prefix of the key; undefined when it has none. */
  readonly prefix: string | undefined;
  /** False when Dokploy refuses the key. */
  readonly isEnabled: boolean;
  /** Time at which the key expires or expired, in ISO 8601; undefined when it never does. */
  readonly expiresAt: string | undefined;
  /** Time of its creation, in ISO 8601. */
  readonly createdAt: string;
}

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
export const deployments = openLookup<GetDeploymentsArgs, readonly GetDeploymentsResult[]>(
  "getDeployments",
  [["applicationId"], ["composeId"], ["serverId"]],
  async (args, reader) => {
    const rows = await recordsOf(args, reader);
    return [...rows]
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .map(({ deploymentId, title, description, status, createdAt, startedAt, finishedAt }) => ({
        deploymentId,
        title,
        description: description || undefined,
        status,
        createdAt,
        startedAt: startedAt ?? undefined,
        finishedAt: finishedAt ?? undefined,
      }));
  },
);

/** Reads the records in the row of a service: an unknown id is an error, which it is not in the list of records. */
async function recordsOf(
  { applicationId, composeId, serverId }: GetDeploymentsArgs,
  reader: Reader,
): Promise<readonly DeploymentRow[]> {
  if (applicationId !== undefined)
    return (await reader.read("application.one", { applicationId }, "application")).deployments;
  if (composeId !== undefined)
    return (await reader.read("compose.one", { composeId }, "compose service")).deployments;
  return await reader.read("deployment.allByServer", { serverId }, "server");
}

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
export const nodes = openLookup<GetSwarmNodesArgs, readonly GetSwarmNodesResult[]>(
  "getSwarmNodes",
  [["serverId?"]],
  async (args, reader) => {
    const rows = await reader.read("cluster.getNodes", args, "server");
    return rows.map(shownNode).sort((a, b) => byText(a.hostname, b.hostname) || byText(a.nodeId, b.nodeId));
  },
);

function shownNode({ ID, Spec, Description, Status, ManagerStatus }: NodeRow): GetSwarmNodesResult {
  const { Platform, Resources, Engine } = Description;
  return {
    nodeId: ID,
    hostname: Description.Hostname,
    address: Status.Addr,
    role: Spec.Role,
    isLeader: ManagerStatus?.Leader ?? false,
    availability: Spec.Availability,
    state: Status.State,
    labels: Spec.Labels ?? {},
    architecture: Platform.Architecture,
    os: Platform.OS,
    cpus: Resources.NanoCPUs / 1e9,
    memoryBytes: Resources.MemoryBytes,
    engineVersion: Engine.EngineVersion,
  };
}

/**
 * Returns all containers of a machine except those of Dokploy itself, sorted by name, including stopped ones.
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
export const containers = openLookup<GetContainersArgs, readonly GetContainersResult[]>(
  "getContainers",
  [["serverId?"]],
  async (args, reader) => {
    const rows = await reader.read("docker.getContainers", args, "server");
    // Dokploy does not pass on the error of Docker.
    if (!Array.isArray(rows))
      throw new LookupError(
        "Dokploy could not list the containers: Docker does not answer there, or the machine cannot be reached by SSH.",
      );
    return rows
      .map(({ containerId, name, image, ports, state, status }) => {
        return { containerId, name, image, ports, state, status };
      })
      .sort((a, b) => byText(a.name, b.name));
  },
);

/**
 * Returns the people in the organization of the API key, sorted by email.
 *
 * They are read in every run, including previews. The API key must be that of an owner or admin.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const admins = (await dokploy.getMembers()).filter(({ role }) => role === "admin");
 * ```
 */
export const members = openLookup<object, readonly GetMembersResult[]>(
  "getMembers",
  [[]],
  async (_, reader) => {
    // A row has everything that Dokploy knows about a person.
    const rows = await reader.call("user.all", {});
    return rows
      .map(({ userId, role, user: { email } }) => ({ userId, email, role }))
      .sort((a, b) => byText(a.email, b.email));
  },
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
export const apiKeys = openLookup<object, readonly GetApiKeysResult[]>(
  "getApiKeys",
  [[]],
  async (_, reader) => {
    // The keys come with everything that Dokploy knows about their user.
    const { user } = await reader.call("user.get", {});
    return user.apiKeys
      .map(({ id, name, prefix, enabled, expiresAt, createdAt }) => ({
        id,
        name,
        prefix: prefix || undefined,
        isEnabled: enabled,
        expiresAt: expiresAt ?? undefined,
        createdAt,
      }))
      .sort((a, b) => byText(a.name, b.name) || byText(a.createdAt, b.createdAt) || byText(a.id, b.id));
  },
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
export const version = openLookup<object, string>("getVersion", [[]], async (_, reader) =>
  (await reader.call("settings.getDokployVersion", {})).replace(/^v/, ""),
);
