import type {
  ApplicationColumns,
  ApplicationDetail,
  ApplicationRow,
  ComposeColumns,
  ComposeDetail,
  ComposeRow,
  DeploymentRow,
  EnvironmentDetail,
  EnvironmentRow,
  ProjectDetail,
  ProjectRow,
  QueueJob,
  ServiceLists,
} from "./rows";

/** What each endpoint takes and gives. `undefined` stands for an empty body or one that says nothing. */
export interface Endpoints {
  "project.all": { input: Record<string, never>; output: Pick<ProjectRow, "projectId" | "name">[] };
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

  "deployment.all": { input: { applicationId: string }; output: DeploymentRow[] };
  "deployment.allByCompose": { input: { composeId: string }; output: DeploymentRow[] };
  "deployment.queueList": { input: Record<string, never>; output: QueueJob[] };
  /** Since Dokploy 0.29.5. */
  "deployment.readLogs": { input: { deploymentId: string; tail?: number }; output: string };

  "settings.getDokployVersion": { input: Record<string, never>; output: string };
}

export type Endpoint = keyof Endpoints;
export type Input<E extends Endpoint> = Endpoints[E]["input"];
export type Output<E extends Endpoint> = Endpoints[E]["output"];

/** What resources need of Dokploy: one typed call. `DokployClient` is the implementation over HTTP. */
export interface Api {
  /** Calls one endpoint. Rejects with a `DokployError`. */
  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
}
