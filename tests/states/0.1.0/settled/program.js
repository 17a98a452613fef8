// Every kind of resource of 0.1.0 with all its inputs, every source, every kind of target; secrets marked or in clear.
const pulumi = require("@pulumi/pulumi");
const dokploy = require("pulumi-dokploy");
const ids = require("./ids.json");

const secret = (name) => pulumi.secret(`canary-${name}`);
const awkward = {
  LOG_LEVEL: "info",
  QUOTED: 'it\'s "so"',
  HASH: "a#b",
  DOLLAR: "a$b ${c} $$d",
  BACKSLASH: "a\\b\\n",
  LINES: "a\nb",
  EMPTY: "",
  BLANKS: "  a  ",
  UMLAUT: "größer",
};

const shop = new dokploy.Project("shop", {
  name: "shop",
  description: "All that is sold",
  env: { ...awkward, REGION: "eu", TOKEN: secret("project") },
  redeployReferrers: true,
});
const bare = new dokploy.Project("bare", { name: "bare" });
const legacy = new dokploy.Project(
  "legacy",
  { name: "legacy", env: { KEPT: "yes" } },
  { import: ids.legacyProjectId },
);

const staging = new dokploy.Environment("staging", {
  projectId: shop.id,
  name: "staging",
  description: "Before production",
  env: { ...awkward, STAGE: "staging", TOKEN: secret("environment") },
  redeployReferrers: true,
});
new dokploy.Environment("empty", { projectId: bare.id, name: "empty" });
const legacyStaging = new dokploy.Environment(
  "legacy-staging",
  { projectId: legacy.id, name: "staging", env: {} },
  { import: ids.legacyEnvironmentId },
);

// Applications

class Team extends pulumi.ComponentResource {
  constructor(name, options) {
    super("acme:index:Team", name, {}, options);
  }
}
const team = new Team("team");

