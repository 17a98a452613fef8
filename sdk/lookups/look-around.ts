import type { HostContainerRow, NodeRow } from "../../provider/dokploy/docker-rows";
import type { DeploymentRow } from "../../provider/dokploy/rows";
import type { InputsOf, OneOf } from "./arguments";
import { LookupError } from "./error";
import type { Reader } from "./reader";

export type { Reader } from "./reader";

/** A server, or without one Dokploy's own machine. */
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
  /** Id of the server, whose own deployments are those that set it up. */
  readonly serverId: string;
}
type Deployed = OfApplication | OfCompose | OfServer;

/** Whose deployments. */
export type GetDeploymentsArgs = OneOf<Deployed>;
/** The same with outputs. */
export type GetDeploymentsOutputArgs = OneOf<InputsOf<Deployed>>;

/** A deployment, as Dokploy has it on record. */
export interface GetDeploymentsResult {
  readonly deploymentId: string;
  /** What it was called when it was started; of one from a git source, in the end the commit's message. */
  readonly title: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
  /** `cancelled` is one that Dokploy's own restart ended. */
  readonly status: "running" | "done" | "error" | "cancelled";
  /** When it was asked for, in ISO 8601. */
  readonly createdAt: string;
  /** Undefined while it waits. */
  readonly startedAt: string | undefined;
  /** Undefined until it ends. */
  readonly finishedAt: string | undefined;
}

/** Of which Swarm: that of a server, or without one that of Dokploy's own machine. */
export interface GetSwarmNodesArgs extends OnServer {}
/** The same with outputs. */
export type GetSwarmNodesOutputArgs = InputsOf<GetSwarmNodesArgs>;

/** A node of a Docker Swarm. */
export interface GetSwarmNodesResult {
  readonly nodeId: string;
  readonly hostname: string;
  /** The address by which the others reach it. */
  readonly address: string;
  readonly role: "manager" | "worker";
  /** True of the one manager that leads. */
  readonly isLeader: boolean;
  /** `drain` takes no containers. */
  readonly availability: "active" | "pause" | "drain";
  /** `ready`, or why it is not. */
  readonly state: string;
  /** What placement constraints ask for: `node.labels.disk==ssd`. */
  readonly labels: Readonly<Record<string, string>>;
  /** `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** `linux`. */
  readonly os: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Of Docker. */
  readonly engineVersion: string;
}

/** Of which machine: of a server, or without one of Dokploy's own. */
export interface GetContainersArgs extends OnServer {}
/** The same with outputs. */
export type GetContainersOutputArgs = InputsOf<GetContainersArgs>;

/** A container of Docker. */
export interface GetContainersResult {
  /** The first 12 characters of its id. */
  readonly containerId: string;
  /** It begins with the `appName` of the service whose container it is. */
  readonly name: string;
  readonly image: string;
  /** As Docker writes them: `0.0.0.0:80->80/tcp`. Empty without any. */
  readonly ports: string;
  /** `created`, `running`, `restarting`, `exited`, `paused`, `dead` or `removing`. */
  readonly state: string;
  /** As Docker writes it: `Up 5 seconds (healthy)`. */
  readonly status: string;
}

/** A person in the organization of the key, with what a {@link Member} takes. */
export interface GetMembersResult {
  /** Id of the person, by which Dokploy calls a member. */
  readonly userId: string;
  readonly email: string;
  /** `owner`, `admin`, `member`, or a role of your own. */
  readonly role: string;
}

/** A key of Dokploy's API, without its text, which Dokploy shows but once. */
export interface GetApiKeysResult {
  /** Its id in Dokploy. */
  readonly id: string;
  /** Several may have the same. */
  readonly name: string;
  /** What it begins with; undefined when nothing was asked for. */
  readonly prefix: string | undefined;
  /** False when Dokploy lets nobody in with it. */
  readonly isEnabled: boolean;
  /** When it stops working, or did, in ISO 8601; undefined when never. */
  readonly expiresAt: string | undefined;
  /** In ISO 8601. */
  readonly createdAt: string;
}

/** The newest first. The rows of services list them, and an id that is none has no such row. */
export async function deploymentsOf(
  args: GetDeploymentsArgs,
  reader: Reader,
): Promise<GetDeploymentsResult[]> {
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
}

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

export async function nodesOf(args: GetSwarmNodesArgs, reader: Reader): Promise<GetSwarmNodesResult[]> {
  const rows = await reader.read("cluster.getNodes", args, "server");
  return rows.map(shownNode).sort((a, b) => byText(a.hostname, b.hostname) || byText(a.nodeId, b.nodeId));
}

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

export async function containersOn(args: GetContainersArgs, reader: Reader): Promise<GetContainersResult[]> {
  const rows = await reader.read("docker.getContainers", args, "server");
  // Dokploy swallows what Docker says.
  if (!Array.isArray(rows))
    throw new LookupError(
      "Dokploy could not list the containers: Docker does not answer there, or the machine cannot be reached by SSH.",
    );
  return rows.map(shownContainer).sort((a, b) => byText(a.name, b.name));
}

function shownContainer(row: HostContainerRow): GetContainersResult {
  const { containerId, name, image, ports, state, status } = row;
  return { containerId, name, image, ports, state, status };
}

/** Their rows have all that Dokploy knows of a person. */
export async function membersOf(_args: object, reader: Reader): Promise<GetMembersResult[]> {
  const rows = await reader.call("user.all", {});
  return rows
    .map(({ userId, role, user: { email } }) => ({ userId, email, role }))
    .sort((a, b) => byText(a.email, b.email));
}

/** They stand beside all that Dokploy knows of their user. */
export async function apiKeysOf(_args: object, reader: Reader): Promise<GetApiKeysResult[]> {
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
}

export async function versionOf(_args: object, reader: Reader): Promise<string> {
  return (await reader.call("settings.getDokployVersion", {})).replace(/^v/, "");
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
