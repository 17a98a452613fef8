import type {
  ApplicationColumns,
  ApplicationDetail,
  ApplicationRow,
  ComposeColumns,
  ComposeDetail,
  ComposeRow,
  ContainerConfig,
  ContainerRow,
  DatabaseDetail,
  DatabaseKind,
  DeploymentRow,
  EnvironmentDetail,
  EnvironmentRow,
  ProjectDetail,
  ProjectRow,
  ProjectSummary,
  QueueJob,
  ServiceLists,
  TaskRow,
} from "./rows";
import type { Feature } from "./version";

/** What is called of databases, by the last part of the endpoint's name; the id is given beside it. */
export interface DatabaseCalls {
  one: { input: object; output: DatabaseDetail };
  saveEnvironment: { input: { env: string | null }; output: undefined };
  /** Pulls the image and updates the service before it answers; leaves no record. Never `rebuild`: that deletes the data. */
  deploy: { input: object; output: DatabaseDetail };
  /** As `application.readLogs`. Since Dokploy 0.29.0. */
  readLogs: { input: { tail?: number; since?: string }; output: string };
}

/** `postgres.one`, `redis.deploy` …: each takes the id as `postgresId`, `redisId` … */
type DatabaseEndpoints = {
  [D in DatabaseKind as `${D}.one`]: DatabaseCall<D, "one">;
} & { [D in DatabaseKind as `${D}.saveEnvironment`]: DatabaseCall<D, "saveEnvironment"> } & {
  [D in DatabaseKind as `${D}.deploy`]: DatabaseCall<D, "deploy">;
} & { [D in DatabaseKind as `${D}.readLogs`]: DatabaseCall<D, "readLogs"> };

interface DatabaseCall<D extends DatabaseKind, Call extends keyof DatabaseCalls> {
  input: { [K in `${D}Id`]: string } & DatabaseCalls[Call]["input"];
  output: DatabaseCalls[Call]["output"];
}

/** What each endpoint takes and gives. `undefined` stands for an empty body or one that says nothing. */
export interface Endpoints extends DatabaseEndpoints {
  "project.all": { input: Record<string, never>; output: ProjectSummary[] };
  "project.one": { input: { projectId: string }; output: ProjectDetail };
  "project.create": {
    input: { name: string; description?: string | null; env?: string };
    output: { project: ProjectRow; environment: EnvironmentRow };
  };
  "project.update": {
    input: { projectId: string; name?: string; description?: string | null; env?: string };
    output: ProjectRow;
  };
  "project.remove": { input: { projectId: string }; output: ProjectRow };

  "environment.one": { input: { environmentId: string }; output: EnvironmentDetail };
  "environment.byProjectId": {
    input: { projectId: string };
    output: (Omit<EnvironmentRow, "env"> & ServiceLists)[];
  };
  "environment.create": {
    input: { projectId: string; name: string; description?: string };
    output: EnvironmentRow;
  };
  "environment.update": {
    input: { environmentId: string; name?: string; description?: string; env?: string };
    output: EnvironmentRow;
  };
  "environment.remove": { input: { environmentId: string }; output: EnvironmentRow };

  "application.one": { input: { applicationId: string }; output: ApplicationDetail };
  "application.create": {
    input: {
      name: string;
      environmentId: string;
      appName?: string;
      description?: string | null;
      serverId?: string;
      sourceType?: ApplicationColumns["sourceType"];
    };
    output: ApplicationRow;
  };
  "application.update": { input: { applicationId: string } & Partial<ApplicationColumns>; output: undefined };
  /** Takes all five or refuses. */
  "application.saveEnvironment": {
    input: { applicationId: string } & Pick<
      ApplicationColumns,
      "env" | "buildArgs" | "buildSecrets" | "createEnvFile"
    >;
    output: undefined;
  };
  "application.move": {
    input: { applicationId: string; targetEnvironmentId: string };
    output: ApplicationRow;
  };
  "application.delete": { input: { applicationId: string }; output: ApplicationRow };
  "application.deploy": {
    input: { applicationId: string; title?: string; description?: string };
    output: undefined;
  };
  "application.redeploy": {
    input: { applicationId: string; title?: string; description?: string };
    output: undefined;
  };
  "application.reload": { input: { applicationId: string; appName: string }; output: undefined };
  "application.cleanQueues": { input: { applicationId: string }; output: undefined };
  /**
   * What the newest running container printed, or, when none runs, all tasks of the service, in no order. Since
   * Dokploy 0.29.0; 500 when there is neither.
   */
  "application.readLogs": {
    input: { applicationId: string; tail?: number; since?: string };
    output: string;
  };

