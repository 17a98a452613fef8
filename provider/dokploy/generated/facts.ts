// Made by `npm run api` from the documents of Dokploy 0.30.2, 0.30.7. Do not edit.

/** The versions of the documents, from the oldest to the newest. */
export const VERSIONS: readonly string[] = ["0.30.2","0.30.7"];

/** The endpoints that are read with GET, by router. All others take POST. */
export const QUERIES: Readonly<Record<string, readonly string[]>> = {
  ai: ["get", "getAll", "getCustomProviders", "getEnabledProviders", "getModels", "one"],
  application: ["one", "readAppMonitoring", "readLogs", "readTraefikConfig", "search"],
  auditLog: ["all"],
  backup: ["listBackupFiles", "one"],
  bitbucket: ["bitbucketProviders", "getBitbucketBranches", "getBitbucketRepositories", "one"],
  certificates: ["all", "one"],
  cluster: ["addManager", "addWorker", "getNodes"],
  compose: [
    "getConvertedCompose", "getDefaultCommand", "getTags", "loadMountsByService", "loadServices", "one",
    "readLogs", "search", "templates",
  ],
  customRole: ["all", "getStatements", "membersByRole"],
  deployment: ["all", "allByCompose", "allByServer", "allByType", "allCentralized", "queueList", "readLogs"],
  destination: ["all", "one"],
  dnsProvider: ["all", "listRecords", "listZones", "one"],
  docker: [
    "getConfig", "getContainers", "getContainersByAppLabel", "getContainersByAppNameMatch", "getEvents",
    "getServerHealth", "getServiceContainersByAppName", "getStackContainersByAppName", "listContainerFiles",
    "readContainerFile",
  ],
  dockerDiskUsage: ["getBuildCache", "getDiskUsage"],
  dockerImage: ["getImageConfig", "getImages"],
  dockerVolume: ["getVolumeConfig", "getVolumes", "getVolumesSize", "listVolumeFiles", "readVolumeFile"],
  domain: ["byApplicationId", "byComposeId", "canGenerateTraefikMeDomains", "one"],
  environment: ["byProjectId", "one", "search"],
  forwardAuth: ["getAuthDomain", "listProviders", "serverStatus", "status"],
  gitProvider: ["allForPermissions", "getAll"],
  gitea: ["getGiteaBranches", "getGiteaRepositories", "getGiteaUrl", "giteaProviders", "one"],
  github: ["getGithubBranches", "getGithubRepositories", "githubProviders", "one"],
  gitlab: ["getGitlabBranches", "getGitlabRepositories", "gitlabProviders", "one"],
  libsql: ["one", "readLogs"],
  licenseKey: ["getEnterpriseSettings", "haveValidLicenseKey"],
  mariadb: ["one", "readLogs", "search"],
  mongo: ["one", "readLogs", "search"],
  mounts: ["allNamedByApplicationId", "listByServiceId", "one"],
  mysql: ["one", "readLogs", "search"],
  network: ["all", "inspect", "networksToSync", "one"],
  notification: ["all", "getEmailProviders", "one"],
  organization: ["active", "all", "allInvitations", "one"],
  overview: ["backups", "domains", "services"],
  patch: ["byEntityId", "one", "readRepoDirectories", "readRepoFile"],
  port: ["one"],
  postgres: ["one", "readLogs", "search"],
  previewDeployment: ["all", "one"],
  project: ["all", "allForPermissions", "homeStats", "onboardingStatus", "one", "search"],
  redirects: ["one"],
  redis: ["one", "readLogs", "search"],
  registry: ["all", "one"],
  schedule: ["list", "one"],
  scim: ["listProviders"],
  security: ["one"],
  server: [
    "all", "allForPermissions", "buildServers", "count", "getDefaultCommand", "getServerMetrics",
    "getServerTime", "getServices", "one", "publicIp", "security", "validate", "withSSHKey",
  ],
  settings: [
    "checkGPUStatus", "checkInfrastructureHealth", "getDockerDiskUsage", "getDokployCloudIps",
    "getDokployVersion", "getIp", "getLogCleanupStatus", "getOpenApiDocument", "getReleaseTag",
    "getTraefikPorts", "getWebServerSettings", "haveActivateRequests", "haveTraefikDashboardPortEnabled",
    "health", "isCloud", "isUserSubscribed", "readDirectories", "readMiddlewareTraefikConfig",
    "readTraefikConfig", "readTraefikEnv", "readTraefikFile", "readWebServerTraefikConfig",
  ],
  sshKey: ["all", "allForApps", "one"],
  sso: ["enforceSSO", "getTrustedOrigins", "listProviders", "one", "showSignInWithSSO"],
  stripe: ["canCreateMoreServers", "getBillingStatus", "getCurrentPlan", "getInvoices", "getProducts"],
  swarm: ["getContainerStats", "getNodeApps", "getNodeInfo", "getNodes"],
  tag: ["all", "one"],
  user: [
    "all", "checkUserOrganizations", "get", "getBackups", "getBookmarkedTemplates", "getContainerMetrics",
    "getInvitations", "getMetricsToken", "getPermissions", "getServerMetrics", "getUserByToken",
    "haveRootAccess", "listPasskeys", "listSessions", "one", "session",
  ],
  vaultProvider: ["all", "listSecretNames", "one"],
  volumeBackups: ["list", "one"],
  whitelabeling: ["get", "getPublic"],
};

