import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const stack = pulumi.getStack();
const config = new pulumi.Config();

const project = new dokploy.Project("quickstart", { name: `quickstart-${stack}` });

const api = new dokploy.Application("api", {
  environmentId: project.defaultEnvironmentId,
  name: "api",
  source: { type: "docker", image: "traefik/whoami:v1.11" },
  resources: { memoryLimit: "128MiB" },
  env: {
    ...dokploy.loadEnv("envs/api.yaml"),
    // Its value comes from `pulumi config set apiToken --secret`.
    API_TOKEN: config.getSecret("apiToken") ?? pulumi.secret("not set yet"),
  },
});

/** The address of the api for other services of the project. */
export const host = api.appName;