  "compose.one": { input: { composeId: string }; output: ComposeDetail };
  "compose.create": {
    input: {
      name: string;
      environmentId: string;
      appName?: string;
      description?: string | null;
      composeType?: ComposeColumns["composeType"];
      composeFile?: string;
      serverId?: string;
      sourceType?: ComposeColumns["sourceType"];
    };
    output: ComposeRow;
  };
  /** An unknown id gives an empty 200. */
  "compose.update": {
    input: { composeId: string } & Partial<ComposeColumns>;
    output: ComposeRow | undefined;
  };
  "compose.move": { input: { composeId: string; targetEnvironmentId: string }; output: ComposeRow };
  "compose.delete": { input: { composeId: string; deleteVolumes: boolean }; output: ComposeRow };
  "compose.deploy": { input: { composeId: string; title?: string; description?: string }; output: undefined };
  "compose.redeploy": {
    input: { composeId: string; title?: string; description?: string };
    output: undefined;
  };
  "compose.cleanQueues": { input: { composeId: string }; output: undefined };
  /** Since Dokploy 0.29.0. */
  "compose.readLogs": {
    input: { composeId: string; containerId: string; tail?: number; since?: string };
    output: string;
  };

  "deployment.all": { input: { applicationId: string }; output: DeploymentRow[] };
  "deployment.allByCompose": { input: { composeId: string }; output: DeploymentRow[] };
  "deployment.queueList": { input: Record<string, never>; output: QueueJob[] };
  /** Since Dokploy 0.29.5. */
  "deployment.readLogs": { input: { deploymentId: string; tail?: number }; output: string };

  /** `docker service ps`. Empty also when Docker fails, and for compose. All of `docker.*` needs `docker:read`. */
  "docker.getServiceContainersByAppName": {
    input: { appName: string; serverId?: string };
    output: TaskRow[];
  };
  /** `docker stack ps`. Empty also when Docker fails. */
  "docker.getStackContainersByAppName": {
    input: { appName: string; serverId?: string };
    output: TaskRow[];
  };
  /**
   * Containers whose name begins with the text (those of `shop-2` for `shop`, too); with `docker-compose`, those of
   * exactly this project.
   */
  "docker.getContainersByAppNameMatch": {
    input: { appName: string; appType?: "docker-compose"; serverId?: string };
    output: ContainerRow[];
  };
  /** `docker inspect`, with all variables in clear; an empty answer for a container of another node. */
  "docker.getConfig": {
    input: { containerId: string; serverId?: string };
    output: ContainerConfig | undefined;
  };

  "settings.getDokployVersion": { input: Record<string, never>; output: string };
}

export type Endpoint = keyof Endpoints;
export type Input<E extends Endpoint> = Endpoints[E]["input"];
export type Output<E extends Endpoint> = Endpoints[E]["output"];

/**
 * Calls an endpoint of a database whose kind is only known as the program runs.
 *
 * @example await callDatabase(api, "redis", id, "saveEnvironment", { env: "A=1" });
 */
export async function callDatabase<Call extends keyof DatabaseCalls>(
  api: Api,
  kind: DatabaseKind,
  id: string,
  call: Call,
  input: DatabaseCalls[Call]["input"],
): Promise<DatabaseCalls[Call]["output"]> {
  const endpoint = `${kind}.${call}` as Endpoint;
  return (await api.call(endpoint, {
    [`${kind}Id`]: id,
    ...input,
  } as never)) as DatabaseCalls[Call]["output"];
}

/** What resources need of Dokploy: one typed call. `DokployClient` is the implementation over HTTP. */
export interface Api {
  /** Calls one endpoint. Rejects with a `DokployError`. */
  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
  /** Rejects where `call` would because the server is too old, without sending anything. */
  vet?<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void>;
  /** Rejects where any change would, since the server is out of reach or refuses the key; asks once in a run. */
  ready?(): Promise<void>;
  /** Whether the server has the feature; its version is read once. */
  supports?(feature: Feature): Promise<boolean>;
}
