import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

/** `test` or `prod`: also the name of the folder with its variables. */
const stage = pulumi.getStack();
const config = new pulumi.Config();
const variables = (name: string) => dokploy.loadEnv(`envs/${stage}/${name}.yaml`);
const cachePassword = config.requireSecret("cachePassword");

const shop = new dokploy.Project("shop", {
  name: `shop-${stage}`,
  description: "Managed with Pulumi: changes by hand are put back.",
  env: variables("shared"),
});

new dokploy.Compose("cache", {
  environmentId: shop.defaultEnvironmentId,
  name: "cache",
  appNamePrefix: `shop-${stage}-cache`,
  source: { type: "raw", composeFile: readFileSync("services/cache.yaml", "utf8") },
  env: { ...variables("cache"), CACHE_PASSWORD: cachePassword },
});

const api = new dokploy.Application("api", {
  environmentId: shop.defaultEnvironmentId,
  name: "api",
  appNamePrefix: `shop-${stage}-api`,
  source: { type: "docker", image: `traefik/whoami:${config.require("apiVersion")}` },
  replicas: config.requireNumber("apiReplicas"),
  resources: { memoryLimit: "128MiB" },
  env: {
    ...variables("api"),
    API_TOKEN: config.requireSecret("apiToken"),
    CACHE_PASSWORD: cachePassword,
  },
});

/** Where other services on the server reach the api. */
export const apiHost = api.appName;
