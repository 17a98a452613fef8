import type {
  ContainerConfig,
  ContainerRow,
  HostContainerRow,
  ImageRow,
  NodeRow,
  ServerHealth,
  TaskRow,
  VolumeRow,
} from "./docker-rows";
import type { Feature } from "./features";
import type { Requests } from "./generated/requests";
import type { DatabaseKind } from "./kinds";
import type {
  ApiKeyRow,
  ApplicationDetail,
  ApplicationRow,
  AuditLogRow,
  ComposeDetail,
  ComposeRow,
  DatabaseDetail,
  DeploymentRow,
  EnvironmentDetail,
  EnvironmentRow,
  MemberRow,
  ProjectDetail,
  ProjectRow,
  ProjectSummary,
  QueueJob,
  ServiceLists,
} from "./rows";
import type { Subscribable, Subscription } from "./subscription";

/** Results of calls for databases, by the last part of the endpoint's name. */
interface DatabaseAnswers extends Record<"update" | "saveEnvironment" | "move", unknown> {
  one: DatabaseDetail;
  /** Row before the removal, which keeps the volume with the data; undefined if only a repeat got a response. */
  remove: Pick<DatabaseDetail, "appName"> | undefined;
  /** Pulls the image and updates the service, without a record. Never `rebuild`: it deletes data. */
  deploy: DatabaseDetail;
  /** Same as `application.readLogs`. */
  readLogs: string;
}
type DatabaseCall = keyof DatabaseAnswers;

/**
 * Results of endpoints whose responses the code reads: Dokploy's documents do not describe them. `compose.deploy` is
 * not among them. Never give it `freshVolumes`, which newer servers accept: it destroys volumes.
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

  "application.one": ApplicationDetail;
  "application.create": ApplicationRow;
  "application.move": ApplicationRow;
  "application.delete": ApplicationRow;
  /**
   * Output of the newest running container. When none runs: that of all tasks of the service, in no order. Status
   * 500 when there are none.
   */
  "application.readLogs": string;

  "compose.one": ComposeDetail;
  "compose.create": ComposeRow;
  /** An unknown id gives an empty 200. */
  "compose.update": ComposeRow | undefined;
  "compose.move": ComposeRow;
  /** The row before the deletion; undefined if only a repeat got a response. */
  "compose.delete": ComposeDetail | undefined;
  "compose.readLogs": string;

  "deployment.all": DeploymentRow[];
  "deployment.allByCompose": DeploymentRow[];
  "deployment.allByServer": DeploymentRow[];
  "deployment.allByType": DeploymentRow[];
  "deployment.queueList": QueueJob[];
  "deployment.readLogs": string;

  /** The run of the command, at its end. */
  "schedule.runManually": Pick<DeploymentRow, "status" | "deploymentId">;

  /** `docker service ps`. Empty also when Docker fails, and for compose. All of `docker.*` needs `docker:read`. */
  "docker.getServiceContainersByAppName": TaskRow[];
  /** `docker stack ps`. Empty also when Docker fails. */
  "docker.getStackContainersByAppName": TaskRow[];
  /**
   * Containers whose name begins with the text (for `shop` also those of `shop-2`); with `docker-compose`, those of
   * exactly this project.
   */
  "docker.getContainersByAppNameMatch": ContainerRow[];
  /** `docker inspect`, with all variables in plain text; an empty response for a container of another node. */
  "docker.getConfig": ContainerConfig | undefined;

  /** `docker ps -a`, without Dokploy's own containers. Empty also when Docker fails. */
  "docker.getContainers": HostContainerRow[] | undefined;

  /** Figures of a server: no networks where Docker fails. Needs the rights to read `docker` and `server`. */
  "docker.getServerHealth": ServerHealth;

  /** Empty also when Docker fails. These need `docker:read` too, even for a deletion. */
  "dockerVolume.getVolumes": VolumeRow[];
  "dockerImage.getImages": ImageRow[];

  "cluster.getNodes": NodeRow[];
  "user.session": { user: { id: string }; session: { activeOrganizationId: string } };
  /** Member that the key belongs to, with all keys of its user, but without their secret text. */
  "user.get": {
    userId: string;
    user: { apiKeys: ApiKeyRow[] };
  };
  "user.one": MemberRow;
  "user.all": MemberRow[];

  /** The only response that contains the key itself. */
  "user.createApiKey": { id: string; key: string; expiresAt: string | null };
  /** `cat` in the container, in Base64; long content is cut off. */
  "docker.readContainerFile": { content: string; truncated: boolean };

  "settings.getDokployVersion": string;
  /** Newest first. Without an enterprise license: status 403. */
  "auditLog.all": { logs: AuditLogRow[]; total: number };
}

/** Name of an endpoint: `application.deploy`. */
export type Endpoint = keyof Requests;
type Known<E extends Endpoint> = E;
type Answered = Known<keyof Answers>;

/** Input of the endpoint. */
export type Input<E extends Endpoint> = Requests[E];
/** Result of the endpoint, as far as the code reads it. */
export type Output<E extends Endpoint> = E extends Answered
  ? Answers[E]
  : E extends `${DatabaseKind}.${infer Call extends DatabaseCall}`
    ? DatabaseAnswers[Call]
    : unknown;

/**
 * Calls an endpoint whose kind of object is known only at run time: then neither its input nor its response has a type.
 *
 * @example await callAny(api, `${kind}.one`, { [`${kind}Id`]: id });
 */
export function callAny(api: Pick<Api, "call">, endpoint: Endpoint, input: object): Promise<unknown> {
  return api.call(endpoint, input as never);
}

/**
 * Calls an endpoint of a database whose kind is known only at run time.
 *
 * @example await callDatabase(api, "redis", id, "saveEnvironment", { env: "A=1" });
 */
export async function callDatabase<Call extends DatabaseCall>(
  api: Pick<Api, "call">,
  kind: DatabaseKind,
  id: string,
  call: Call,
  input: DatabaseInput<Call>,
): Promise<DatabaseAnswers[Call]> {
  return (await callAny(api, `${kind}.${call}`, { [`${kind}Id`]: id, ...input })) as DatabaseAnswers[Call];
}

type DatabaseInput<Call extends DatabaseCall> = Call extends "update"
  ? object
  : Omit<Requests[`postgres.${Call}`], "postgresId">;

/** The interface to Dokploy that resources need: one typed call. `DokployClient` implements it over HTTP. */
export interface Api {
  /** Calls one endpoint. Rejects with a `DokployError`. */
  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
  /** Calls an endpoint that only reads: may share one request with simultaneous ones. */
  look?<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
  /** Rejects where `call` would because the server is too old, without sending anything. */
  assertSupported?<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void>;
  /** Rejects where any change would fail: no server or a refused key. Asks once in a run. */
  ready?(): Promise<void>;
  /** Returns how many tries of calls have not reached Dokploy, also those that were repeated. */
  outages?(): number;
  /** True when the server has the feature; its version is read once. */
  supports?(feature: Feature): Promise<boolean>;
  /** Returns the {@link keyedHash} of values by the API key. The key is long and random, so the hash does not show it. */
  sign?(purpose: string, ...values: readonly unknown[]): string;
  /**
   * Starts a procedure that sends texts while it runs: see `subscribe`. Undefined where that is impossible; then the
   * procedure has not started.
   */
  subscribe?(
    procedure: Subscribable,
    input: object,
    receive: (piece: string) => void,
  ): Promise<Subscription | undefined>;
}