const environmentId = staging.id;
const api = new dokploy.Application(
  "api",
  {
    environmentId,
    name: "api",
    description: "The API",
    icon: "https://acme.dev/icon.png",
    appNamePrefix: "shop-api",
    serverId: ids.serverId,
    source: {
      type: "docker",
      image: "ghcr.io/acme/api:1.4.2",
      registryUrl: "ghcr.io",
      username: "acme",
      password: secret("registry"),
    },
    env: {
      ...awkward,
      TOKEN: secret("api"),
      PLAIN_TOKEN: "canary-in-clear",
      REGION: "${{project.REGION}}",
      STAGE: "${{environment.STAGE}}",
      TEMPLATE: "Hello {{name}}",
    },
    createEnvFile: false,
    replicas: 3,
    resources: { memoryLimit: "512MiB", memoryReservation: "1.5GB", cpuLimit: 0.5, cpuReservation: 0.25 },
    command: "node",
    args: ["server.js", "--port", "80"],
    swarm: {
      healthCheck: {
        Test: ["CMD", "true"],
        Interval: 1_000_000_000,
        Timeout: 1_000_000,
        StartPeriod: 2_000_000,
        Retries: 3,
      },
      restartPolicy: { Condition: "on-failure", Delay: 1, MaxAttempts: 2, Window: 3 },
      placement: {
        Constraints: ["node.role==worker"],
        Preferences: [{ Spread: { SpreadDescriptor: "node.labels.zone" } }],
        MaxReplicas: 2,
        Platforms: [{ Architecture: "amd64", OS: "linux" }],
      },
      updateConfig: {
        Parallelism: 1,
        Order: "start-first",
        Delay: 1,
        FailureAction: "rollback",
        Monitor: 5,
        MaxFailureRatio: 0.5,
      },
      rollbackConfig: { Parallelism: 0, Order: "stop-first" },
      mode: { Replicated: { Replicas: 2 } },
      labels: { "com.acme.team": "shop" },
      networks: [{ Target: "net", Aliases: ["api"], DriverOpts: { mtu: "1400" } }],
      stopGracePeriodSeconds: 30,
      endpointSpec: {
        Mode: "vip",
        Ports: [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8080, PublishMode: "host" }],
      },
      ulimits: [{ Name: "nofile", Soft: 1024, Hard: 2048 }],
    },
    networkIds: [ids.networkId],
    detachDokployNetwork: true,
    autoDeploy: false,
    preview: {
      enabled: true,
      env: { STAGE: "preview", TOKEN: secret("preview") },
      buildArgs: { A: "1" },
      buildSecrets: { B: secret("preview-build") },
      wildcard: "*.preview.acme.dev",
      port: 8080,
      path: "/app",
      https: true,
      certificateType: "custom",
      customCertResolver: "le",
      limit: 5,
      labels: ["preview"],
      requireCollaboratorPermissions: false,
    },
    rollbackActive: true,
    rollbackRegistryId: ids.registryId,
    registryId: ids.registryId,
    deploy: {
      method: "redeploy",
      waitFor: "deployed",
      runningTimeoutSeconds: 60,
      timeoutSeconds: 600,
      rollbackOnFailure: true,
      title: "A title",
      description: "A description",
    },
  },
  { parent: team, additionalSecretOutputs: ["appName"], customTimeouts: { create: "20m" } },
);
new dokploy.Application("plain", {
  environmentId: bare.defaultEnvironmentId,
  name: "plain",
  source: { type: "docker", image: "nginx" },
});
// What is a secret by its nature and reaches the state in clear.
new dokploy.Application("in-clear", {
  environmentId: bare.defaultEnvironmentId,
  name: "in-clear",
  source: pulumi.output({ type: "docker", image: "nginx", username: "acme", password: "canary-password" }),
  buildSecrets: pulumi.output({ NPM_TOKEN: "canary-npm" }),
  preview: pulumi.output({ buildSecrets: { NPM_TOKEN: "canary-npm" } }),
  deploy: false,
});
const common = { watchPaths: ["api/**", "!docs"], submodules: true };
const fromGit = new dokploy.Application("from-git", {
  environmentId,
  name: "from-git",
  source: {
    type: "git",
    url: "https://acme:canary-git@git.acme.dev/api.git",
    branch: "main",
    sshKeyId: ids.sshKeyId,
    buildPath: "/api",
    ...common,
  },
  build: {
    type: "dockerfile",
    dockerfile: "ops/Dockerfile",
    contextPath: ".",
    buildStage: "run",
    cleanCache: true,
  },
  buildArgs: { VERSION: "1", FROM_SHARED: "${{environment.STAGE}}" },
  buildSecrets: { NPM_TOKEN: secret("npm") },
  buildServerId: ids.serverId,
  buildRegistryId: ids.registryId,
});
new dokploy.Application("from-github", {
  environmentId,
  name: "from-github",
  source: {
    type: "github",
    githubId: ids.githubId,
    owner: "acme",
    repository: "api",
    branch: "main",
    trigger: "tag",
    buildPath: "/api",
    ...common,
  },
  build: { type: "railpack", version: "0.15.1", cleanCache: true },
  deploy: true,
});
new dokploy.Application("from-gitlab", {
  environmentId,
  name: "from-gitlab",
  source: {
    type: "gitlab",
    gitlabId: ids.gitlabId,
    projectId: 42,
    pathNamespace: "acme/shop/api",
    owner: "acme",
    repository: "api",
    branch: "main",
    buildPath: "/api",
    ...common,
  },
  build: { type: "heroku", version: "22" },
  deploy: false,
});
new dokploy.Application("from-bitbucket", {
  environmentId,
  name: "from-bitbucket",
  source: {
    type: "bitbucket",
    bitbucketId: ids.bitbucketId,
    owner: "acme",
    repository: "API",
    repositorySlug: "api",
    branch: "main",
    buildPath: "/api",
    ...common,
  },
  build: { type: "paketo" },
  deploy: false,
});
new dokploy.Application("from-gitea", {
  environmentId,
  name: "from-gitea",
  source: {
    type: "gitea",
    giteaId: ids.giteaId,
    owner: "acme",
    repository: "api",
    branch: "main",
    buildPath: "/api",
    ...common,
  },
  build: { type: "static", publishDirectory: "dist", spa: true },
  deploy: false,
});
new dokploy.Application("nixpacks", {
  environmentId,
  name: "nixpacks",
  source: { type: "git", url: "https://git.acme.dev/shop.git", branch: "main" },
  build: { type: "nixpacks", publishDirectory: "out", cleanCache: false },
  env: {},
  deploy: false,
});
new dokploy.Application(
  "legacy-web",
  { environmentId: legacyStaging.id, name: "web", source: { type: "docker", image: "acme/web:1" } },
  { import: ids.legacyApplicationId },
);

// Compose services

