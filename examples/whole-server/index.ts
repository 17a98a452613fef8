import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const stage = pulumi.getStack();
const config = new pulumi.Config();
const host = config.require("host");

const project = new dokploy.Project("shop", { name: `whole-server-${stage}`, env: { REGION: "eu" } });
const environmentId = project.defaultEnvironmentId;

/** Of the whole server: the login for images that are not public. */
const registry = new dokploy.Registry("images", {
  name: `images-${stage}`,
  url: "registry.example.com",
  username: "deploy",
  password: config.requireSecret("registryPassword"),
});

/** Their volumes stay when they are deleted. Each has a password of its own, which stands in its `connectionUrl`. */
const orders = new dokploy.Postgres("orders", {
  environmentId,
  name: "orders",
  database: "orders",
  user: "orders",
  image: "postgres:18",
});
const articles = new dokploy.MySql("articles", {
  environmentId,
  name: "articles",
  database: "articles",
  user: "articles",
  image: "mysql:8",
});
const sessions = new dokploy.Redis("sessions", { environmentId, name: "sessions", image: "redis:8" });

/** What belongs to a service is listed by it, and is there before its first deployment. */
const api = new dokploy.Application("api", {
  environmentId,
  name: "api",
  source: { type: "docker", image: "traefik/whoami:v1.11" },
  env: {
    DATABASE_URL: orders.connectionUrl,
    REDIS_URL: sessions.connectionUrl,
    REGION: "${{project.REGION}}",
  },
  domains: [{ host: `api.${host}`, port: 80, https: true, certificateType: "letsencrypt" }],
  ports: [{ publishedPort: 2525, targetPort: 25, publishMode: "host" }],
});

const web = new dokploy.Application("web", {
  environmentId,
  name: "web",
  source: { type: "docker", image: "traefik/whoami:v1.11" },
  env: { API_HOST: api.appName, DATABASE_URL: articles.connectionUrl },
  domains: [{ host, port: 80 }],
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
  env: { MEILI_MASTER_KEY: config.requireSecret("searchKey") },
});

/** A resource of its own, as for a service that another program manages. */
new dokploy.Domain("search", {
  composeId: search.id,
  serviceName: "search",
  host: `search.${host}`,
  port: 7700,
});

export const registryId = registry.id;
export const databases = dokploy
  .getDatabasesOutput({
    environmentId: pulumi.all([environmentId, orders.id, articles.id, sessions.id]).apply(([id]) => id),
  })
  .apply((all) => all.map(({ kind, name }) => `${kind} ${name}`));
export const webHost = web.appName;
