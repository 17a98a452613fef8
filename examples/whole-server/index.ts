import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const stage = pulumi.getStack();
const config = new pulumi.Config();
const host = config.require("host");

// These objects belong to no project, and their names are unique on the whole server.

/** People find the project by this tag. */
const tag = new dokploy.Tag("shop", { name: `shop-${stage}`, color: "#16a34a" });

/** Built images are pushed to it, for the other machines of a cluster. */
const registry = new dokploy.Registry("images", {
  name: `images-${stage}`,
  url: "registry.example.com",
  username: "deploy",
  password: config.requireSecret("registryPassword"),
});

/** Dokploy fetches the code with this key. The git host needs the output of `pulumi stack output publicKey`. */
const deployKey = new dokploy.SshKey("deploy", { name: `deploy-${stage}` });

/** A network without access to the outside. */
const inner = new dokploy.Network("inner", { name: `inner-${stage}`, internal: true });

/** The bucket for backups. The first plan has Dokploy list it. */
const bucket = new dokploy.Destination("backups", {
  name: `backups-${stage}`,
  provider: "AWS",
  bucket: `acme-backups-${stage}`,
  region: "eu-central-1",
  endpoint: "https://s3.eu-central-1.amazonaws.com",
  accessKey: config.requireSecret("s3AccessKey"),
  secretAccessKey: config.requireSecret("s3SecretKey"),
});

/** Failures are reported here. */
new dokploy.Notification("ops", {
  name: `ops-${stage}`,
  channel: { type: "slack", webhookUrl: config.requireSecret("slackWebhook"), channel: "#ops" },
  appBuildError: true,
  databaseBackup: true,
  volumeBackup: true,
});

const project = new dokploy.Project("shop", {
  name: `whole-server-${stage}`,
  env: { REGION: "eu" },
  tagIds: [tag.id],
});
const environmentId = project.defaultEnvironmentId;

// Their volumes stay when they are deleted. Each generates its own password, which is part of its `connectionUrl`.

const orders = new dokploy.Postgres("orders", {
  environmentId,
  name: "orders",
  database: "orders",
  user: "orders",
  image: "postgres:18",
  resources: { memoryLimit: "512MiB" },
});
const articles = new dokploy.MySql("articles", {
  environmentId,
  name: "articles",
  database: "articles",
  user: "articles",
  image: "mysql:8",
  resources: { memoryLimit: "768MiB" },
});
const sessions = new dokploy.Redis("sessions", {
  environmentId,
  name: "sessions",
  image: "redis:8",
  resources: { memoryLimit: "256MiB" },
  networkIds: [inner.id],
});

// A service lists its parts, which exist before its first deployment.

const api = new dokploy.Application("api", {
  environmentId,
  name: "api",
  source: { type: "docker", image: "traefik/whoami:v1.11" },
  env: {
    DATABASE_URL: orders.connectionUrl,
    REDIS_URL: sessions.connectionUrl,
    REGION: "${{project.REGION}}",
  },
  networkIds: [inner.id],
  resources: { memoryLimit: "128MiB" },
  healthCheck: { path: "/health", port: 80, interval: "10s" },
  domains: [{ host: `api.${host}`, port: 80, https: true, certificateType: "letsencrypt" }],
  mounts: [{ type: "volume", volumeName: `uploads-${stage}`, mountPath: "/uploads" }],
  ports: [{ publishedPort: 2525, targetPort: 25, publishMode: "host" }],
  // The old container blocks the port as long as it runs.
  swarm: { updateConfig: { Parallelism: 1, Order: "stop-first" } },
});

const web = new dokploy.Application("web", {
  environmentId,
  name: "web",
  source: {
    type: "git",
    url: "git@git.example.com:acme/web.git",
    branch: "main",
    sshKeyId: deployKey.id,
  },
  build: { type: "dockerfile" },
  resources: { memoryLimit: "256MiB" },
  registryId: registry.id,
  env: { API_HOST: api.appName, DATABASE_URL: articles.connectionUrl },
  healthCheck: { path: "/", port: 80, interval: "10s", timeout: "3s", startPeriod: "20s" },
  domains: [{ host, port: 80, https: true, certificateType: "letsencrypt" }],
  mounts: [
    { type: "file", filePath: "shop.toml", mountPath: "/etc/shop.toml", content: 'currency = "EUR"\n' },
  ],
  redirects: [
    {
      regex: `^https?://www\\.${host.replaceAll(".", "\\.")}/(.*)`,
      replacement: `https://${host}/\${1}`,
      permanent: true,
    },
  ],
  security: [{ username: "staff", password: config.requireSecret("staffPassword") }],
});

const search = new dokploy.Compose("search", {
  environmentId,
  name: "search",
  source: dokploy.composeFile("compose.yaml"),
  // The file must exist before the containers start: Docker creates a folder for a missing file.
  mounts: [
    {
      type: "file",
      filePath: "synonyms.json",
      mountPath: "/synonyms.json",
      content: '{ "tv": ["television"] }\n',
    },
  ],
  env: { MEILI_MASTER_KEY: config.requireSecret("searchKey") },
});

/** A separate resource, as for a service that another program manages. */
new dokploy.Domain("search", {
  composeId: search.id,
  serviceName: "search",
  host: `search.${host}`,
  port: 7700,
  https: true,
  certificateType: "letsencrypt",
});
// Backups of the data. Each has its own folder in the bucket.

new dokploy.Backup("orders", {
  postgresId: orders.id,
  database: "orders",
  schedule: "0 3 * * *",
  destinationId: bucket.id,
  keepLatestCount: 14,
});
new dokploy.Backup("articles", {
  mysqlId: articles.id,
  database: "articles",
  schedule: "15 3 * * *",
  destinationId: bucket.id,
  keepLatestCount: 14,
});
new dokploy.VolumeBackup("uploads", {
  applicationId: api.id,
  name: "uploads",
  volumeName: `uploads-${stage}`,
  cronExpression: "0 2 * * *",
  destinationId: bucket.id,
  keepLatestCount: 7,
});
/** Dokploy has no other kind of backup for Redis. */
new dokploy.VolumeBackup("sessions", {
  redisId: sessions.id,
  name: "sessions",
  volumeName: pulumi.interpolate`${sessions.appName}-data`,
  cronExpression: "30 3 * * *",
  destinationId: bucket.id,
  keepLatestCount: 2,
});
/** Dokploy itself: its database with all settings, and its files. */
new dokploy.Backup("dokploy", {
  databaseType: "web-server",
  schedule: "0 5 * * *",
  destinationId: bucket.id,
  prefix: "dokploy",
  keepLatestCount: 30,
});

new dokploy.Schedule("reports", {
  applicationId: api.id,
  name: "reports",
  cronExpression: "0 6 * * MON-FRI",
  timezone: "Europe/Berlin",
  command: "/reports --daily",
});

export const publicKey = deployKey.publicKey;
/** Host names of the services inside Dokploy's network. */
export const hosts = {
  api: api.appName,
  web: web.appName,
  orders: orders.appName,
  articles: articles.appName,
};
