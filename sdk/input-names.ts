// biome-ignore-all format: written by `npm run docs` from the definitions in provider/resources; not to be edited

/**
 * The names of every resource's inputs, and the paths of those that are maps of variables, that are secret by their nature,
 * and that are addresses in which a login may stand.
 */
export const inputNames = {
  Application: {
    required: ["environmentId", "name", "source"],
    optional: ["description", "icon", "appNamePrefix", "serverId", "build", "buildServerId", "buildRegistryId", "registryId", "env", "buildArgs", "buildSecrets", "createEnvFile", "replicas", "resources", "command", "args", "swarm", "networkIds", "detachDokployNetwork", "autoDeploy", "preview", "rollbackActive", "rollbackRegistryId", "deploy"],
    variables: ["env", "buildArgs", "buildSecrets", "preview.env", "preview.buildArgs", "preview.buildSecrets"],
    secret: ["source.password", "buildSecrets", "preview.buildSecrets"],
    login: ["source.url"],
  },
  Compose: {
    required: ["environmentId", "name", "source"],
    optional: ["description", "icon", "appNamePrefix", "serverId", "composeType", "env", "createEnvFile", "command", "randomize", "suffix", "isolatedDeployment", "isolatedDeploymentsVolume", "serviceNetworks", "autoDeploy", "deleteVolumes", "allowReplacement", "deploy", "checks"],
    variables: ["env"],
    secret: [],
    login: ["source.url"],
  },
  Deployment: {
    required: ["target"],
    optional: ["triggers", "deploy"],
    variables: [],
    secret: [],
    login: [],
  },
  Domain: {
    required: ["host"],
    optional: ["applicationId", "composeId", "path", "port", "serviceName", "https", "certificateType", "customCertResolver", "internalPath", "stripPath", "customEntrypoint", "middlewares", "enabled", "deploy"],
    variables: [],
    secret: [],
    login: [],
    parents: ["application", "compose"],
    key: [["host"],["path","/"]],
  },
  Environment: {
    required: ["projectId", "name"],
    optional: ["description", "env", "redeployReferrers"],
    variables: ["env"],
    secret: [],
    login: [],
  },
  EnvironmentBlock: {
    required: ["target"],
    optional: ["mode", "env", "buildArgs", "buildSecrets", "deploy", "redeployReferrers"],
    variables: ["env", "buildArgs", "buildSecrets"],
    secret: ["buildSecrets"],
    login: [],
  },
  Port: {
    required: ["applicationId", "publishedPort", "targetPort"],
    optional: ["protocol", "publishMode", "deploy"],
    variables: [],
    secret: [],
    login: [],
    parents: ["application"],
    key: [["publishedPort"],["protocol","tcp"]],
  },
  Project: {
    required: ["name"],
    optional: ["description", "env", "redeployReferrers"],
    variables: ["env"],
    secret: [],
    login: [],
  },
  Redirect: {
    required: ["applicationId", "regex", "replacement", "permanent"],
    optional: [],
    variables: [],
    secret: [],
    login: [],
    parents: ["application"],
    key: [["regex"]],
  },
  Registry: {
    required: ["name", "username", "password"],
    optional: ["url", "imagePrefix", "serverId"],
    variables: [],
    secret: ["password"],
    login: [],
    parents: [],
    key: [["name"]],
  },
} as const;
