import type { ContainerConfig, ContainerRow, HostContainerRow, NodeRow, TaskRow } from "./docker-rows";
import type { Feature } from "./features";
import type { Requests } from "./generated/requests";
import type {
  ApiKeyRow,
  ApplicationDetail,
  ApplicationRow,
  ComposeDetail,
  ComposeRow,
  DatabaseDetail,
  DatabaseKind,
  DeploymentRow,
  EnvironmentDetail,
  EnvironmentRow,
  MemberRow,
  ProjectDetail,
  ProjectRow,
  ProjectSummary,
  QueueJob,
  ServerRow,
  ServiceLists,
} from "./rows";
import type { Subscribable, Subscription } from "./subscription";

/** What is called of databases gives, by the last part of the endpoint's name. */
interface DatabaseAnswers {
  one: DatabaseDetail;
  update: undefined;
  saveEnvironment: undefined;
  move: unknown;
  /** Keeps the volume with the data. */
  /** Nothing where only a repeat was answered. */
  remove: Pick<DatabaseDetail, "appName"> | undefined;
  /** Pulls the image and updates the service before it answers; leaves no record. Never `rebuild`: that deletes the data. */
  deploy: DatabaseDetail;
  /** As `application.readLogs`. */
  readLogs: string;
}
type DatabaseCall = keyof DatabaseAnswers;

/**
 * What endpoints give whose answers the code reads: Dokploy's documents do not say. `undefined` stands for an empty body or
 * one that says nothing.
 */
interface Answers {
  "project.all": ProjectSummary[];
  "project.one": ProjectDetail;
  "project.create": { project: ProjectRow; environment: EnvironmentRow };
  "project.update": ProjectRow;
  "project.remove": ProjectRow | undefined;

  "environment.one": EnvironmentDetail;
  "environment.byProjectId": (Omit<EnvironmentRow, "env"> & ServiceLists)[];
  "environment.create": EnvironmentRow;
  "environment.update": EnvironmentRow;
  "environment.remove": EnvironmentRow | undefined;

  /** Runs a command in the container, which has to be there. libSQL has no such call. */
  "postgres.changePassword": undefined;
  "mysql.changePassword": undefined;
  "mariadb.changePassword": undefined;
  "mongo.changePassword": undefined;
  "redis.changePassword": undefined;

  "application.one": ApplicationDetail;
  "application.create": ApplicationRow;
  "application.update": undefined;
  "application.saveEnvironment": undefined;
  "application.move": ApplicationRow;
  "application.delete": ApplicationRow;
  "application.deploy": undefined;
  "application.redeploy": undefined;
  "application.reload": undefined;
  "application.cleanQueues": undefined;
  /**
   * What the newest running container printed, or, when none runs, all tasks of the service, in no order; 500 when there
   * is neither.
   */
  "application.readLogs": string;

  "compose.one": ComposeDetail;
  "compose.create": ComposeRow;
  /** An unknown id gives an empty 200. */
  "compose.update": ComposeRow | undefined;
  "compose.move": ComposeRow;
  /** The row as it was; nothing where only a repeat was answered. */
  "compose.delete": ComposeDetail | undefined;
  /** Newer servers than the documents know take `freshVolumes`, which destroys volumes: never send it. */
  "compose.deploy": undefined;
  "compose.redeploy": undefined;
  "compose.cleanQueues": undefined;
  "compose.readLogs": string;

  "deployment.all": DeploymentRow[];
  "deployment.allByCompose": DeploymentRow[];
  "deployment.allByServer": DeploymentRow[];
  "deployment.queueList": QueueJob[];
  "deployment.readLogs": string;

  /** `docker service ps`. Empty also when Docker fails, and for compose. All of `docker.*` needs `docker:read`. */
  "docker.getServiceContainersByAppName": TaskRow[];
  /** `docker stack ps`. Empty also when Docker fails. */
  "docker.getStackContainersByAppName": TaskRow[];
  /**
   * Containers whose name begins with the text (those of `shop-2` for `shop`, too); with `docker-compose`, those of
   * exactly this project.
   */
  "docker.getContainersByAppNameMatch": ContainerRow[];
  /** `docker inspect`, with all variables in clear; an empty answer for a container of another node. */
  "docker.getConfig": ContainerConfig | undefined;

