/**
 * Rows in the responses of Dokploy's API, as far as this provider reads them.
 *
 * Responses are untyped in Dokploy's own OpenAPI document; these types describe a v0.30.2 server. Every response is
 * secret material (environment texts, tokens): no part of it may reach a log or an error text.
 */

import type { Requests } from "./generated/requests";
import type { DatabaseKind, DatabaseLogin } from "./kinds";

/** Status of an application or compose service. The record of a deployment decides, never this. */
export type ServiceStatus = "idle" | "running" | "done" | "error";

/** Status of one deployment record. `cancelled` is only set when Dokploy restarts during the deployment. */
export type DeploymentStatus = "running" | "done" | "error" | "cancelled";

export interface ProjectRow {
  projectId: string;
  name: string;
  description: string | null;
  env: string;
}

/** `project.all`: a project and its contents. Its lists of services contain ids, and some contain names. */
export interface ProjectSummary extends Pick<ProjectRow, "projectId" | "name"> {
  /** Time in ISO 8601. */
  createdAt: string;
  environments?: (Pick<EnvironmentRow, "environmentId" | "name"> & { isDefault?: boolean })[];
}

/** `project.one`: the row with its environments and the services in each. */
export interface ProjectDetail extends ProjectRow {
  environments: (EnvironmentRow & ServiceLists)[];
  /** Missing before Dokploy 0.29.0. */
  projectTags?: { tagId: string }[];
}

/** API key; Dokploy shows its text only once. */
export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string | null;
  enabled: boolean;
  expiresAt: string | null;
  createdAt: string;
}

/** Member of an organization, with its permissions, as far as the code reads it. */
export interface MemberRow extends Omit<Requests["user.assignPermissions"], "id"> {
  /** Id of the membership. */
  id: string;
  userId: string;
  role: string;
  user: { email: string };
}

export interface EnvironmentRow {
  environmentId: string;
  name: string;
  description: string | null;
  env: string;
  projectId: string;
  isDefault: boolean;
}

/** `environment.one`: the row with its project and slim rows of its services (without `appName`). */
export interface EnvironmentDetail extends EnvironmentRow, ServiceLists {
  project: ProjectRow;
}

/** The services of an environment, a list for each kind. */
export interface ServiceLists extends DatabaseLists {
  applications: SlimService<"applicationId">[];
  compose: SlimService<"composeId">[];
}
type DatabaseLists = { [K in DatabaseKind]?: SlimService<`${K}Id`>[] };

export type SlimService<Id extends string> = { [K in Id]: string } & {
  name: string;
  description?: string | null;
};

/** Columns of the row of a service: those that its update sets, which Dokploy returns as they were set. */
type Stored<Kind extends "application" | "compose"> = Required<Requests[`${Kind}.update`]> & {
  serverId: string | null;
};

/** Row of an application: memory in bytes and CPUs in nano-CPUs, as decimal texts; grace periods in nanoseconds. */
export interface ApplicationRow extends Stored<"application"> {}

/** Response of `application.one`. */
export interface ApplicationDetail extends ApplicationRow, WithDeployments {}

/** Row of a compose service. `createEnvFile` exists since Dokploy 0.30.0. */
export interface ComposeRow extends Stored<"compose"> {}

/** Response of `compose.one`. */
export interface ComposeDetail extends ComposeRow, WithDeployments {}

/** Domain of a service, which the web server serves; of a compose service for one of its containers. */
export interface DomainRow {
  host: string;
  https: boolean;
  path: string | null;
  /** False for a domain that is switched off; missing before it could be. */
  enabled?: boolean;
}

interface WithDeployments {
  environment: EnvironmentRow & { project: ProjectRow };
  domains?: DomainRow[];
  /** Records of deployments, at most 11, in no order. */
  deployments: DeploymentRow[];
}

/**
 * `<db>.one` of every kind: only these columns are read. The names and passwords are those that its containers get
 * as variables; each kind has some of them.
 */
export interface DatabaseDetail extends DatabaseLogin {
  name: string;
  description: string | null;
  appName: string;
  env: string | null;
  environmentId: string;
  /** Set by the deployment, which leaves no record. */
  applicationStatus: ServiceStatus;
  serverId: string | null;
  replicas: number;
  modeSwarm: object | null;
  environment: EnvironmentRow & { project: ProjectRow };
  dockerImage: string;
  /** Port under which the host publishes it. */
  externalPort: number | null;
  /** Volumes, including the one with its data. */
  mounts: { mountId: string; mountPath: string; volumeName: string | null }[];
  /** Remote server that it runs on; null on Dokploy's own machine. */
  server: { ipAddress: string } | null;
  /** Scheduled backups of its data. */
  backups?: Readonly<Record<string, unknown>>[];
}

export interface DeploymentRow {
  deploymentId: string;
  /** Title from the deploy call; when a deploy from a git source ends, the commit message replaces it. */
  title: string;
  description: string | null;
  status: DeploymentStatus;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** Only set when the record itself could not be prepared. Build errors are in the log. */
  errorMessage: string | null;
}

/** Waiting or running job of `deployment.queueList`; the newest comes first, and finished jobs disappear. */
export interface QueueJob {
  id: string;
  data: {
    applicationId?: string;
    composeId?: string;
    titleLog: string;
    descriptionLog: string;
    type: "deploy" | "redeploy";
  };
  /** Time when it was queued, in milliseconds since 1970. */
  timestamp: number;
  /** Time when it started, in milliseconds since 1970; missing while it waits. */
  processedOn?: number;
  state: "waiting" | "active";
}

/** Entry of `auditLog.all`. */
export interface AuditLogRow {
  userId: string;
  userEmail: string;
  action: string;
  resourceId: string | null;
  createdAt: string;
}
