// Content of the pictures: a small deployment repository, and a pull request that changes it.
const fs = require("node:fs");
const path = require("node:path");

const program = `
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const dokploy = require("pulumi-dokploy");

const stage = pulumi.getStack();
const config = new pulumi.Config();
const shop = new dokploy.Project("shop", { name: "shop-" + stage });

const cache = new dokploy.Compose("cache", {
  environmentId: shop.defaultEnvironmentId,
  name: "cache",
  composeType: "stack",
  source: { type: "raw", composeFile: readFileSync("services/cache.yaml", "utf8") },
  env: dokploy.loadEnv("envs/" + stage + "/cache.yaml"),
});
// One after the other, so that each run prints them in this order.
new dokploy.Application("api", {
  environmentId: shop.defaultEnvironmentId,
  name: "api",
  source: { type: "docker", image: "acme/api:" + config.require("apiVersion") },
  replicas: config.requireNumber("apiReplicas"),
  resources: { memoryLimit: "512MiB" },
  env: { ...dokploy.loadEnv("envs/" + stage + "/api.yaml"), API_TOKEN: config.requireSecret("apiToken") },
}, { dependsOn: cache });
`;

const composeFile = (image) => `services:
  cache:
    image: ${image}
    command: redis-server --maxmemory \${CACHE_MEMORY}
    deploy: { update_config: { order: start-first } }
`;

const before = {
  "Pulumi.yaml": "name: shop\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  "Pulumi.test.yaml":
    "config:\n  dokploy:waitFor: deployed\n  shop:apiVersion: v1.10.4\n  shop:apiReplicas: 1\n",
  "index.js": program,
  "services/cache.yaml": composeFile("redis:7.2-alpine"),
  "envs/test/api.yaml": "LOG_LEVEL: info\nLEGACY_CHECKOUT: on\nCACHE_TTL: 300\n",
  "envs/test/cache.yaml": "CACHE_MEMORY: 64mb\n",
};

const after = {
  "services/cache.yaml": composeFile("redis:7.4-alpine"),
  "envs/test/api.yaml": "LOG_LEVEL: debug\nCACHE_TTL: 300\nCHECKOUT_URL: https://checkout.test.example.com\n",
  "envs/test/cache.yaml": "CACHE_MEMORY: 128mb\n",
};

/** @param {string} folder @param {Record<string, string>} files */
function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** Replaces the example that the stage has copied, except its installed packages. */
function writeRepository(folder) {
  for (const name of fs.readdirSync(folder)) {
    if (name !== "node_modules" && name !== "package.json")
      fs.rmSync(path.join(folder, name), { recursive: true });
  }
  write(folder, before);
}

/** Applies the pull request, except the changes of the configuration. */
function changeRepository(folder) {
  write(folder, after);
}

module.exports = { writeRepository, changeRepository };