/**
 * First document that has an endpoint or a column of one, unless that is the oldest; the version that added it may be
 * between the two.
 */
export const SINCE: Readonly<Record<string, string>> = {
  "application.deployNginxQuickstart": "0.30.7",
  "compose.deploy.freshVolumes": "0.30.7",
  "compose.redeploy.freshVolumes": "0.30.7",
  "dnsProvider.createRecord.proxied": "0.30.7",
  "dnsProvider.updateRecord.proxied": "0.30.7",
  "domain.validateDomain.serverId": "0.30.7",
  "network.resync": "0.30.7",
  "notification.createGotify.serverThreshold": "0.30.7",
  "notification.createNtfy.serverThreshold": "0.30.7",
  "notification.updateGotify.serverThreshold": "0.30.7",
  "notification.updateNtfy.serverThreshold": "0.30.7",
  "project.completeOnboarding": "0.30.7",
  "project.onboardingStatus": "0.30.7",
  "server.getServices": "0.30.7",
  "stripe.getBillingStatus": "0.30.7",
  "stripe.startFreeTrial": "0.30.7",
};

/**
 * Routers of objects that can be made, read and removed, and perhaps changed. `create` and `update` list what they take,
 * in `needs` what each call has to send, and in `mayHave` the rest; of an update that is also what Dokploy would set to a
 * default if it were left out. Where there is a call for each kind (`createSlack`), `needs` has what all of them need.
 * `through` is the router that lists and removes them, where that is another one.
 */
