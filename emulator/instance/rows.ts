/** Row as the API shows it. */
export type Row = Record<string, unknown>;

export interface ProjectRow extends Row {
  projectId: string;
  name: string;
  description: string | null;
  createdAt: string;
  organizationId: string;
  env: string;
}

export interface EnvironmentRow extends Row {
  environmentId: string;
  name: string;
  description: string | null;
  createdAt: string;
  env: string;
  projectId: string;
  isDefault: boolean;
}

/** Common columns of applications, compose services and databases. */
export interface ServiceRow extends Row {
  name: string;
  appName: string;
  description: string | null;
  env: string | null;
  createdAt: string;
  environmentId: string;
  serverId: string | null;
}

export type ServiceStatus = "idle" | "running" | "done" | "error";

export interface ApplicationRow extends ServiceRow {
  applicationId: string;
  applicationStatus: ServiceStatus;
  sourceType: string;
  dockerImage: string | null;
  customGitUrl: string | null;
  customGitBranch: string | null;
  buildType: string;
  dockerfile: string | null;
  buildArgs: string | null;
  buildSecrets: string | null;
  replicas: number;
}

export interface ComposeRow extends ServiceRow {
  composeId: string;
  composeStatus: ServiceStatus;
  sourceType: string;
  composeType: string;
  composeFile: string;
  composePath: string;
  customGitUrl: string | null;
  customGitBranch: string | null;
  command: string;
  createEnvFile: boolean;
}

export type DatabaseName = "libsql" | "mariadb" | "mongo" | "mysql" | "postgres" | "redis";

/** Tables of services, which run in containers. */
export type ServiceTable = "application" | "compose" | DatabaseName;

export interface DatabaseRow extends ServiceRow {
  applicationStatus: ServiceStatus;
  dockerImage: string;
  databaseName?: string;
  databaseUser?: string;
  databasePassword: string;
  databaseRootPassword?: string;
  replicaSets?: boolean;
  sqldNode?: string;
  sqldPrimaryUrl?: string | null;
  externalPort: number | null;
  replicas: number;
}

export interface DeploymentRow extends Row {
  deploymentId: string;
  title: string;
  description: string;
  status: "running" | "done" | "error" | "cancelled";
  logPath: string;
  applicationId: string | null;
  composeId: string | null;
  createdAt: string;
  startedAt: string;
  finishedAt: string | null;
}

/** All columns of an application in the table's order, with the values of a new one. */
export const applicationColumns = {
  applicationId: "",
  name: "",
  appName: "",
  description: null,
  env: null,
  previewEnv: null,
  watchPaths: null,
  previewBuildArgs: null,
  previewBuildSecrets: null,
  previewLabels: null,
  previewWildcard: null,
  previewPort: 3000,
  previewHttps: false,
  previewPath: "/",
  previewCertificateType: "none",
  previewCustomCertResolver: null,
  previewLimit: 3,
  isPreviewDeploymentsActive: false,
  previewRequireCollaboratorPermissions: true,
  rollbackActive: false,
  buildArgs: null,
  buildSecrets: null,
  memoryReservation: null,
  memoryLimit: null,
  cpuReservation: null,
  cpuLimit: null,
  title: null,
  enabled: null,
  subtitle: null,
  command: null,
  args: null,
  icon: null,
  refreshToken: "",
  sourceType: "github",
  cleanCache: false,
  repository: null,
  owner: null,
  branch: null,
  buildPath: "/",
  triggerType: "push",
  autoDeploy: true,
  gitlabProjectId: null,
  gitlabRepository: null,
  gitlabOwner: null,
  gitlabBranch: null,
  gitlabBuildPath: "/",
  gitlabPathNamespace: null,
  giteaRepository: null,
  giteaOwner: null,
  giteaBranch: null,
  giteaBuildPath: "/",
  bitbucketRepository: null,
  bitbucketRepositorySlug: null,
  bitbucketOwner: null,
  bitbucketBranch: null,
  bitbucketBuildPath: "/",
  username: null,
  password: null,
  dockerImage: null,
  registryUrl: null,
  customGitUrl: null,
  customGitBranch: null,
  customGitBuildPath: null,
  customGitSSHKeyId: null,
  enableSubmodules: false,
  dockerfile: "Dockerfile",
  dockerContextPath: null,
  dockerBuildStage: null,
  dropBuildPath: null,
  healthCheckSwarm: null,
  restartPolicySwarm: null,
  placementSwarm: null,
  updateConfigSwarm: null,
  rollbackConfigSwarm: null,
  modeSwarm: null,
  labelsSwarm: null,
  networkSwarm: null,
  stopGracePeriodSwarm: null,
  endpointSpecSwarm: null,
  ulimitsSwarm: null,
  replicas: 1,
  applicationStatus: "idle",
  buildType: "nixpacks",
  railpackVersion: "0.15.4",
  herokuVersion: "24",
  publishDirectory: null,
  isStaticSpa: null,
  createEnvFile: true,
  createdAt: "",
  registryId: null,
  rollbackRegistryId: null,
  environmentId: "",
  githubId: null,
  gitlabId: null,
  giteaId: null,
  bitbucketId: null,
  serverId: null,
  buildServerId: null,
  buildRegistryId: null,
  networkIds: [],
  detachDokployNetwork: false,
};

/** All columns of a compose service in the table's order, with the values of a new one. */
export const composeColumns = {
  composeId: "",
  name: "",
  appName: "",
  description: null,
  env: null,
  composeFile: "",
  refreshToken: "",
  sourceType: "github",
  composeType: "docker-compose",
  repository: null,
  owner: null,
  branch: null,
  autoDeploy: true,
  gitlabProjectId: null,
  gitlabRepository: null,
  gitlabOwner: null,
  gitlabBranch: null,
  gitlabPathNamespace: null,
  bitbucketRepository: null,
  bitbucketRepositorySlug: null,
  bitbucketOwner: null,
  bitbucketBranch: null,
  giteaRepository: null,
  giteaOwner: null,
  giteaBranch: null,
  customGitUrl: null,
  customGitBranch: null,
  customGitSSHKeyId: null,
  command: "",
  createEnvFile: true,
  enableSubmodules: false,
  composePath: "./docker-compose.yml",
  suffix: "",
  randomize: false,
  isolatedDeployment: false,
  isolatedDeploymentsVolume: false,
  triggerType: "push",
  composeStatus: "idle",
  icon: null,
  environmentId: "",
  createdAt: "",
  watchPaths: null,
  githubId: null,
  gitlabId: null,
  bitbucketId: null,
  giteaId: null,
  serverId: null,
  serviceNetworks: [],
};