const composeFile = [
  "services:",
  "  cache:",
  "    image: redis:${VERSION}",
  "    env_file: .env",
  "  web:",
  "    image: nginx:1.27",
  "",
].join("\n");
const cache = new dokploy.Compose("cache", {
  environmentId,
  name: "cache",
  description: "Redis",
  icon: "https://acme.dev/cache.png",
  appNamePrefix: "shop-cache",
  composeType: "docker-compose",
  source: { type: "raw", composeFile, file: "services/cache/compose.yaml" },
  env: {
    ...awkward,
    VERSION: "7",
    TOKEN: secret("cache"),
    API: api.appName,
    STAGE: "${{environment.STAGE}}",
  },
  createEnvFile: true,
  randomize: true,
  suffix: "blue",
  isolatedDeployment: true,
  isolatedDeploymentsVolume: true,
  autoDeploy: false,
  deleteVolumes: true,
  deploy: { method: "redeploy", title: "A title", waitFor: "deployed" },
  checks: { "latest-tag": "error" },
});
new dokploy.Compose("stack", {
  environmentId,
  name: "stack",
  composeType: "stack",
  source: {
    type: "raw",
    composeFile: pulumi.secret(
      "services:\n  web:\n    image: nginx:1.27\n    environment:\n      TOKEN: ${TOKEN}\n      FIXED: canary-compose\n",
    ),
  },
  env: { TOKEN: secret("stack") },
  serviceNetworks: [{ serviceName: "web", networkIds: [ids.networkId], detachDokployNetwork: true }],
});
new dokploy.Compose("compose-git", {
  environmentId,
  name: "compose-git",
  source: {
    type: "git",
    url: "https://acme:canary-git@git.acme.dev/stack.git",
    branch: "main",
    sshKeyId: ids.sshKeyId,
    composePath: "./ops/compose.yaml",
    ...common,
  },
  command: "compose -p shop up -d",
  env: {},
});
const composeOfGithub = new dokploy.Compose("compose-github", {
  environmentId,
  name: "compose-github",
  source: {
    type: "github",
    githubId: ids.githubId,
    owner: "acme",
    repository: "stack",
    branch: "main",
    ...common,
  },
  deploy: false,
});
new dokploy.Compose("compose-gitlab", {
  environmentId,
  name: "compose-gitlab",
  source: {
    type: "gitlab",
    gitlabId: ids.gitlabId,
    projectId: 43,
    pathNamespace: "acme/shop/stack",
    owner: "acme",
    repository: "stack",
    branch: "main",
  },
  deploy: false,
});
new dokploy.Compose("compose-bitbucket", {
  environmentId,
  name: "compose-bitbucket",
  source: {
    type: "bitbucket",
    bitbucketId: ids.bitbucketId,
    owner: "acme",
    repository: "STACK",
    repositorySlug: "stack",
    branch: "main",
  },
  deploy: false,
});
new dokploy.Compose("compose-gitea", {
  environmentId,
  name: "compose-gitea",
  source: { type: "gitea", giteaId: ids.giteaId, owner: "acme", repository: "stack", branch: "main" },
  createEnvFile: false,
  deploy: false,
});
new dokploy.Compose(
  "legacy-stack",
  {
    environmentId: legacyStaging.id,
    name: "stack",
    source: { type: "raw", composeFile },
    env: { VERSION: "7" },
  },
  { import: ids.legacyComposeId },
);

// Blocks of variables

new dokploy.EnvironmentBlock("whole-application", {
  target: { applicationId: ids.workerId },
  mode: "exclusive",
  env: { ...awkward, TOKEN: secret("worker") },
  buildArgs: { VERSION: "1" },
  buildSecrets: { NPM_TOKEN: secret("worker-npm") },
});
const flags = new dokploy.EnvironmentBlock("flags", {
  target: { applicationId: ids.sharedId },
  mode: "additive",
  env: { ...awkward, FLAG: secret("flag") },
  buildArgs: { FLAG: "1" },
  deploy: { method: "reload", waitFor: "deployed" },
});
new dokploy.EnvironmentBlock(
  "more-flags",
  { target: { applicationId: ids.sharedId }, mode: "additive", env: { MORE: "1" }, deploy: false },
  { dependsOn: flags },
);
new dokploy.EnvironmentBlock("from-git-env", {
  target: { applicationId: fromGit.id },
  env: { LEVEL: "info", STAGE: "${{environment.STAGE}}" },
});
new dokploy.EnvironmentBlock("whole-compose", {
  target: { composeId: ids.composeId },
  env: { ...awkward, TOKEN: secret("compose") },
});
new dokploy.EnvironmentBlock("additive-compose", {
  target: { composeId: composeOfGithub.id },
  mode: "additive",
  env: { ...awkward, MORE: secret("more") },
  deploy: false,
});
new dokploy.EnvironmentBlock("project-variables", {
  target: { projectId: bare.id },
  mode: "additive",
  env: { ...awkward, TOKEN: secret("bare") },
  redeployReferrers: true,
});
new dokploy.EnvironmentBlock("environment-variables", {
  target: { environmentId: bare.defaultEnvironmentId },
  env: { ...awkward, TOKEN: secret("bare-environment") },
  redeployReferrers: false,
});
for (const kind of ["postgres", "mysql", "mariadb", "mongo", "redis", "libsql"]) {
  new dokploy.EnvironmentBlock(`${kind}-variables`, {
    target: { [`${kind}Id`]: ids[`${kind}Id`] },
    mode: kind === "postgres" ? "additive" : undefined,
    env: { TZ: "UTC", TOKEN: secret(kind) },
  });
}

// Deployments

new dokploy.Deployment("worker-release", {
  target: { applicationId: ids.sharedId },
  triggers: { commit: "0123abc", api: api.appName, token: secret("trigger") },
  deploy: {
    method: "reload",
    waitFor: "deployed",
    timeoutSeconds: 600,
    title: "Release",
    description: "By hand",
  },
});
new dokploy.Deployment("cache-release", { target: { composeId: cache.id } }, { ignoreChanges: ["triggers"] });