export const OBJECTS = {
  ai: {
    id: "aiId",
    remove: "delete",
    create: {
      needs: ["name", "apiUrl", "apiKey", "model", "isEnabled"],
      mayHave: [],
    },
    update: {
      needs: ["aiId"],
      mayHave: ["name", "apiUrl", "apiKey", "model", "isEnabled", "createdAt"],
    },
  },
  application: {
    id: "applicationId",
    remove: "delete",
    create: {
      needs: ["name", "environmentId"],
      mayHave: ["appName", "description", "serverId", "sourceType"],
    },
    update: {
      needs: ["applicationId"],
      mayHave: [
        "name", "appName", "description", "env", "previewEnv", "watchPaths", "previewBuildArgs",
        "previewBuildSecrets", "previewLabels", "previewWildcard", "previewPort", "previewHttps",
        "previewPath", "previewCertificateType", "previewCustomCertResolver", "previewLimit",
        "isPreviewDeploymentsActive", "previewRequireCollaboratorPermissions", "rollbackActive", "buildArgs",
        "buildSecrets", "memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit", "title", "enabled",
        "subtitle", "command", "args", "icon", "refreshToken", "sourceType", "cleanCache", "repository",
        "owner", "branch", "buildPath", "triggerType", "autoDeploy", "gitlabProjectId", "gitlabRepository",
        "gitlabOwner", "gitlabBranch", "gitlabBuildPath", "gitlabPathNamespace", "giteaRepository",
        "giteaOwner", "giteaBranch", "giteaBuildPath", "bitbucketRepository", "bitbucketRepositorySlug",
        "bitbucketOwner", "bitbucketBranch", "bitbucketBuildPath", "username", "password", "dockerImage",
        "registryUrl", "customGitUrl", "customGitBranch", "customGitBuildPath", "customGitSSHKeyId",
        "enableSubmodules", "dockerfile", "dockerContextPath", "dockerBuildStage", "dropBuildPath",
        "healthCheckSwarm", "restartPolicySwarm", "placementSwarm", "updateConfigSwarm",
        "rollbackConfigSwarm", "modeSwarm", "labelsSwarm", "networkSwarm", "stopGracePeriodSwarm",
        "endpointSpecSwarm", "ulimitsSwarm", "replicas", "applicationStatus", "buildType", "railpackVersion",
        "herokuVersion", "publishDirectory", "isStaticSpa", "createEnvFile", "createdAt", "registryId",
        "rollbackRegistryId", "environmentId", "githubId", "gitlabId", "giteaId", "bitbucketId",
        "buildServerId", "buildRegistryId", "networkIds", "detachDokployNetwork",
      ],
    },
  },
  backup: {
    id: "backupId",
    remove: "remove",
    create: {
      needs: ["schedule", "prefix", "destinationId", "database", "databaseType"],
      mayHave: [
        "enabled", "keepLatestCount", "mariadbId", "mysqlId", "postgresId", "mongoId", "libsqlId", "userId",
        "backupType", "composeId", "serviceName", "includeEncryptionKey", "metadata",
      ],
    },
    update: {
      needs: [
        "schedule", "enabled", "prefix", "backupId", "destinationId", "database", "keepLatestCount",
        "serviceName", "metadata", "databaseType",
      ],
      mayHave: ["includeEncryptionKey"],
    },
  },
  bitbucket: {
    id: "bitbucketId",
    remove: "remove",
    through: "gitProvider",
    create: {
      needs: ["authId", "name"],
      mayHave: [
        "bitbucketId", "bitbucketUsername", "bitbucketEmail", "appPassword", "apiToken",
        "bitbucketWorkspaceName", "gitProviderId",
      ],
    },
    update: {
      needs: ["bitbucketId", "gitProviderId", "name"],
      mayHave: [
        "bitbucketUsername", "bitbucketEmail", "appPassword", "apiToken", "bitbucketWorkspaceName",
        "organizationId",
      ],
    },
  },
  certificates: {
    id: "certificateId",
    remove: "remove",
    create: {
      needs: ["name", "certificateData", "privateKey", "organizationId"],
      mayHave: ["certificateId", "certificatePath", "autoRenew", "serverId"],
    },
    update: {
      needs: ["certificateId"],
      mayHave: ["name", "certificateData", "privateKey"],
    },
  },
  compose: {
    id: "composeId",
    remove: "delete",
    create: {
      needs: ["name", "environmentId"],
      mayHave: ["description", "composeType", "appName", "serverId", "composeFile", "sourceType"],
    },
    update: {
      needs: ["composeId"],
      mayHave: [
        "name", "appName", "description", "env", "composeFile", "refreshToken", "sourceType", "composeType",
        "repository", "owner", "branch", "autoDeploy", "gitlabProjectId", "gitlabRepository", "gitlabOwner",
        "gitlabBranch", "gitlabPathNamespace", "bitbucketRepository", "bitbucketRepositorySlug",
        "bitbucketOwner", "bitbucketBranch", "giteaRepository", "giteaOwner", "giteaBranch", "customGitUrl",
        "customGitBranch", "customGitSSHKeyId", "command", "createEnvFile", "enableSubmodules", "composePath",
        "suffix", "randomize", "isolatedDeployment", "isolatedDeploymentsVolume", "triggerType",
        "composeStatus", "icon", "environmentId", "createdAt", "watchPaths", "githubId", "gitlabId",
        "bitbucketId", "giteaId", "serviceNetworks",
      ],
    },
  },
  destination: {
    id: "destinationId",
    remove: "remove",
    create: {
      needs: ["name", "provider", "accessKey", "bucket", "region", "endpoint", "secretAccessKey"],
      mayHave: ["additionalFlags", "serverId"],
    },
    update: {
      needs: [
        "name", "accessKey", "bucket", "region", "endpoint", "secretAccessKey", "destinationId", "provider",
        "additionalFlags",
      ],
      mayHave: ["serverId"],
    },
  },
  dnsProvider: {
    id: "dnsProviderId",
    remove: "remove",
    create: {
      needs: ["name", "config"],
      mayHave: [],
    },
    update: {
      needs: ["dnsProviderId", "name", "config"],
      mayHave: [],
    },
  },
  domain: {
    id: "domainId",
    remove: "delete",
    create: {
      needs: ["host"],
      mayHave: [
        "path", "port", "customEntrypoint", "https", "applicationId", "certificateType", "customCertResolver",
        "composeId", "serviceName", "domainType", "previewDeploymentId", "internalPath", "stripPath",
        "middlewares", "forwardAuthEnabled",
      ],
    },
    update: {
      needs: ["host", "domainId"],
      mayHave: [
        "path", "port", "customEntrypoint", "https", "certificateType", "customCertResolver", "serviceName",
        "domainType", "internalPath", "stripPath", "middlewares", "forwardAuthEnabled", "enabled",
      ],
    },
  },
  environment: {
    id: "environmentId",
    remove: "remove",
    create: {
      needs: ["name", "projectId"],
      mayHave: ["description"],
    },
    update: {
      needs: ["environmentId"],
      mayHave: ["name", "description", "projectId", "env"],
    },
  },
  gitea: {
    id: "giteaId",
    remove: "remove",
    through: "gitProvider",
    create: {
      needs: ["giteaUrl", "name"],
      mayHave: [
        "giteaId", "giteaInternalUrl", "redirectUri", "clientId", "clientSecret", "gitProviderId",
        "accessToken", "refreshToken", "expiresAt", "scopes", "lastAuthenticatedAt", "giteaUsername",
        "organizationName",
      ],
    },
    update: {
      needs: ["giteaId", "giteaUrl", "gitProviderId", "name"],
      mayHave: [
        "giteaInternalUrl", "redirectUri", "clientId", "clientSecret", "accessToken", "refreshToken",
        "expiresAt", "scopes", "lastAuthenticatedAt", "giteaUsername", "organizationName",
      ],
    },
  },
  gitlab: {
    id: "gitlabId",
    remove: "remove",
    through: "gitProvider",
    create: {
      needs: ["authId", "name", "gitlabUrl"],
      mayHave: ["applicationId", "secret", "groupName", "gitProviderId", "redirectUri", "gitlabInternalUrl"],
    },
    update: {
      needs: ["name", "gitlabId", "gitlabUrl", "gitProviderId"],
      mayHave: ["applicationId", "secret", "groupName", "redirectUri", "gitlabInternalUrl"],
    },
  },
  libsql: {
    id: "libsqlId",
    remove: "remove",
    create: {
      needs: [
        "name", "appName", "environmentId", "description", "databaseUser", "databasePassword", "sqldNode",
        "sqldPrimaryUrl", "serverId",
      ],
      mayHave: ["dockerImage", "enableNamespaces"],
    },
    update: {
      needs: ["libsqlId", "enableNamespaces", "dockerImage"],
      mayHave: [
        "name", "appName", "description", "databaseUser", "databasePassword", "sqldNode", "sqldPrimaryUrl",
        "command", "env", "memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit", "externalPort",
        "externalGRPCPort", "externalAdminPort", "applicationStatus", "healthCheckSwarm",
        "restartPolicySwarm", "placementSwarm", "updateConfigSwarm", "rollbackConfigSwarm", "modeSwarm",
        "labelsSwarm", "networkSwarm", "stopGracePeriodSwarm", "endpointSpecSwarm", "replicas", "networkIds",
        "detachDokployNetwork", "createdAt", "environmentId",
      ],
    },
  },
  mariadb: {
    id: "mariadbId",
    remove: "remove",
    create: {
      needs: ["name", "environmentId", "databaseName", "databaseUser", "databasePassword"],
      mayHave: ["appName", "dockerImage", "databaseRootPassword", "description", "serverId"],
    },
    update: {
      needs: ["mariadbId"],
      mayHave: [
        "name", "appName", "description", "databaseName", "databaseUser", "databasePassword",
        "databaseRootPassword", "dockerImage", "command", "args", "env", "memoryReservation", "memoryLimit",
        "cpuReservation", "cpuLimit", "externalPort", "applicationStatus", "healthCheckSwarm",
        "restartPolicySwarm", "placementSwarm", "updateConfigSwarm", "rollbackConfigSwarm", "modeSwarm",
        "labelsSwarm", "networkSwarm", "stopGracePeriodSwarm", "endpointSpecSwarm", "ulimitsSwarm",
        "replicas", "createdAt", "environmentId", "networkIds", "detachDokployNetwork",
      ],
    },
  },
  mongo: {
    id: "mongoId",
    remove: "remove",
    create: {
      needs: ["name", "environmentId", "databaseUser", "databasePassword"],
      mayHave: ["appName", "dockerImage", "description", "serverId", "replicaSets"],
    },
    update: {
      needs: ["mongoId"],
      mayHave: [
        "name", "appName", "description", "databaseUser", "databasePassword", "dockerImage", "command",
        "args", "env", "memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit", "externalPort",
        "applicationStatus", "healthCheckSwarm", "restartPolicySwarm", "placementSwarm", "updateConfigSwarm",
        "rollbackConfigSwarm", "modeSwarm", "labelsSwarm", "networkSwarm", "stopGracePeriodSwarm",
        "endpointSpecSwarm", "ulimitsSwarm", "replicas", "createdAt", "environmentId", "replicaSets",
        "networkIds", "detachDokployNetwork",
      ],
    },
  },
  mounts: {
    id: "mountId",
    remove: "remove",
    create: {
      needs: ["type", "mountPath", "serviceId"],
      mayHave: ["hostPath", "volumeName", "content", "filePath", "serviceType"],
    },
    update: {
      needs: ["mountId"],
      mayHave: [
        "type", "hostPath", "volumeName", "filePath", "content", "serviceType", "mountPath", "applicationId",
        "composeId", "libsqlId", "mariadbId", "mongoId", "mysqlId", "postgresId", "redisId",
      ],
    },
  },
  mysql: {
    id: "mysqlId",
    remove: "remove",
    create: {
      needs: ["name", "environmentId", "databaseName", "databaseUser", "databasePassword"],
      mayHave: ["appName", "dockerImage", "description", "databaseRootPassword", "serverId"],
    },
    update: {
      needs: ["mysqlId"],
      mayHave: [
        "name", "appName", "description", "databaseName", "databaseUser", "databasePassword",
        "databaseRootPassword", "dockerImage", "command", "args", "env", "memoryReservation", "memoryLimit",
        "cpuReservation", "cpuLimit", "externalPort", "applicationStatus", "healthCheckSwarm",
        "restartPolicySwarm", "placementSwarm", "updateConfigSwarm", "rollbackConfigSwarm", "modeSwarm",
        "labelsSwarm", "networkSwarm", "stopGracePeriodSwarm", "endpointSpecSwarm", "ulimitsSwarm",
        "replicas", "createdAt", "environmentId", "networkIds", "detachDokployNetwork",
      ],
    },
  },
  network: {
    id: "networkId",
    remove: "remove",
    create: {
      needs: ["name"],
      mayHave: ["driver", "internal", "attachable", "enableIPv4", "enableIPv6", "mtu", "ipam", "serverId"],
    },
    update: {
      needs: [],
      mayHave: [],
    },
  },
  notification: {
    id: "notificationId",
    remove: "remove",
    create: {
      needs: ["name"],
      mayHave: [
        "appBuildError", "databaseBackup", "dokployBackup", "volumeBackup", "dokployRestart", "appDeploy",
        "dockerCleanup", "serverThreshold", "endpoint", "headers", "webhookUrl", "decoration", "smtpServer",
        "smtpPort", "username", "password", "fromAddress", "toAddresses", "serverUrl", "appToken", "priority",
        "channel", "topic", "accessToken", "userKey", "apiToken", "retry", "expire", "apiKey", "botToken",
        "chatId", "messageThreadId",
      ],
    },
    update: {
      needs: ["notificationId"],
      mayHave: [
        "appBuildError", "databaseBackup", "dokployBackup", "volumeBackup", "dokployRestart", "name",
        "appDeploy", "dockerCleanup", "serverThreshold", "endpoint", "headers", "customId", "organizationId",
        "webhookUrl", "decoration", "discordId", "smtpServer", "smtpPort", "username", "password",
        "fromAddress", "toAddresses", "emailId", "serverUrl", "appToken", "priority", "gotifyId", "larkId",
        "channel", "mattermostId", "topic", "accessToken", "ntfyId", "pushoverId", "userKey", "apiToken",
        "retry", "expire", "apiKey", "resendId", "slackId", "teamsId", "botToken", "chatId",
        "messageThreadId", "telegramId",
      ],
    },
  },
  organization: {
    id: "organizationId",
    remove: "delete",
    create: {
      needs: ["name"],
      mayHave: ["logo"],
    },
    update: {
      needs: ["organizationId", "name"],
      mayHave: ["logo", "defaultRole"],
    },
  },
  patch: {
    id: "patchId",
    remove: "delete",
    create: {
      needs: ["filePath", "content"],
      mayHave: ["type", "enabled", "applicationId", "composeId"],
    },
    update: {
      needs: ["patchId"],
      mayHave: ["type", "filePath", "enabled", "content", "createdAt", "updatedAt"],
    },
  },
  port: {
    id: "portId",
    remove: "delete",
    create: {
      needs: ["publishedPort", "targetPort", "applicationId"],
      mayHave: ["publishMode", "protocol"],
    },
    update: {
      needs: ["portId", "publishedPort", "publishMode", "targetPort", "protocol"],
      mayHave: [],
    },
  },
  postgres: {
    id: "postgresId",
    remove: "remove",
    create: {
      needs: ["name", "databaseName", "databaseUser", "databasePassword", "environmentId"],
      mayHave: ["appName", "dockerImage", "description", "serverId"],
    },
    update: {
      needs: ["postgresId"],
      mayHave: [
        "name", "appName", "databaseName", "databaseUser", "databasePassword", "description", "dockerImage",
        "command", "args", "env", "memoryReservation", "externalPort", "memoryLimit", "cpuReservation",
        "cpuLimit", "applicationStatus", "healthCheckSwarm", "restartPolicySwarm", "placementSwarm",
        "updateConfigSwarm", "rollbackConfigSwarm", "modeSwarm", "labelsSwarm", "networkSwarm",
        "stopGracePeriodSwarm", "endpointSpecSwarm", "ulimitsSwarm", "replicas", "createdAt", "environmentId",
        "networkIds", "detachDokployNetwork",
      ],
    },
  },
  project: {
    id: "projectId",
    remove: "remove",
    create: {
      needs: ["name"],
      mayHave: ["description", "env"],
    },
    update: {
      needs: ["projectId"],
      mayHave: ["name", "description", "createdAt", "organizationId", "env"],
    },
  },
  redirects: {
    id: "redirectId",
    remove: "delete",
    create: {
      needs: ["regex", "replacement", "permanent", "applicationId"],
      mayHave: [],
    },
    update: {
      needs: ["redirectId", "regex", "replacement", "permanent"],
      mayHave: [],
    },
  },
  redis: {
    id: "redisId",
    remove: "remove",
    create: {
      needs: ["name", "databasePassword", "environmentId"],
      mayHave: ["appName", "dockerImage", "description", "serverId"],
    },
    update: {
      needs: ["redisId"],
      mayHave: [
        "name", "appName", "description", "databasePassword", "dockerImage", "command", "args", "env",
        "memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit", "externalPort", "createdAt",
        "applicationStatus", "healthCheckSwarm", "restartPolicySwarm", "placementSwarm", "updateConfigSwarm",
        "rollbackConfigSwarm", "modeSwarm", "labelsSwarm", "networkSwarm", "stopGracePeriodSwarm",
        "endpointSpecSwarm", "ulimitsSwarm", "replicas", "environmentId", "networkIds",
        "detachDokployNetwork",
      ],
    },
  },
  registry: {
    id: "registryId",
    remove: "remove",
    create: {
      needs: ["registryName", "username", "password", "registryUrl", "registryType", "imagePrefix"],
      mayHave: ["serverId"],
    },
    update: {
      needs: ["registryId"],
      mayHave: [
        "registryName", "imagePrefix", "username", "password", "registryUrl", "createdAt", "registryType",
        "organizationId", "serverId",
      ],
    },
  },
  schedule: {
    id: "scheduleId",
    remove: "delete",
    create: {
      needs: ["name", "cronExpression", "command"],
      mayHave: [
        "scheduleId", "description", "appName", "serviceName", "shellType", "scheduleType", "script",
        "applicationId", "composeId", "serverId", "organizationId", "enabled", "timezone", "createdAt",
      ],
    },
    update: {
      needs: ["scheduleId", "name", "cronExpression", "command"],
      mayHave: [
        "description", "appName", "serviceName", "shellType", "scheduleType", "script", "applicationId",
        "composeId", "serverId", "organizationId", "enabled", "timezone", "createdAt",
      ],
    },
  },
  security: {
    id: "securityId",
    remove: "delete",
    create: {
      needs: ["applicationId", "username", "password"],
      mayHave: [],
    },
    update: {
      needs: ["securityId", "username", "password"],
      mayHave: [],
    },
  },
  server: {
    id: "serverId",
    remove: "remove",
    create: {
      needs: ["name", "description", "ipAddress", "port", "username", "sshKeyId", "serverType"],
      mayHave: ["enableDockerCleanup"],
    },
    update: {
      needs: [
        "name", "description", "serverId", "ipAddress", "port", "username", "sshKeyId", "serverType",
        "enableDockerCleanup",
      ],
      mayHave: ["command"],
    },
  },
  sshKey: {
    id: "sshKeyId",
    remove: "remove",
    create: {
      needs: ["name", "privateKey", "publicKey", "organizationId"],
      mayHave: ["description"],
    },
    update: {
      needs: ["sshKeyId"],
      mayHave: ["name", "description", "lastUsedAt"],
    },
  },
  tag: {
    id: "tagId",
    remove: "remove",
    create: {
      needs: ["name"],
      mayHave: ["color"],
    },
    update: {
      needs: ["tagId"],
      mayHave: ["name", "color", "createdAt", "organizationId"],
    },
  },
  vaultProvider: {
    id: "vaultProviderId",
    remove: "remove",
    create: {
      needs: ["name", "config", "assignments"],
      mayHave: [],
    },
    update: {
      needs: ["vaultProviderId", "name", "config", "assignments"],
      mayHave: [],
    },
  },
  volumeBackups: {
    id: "volumeBackupId",
    remove: "delete",
    create: {
      needs: ["name", "volumeName", "prefix", "cronExpression", "destinationId"],
      mayHave: [
        "serviceType", "appName", "serviceName", "turnOff", "keepLatestCount", "enabled", "applicationId",
        "postgresId", "mariadbId", "mongoId", "mysqlId", "redisId", "libsqlId", "composeId", "createdAt",
      ],
    },
    update: {
      needs: ["name", "volumeName", "prefix", "cronExpression", "destinationId", "volumeBackupId"],
      mayHave: [
        "serviceType", "appName", "serviceName", "turnOff", "keepLatestCount", "enabled", "applicationId",
        "postgresId", "mariadbId", "mongoId", "mysqlId", "redisId", "libsqlId", "composeId", "createdAt",
      ],
    },
  },
} as const;