  /** `docker ps -a`, without Dokploy's own. Empty also when Docker fails. */
  "docker.getContainers": HostContainerRow[] | undefined;

  "cluster.getNodes": NodeRow[];
  "server.all": ServerRow[];
  "user.session": { user: { id: string }; session: { activeOrganizationId: string } };
  /** The member that the key belongs to, with all keys of its user: without their texts. */
  "user.get": {
    userId: string;
    user: { apiKeys: ApiKeyRow[] };
  };
  "user.one": MemberRow;
  "user.all": MemberRow[];
  /** Drops what takes a licence, without a word. */
  "user.assignPermissions": undefined;

  /** The only answer that has the key itself. */
  "user.createApiKey": { id: string; key: string; expiresAt: string | null };
  /** `cat` in the container, in Base64; cut off where it is long. */
  "docker.readContainerFile": { content: string; truncated: boolean };

  "settings.getDokployVersion": string;
}

export type Endpoint = keyof Requests;
type Known<E extends Endpoint> = E;
type Answered = Known<keyof Answers>;

/** What the endpoint takes. */
export type Input<E extends Endpoint> = Requests[E];
/** What the endpoint gives, as far as the code reads it. */
export type Output<E extends Endpoint> = E extends Answered
  ? Answers[E]
  : E extends `${DatabaseKind}.${infer Call extends DatabaseCall}`
    ? DatabaseAnswers[Call]
    : unknown;

/**
 * Calls an endpoint of a database whose kind is only known as the program runs.
 *
 * @example await callDatabase(api, "redis", id, "saveEnvironment", { env: "A=1" });
 */
export async function callDatabase<Call extends DatabaseCall>(
  api: Api,
  kind: DatabaseKind,
  id: string,
  call: Call,
  input: DatabaseInput<Call>,
): Promise<DatabaseAnswers[Call]> {
  const endpoint: Endpoint = `${kind}.${call}`;
  return (await api.call(endpoint, {
    [`${kind}Id`]: id,
    ...input,
  } as never)) as DatabaseAnswers[Call];
}

type DatabaseInput<Call extends DatabaseCall> = Call extends "update"
  ? object
  : Omit<Requests[`postgres.${Call}`], "postgresId">;

/** Makes a database; undefined where Dokploy does not say what it made, as of libSQL. */
export async function createDatabase(
  api: Api,
  kind: DatabaseKind,
  input: Readonly<Record<string, unknown>>,
): Promise<
  (Omit<DatabaseDetail, "environment" | "mounts" | "server"> & Record<string, unknown>) | undefined
> {
  const endpoint: Endpoint = `${kind}.create`;
  const answer: unknown = await api.call(endpoint, input as never);
  return typeof answer === "object" && answer !== null ? (answer as never) : undefined;
}

/** What resources need of Dokploy: one typed call. `DokployClient` is the implementation over HTTP. */
export interface Api {
  /** Calls one endpoint. Rejects with a `DokployError`. */
  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
  /** As `call`, of what only looks: may share one request with others that look at the same moment. */
  look?<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
  /** Rejects where `call` would because the server is too old, without sending anything. */
  assertSupported?<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void>;
  /** Rejects where any change would, since the server is out of reach or refuses the key; asks once in a run. */
  ready?(): Promise<void>;
  /** Whether the server has the feature; its version is read once. */
  supports?(feature: Feature): Promise<boolean>;
  /** Begins what tells texts as it goes on: see `subscribe`. Undefined where that cannot be had, and has not begun. */
  subscribe?(
    procedure: Subscribable,
    input: object,
    hear: (piece: string) => void,
  ): Promise<Subscription | undefined>;
}
