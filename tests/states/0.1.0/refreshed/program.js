// What somebody else changed or deleted by hand, as a refresh took it into the state.
const pulumi = require("@pulumi/pulumi");
const dokploy = require("pulumi-dokploy");
const ids = require("./ids.json");

const secret = (name) => pulumi.secret(`canary-${name}`);
const docker = { type: "docker", image: "acme/web:1" };
const raw = { type: "raw", composeFile: "services:\n  web:\n    image: acme/web:1\n    env_file: .env\n" };

const shop = new dokploy.Project("shop", {
  name: "shop",
  description: "All that is sold",
  env: { KEY: secret("shop") },
  redeployReferrers: true,
});
const environmentId = shop.defaultEnvironmentId;
const staging = new dokploy.Environment("staging", {
  projectId: shop.id,
  name: "staging",
  env: { STAGE: secret("staging") },
});
new dokploy.Application("web", {
  environmentId,
  name: "web",
  source: docker,
  env: { LEVEL: "info", TOKEN: secret("web"), KEY: "${{project.KEY}}" },
  replicas: 2,
});
new dokploy.Application("untouched", {
  environmentId,
  name: "untouched",
  source: { ...docker, username: "acme", password: secret("registry") },
  env: { LEVEL: "info", TOKEN: secret("untouched") },
});
new dokploy.Compose("jobs", { environmentId, name: "jobs", source: raw, env: { TOKEN: secret("jobs") } });
new dokploy.EnvironmentBlock("flags", {
  target: { applicationId: ids.workerId },
  mode: "additive",
  env: { FLAG: secret("flag"), OTHER: "1" },
});
new dokploy.EnvironmentBlock("whole", {
  target: { composeId: ids.composeId },
  env: { TOKEN: secret("whole") },
});

// Deleted by hand.
const gone = new dokploy.Application("gone", {
  environmentId: staging.id,
  name: "gone",
  source: docker,
  env: { TOKEN: secret("gone") },
});
new dokploy.EnvironmentBlock("gone-flags", {
  target: { applicationId: gone.id },
  mode: "additive",
  buildArgs: { FLAG: "1" },
  deploy: false,
});
new dokploy.Deployment("gone-release", { target: { applicationId: gone.id }, triggers: { commit: "1" } });
new dokploy.Compose("gone-jobs", { environmentId: staging.id, name: "gone-jobs", source: raw, env: {} });
new dokploy.Environment("gone-environment", { projectId: shop.id, name: "gone" });
new dokploy.Project("gone-project", { name: "gone" });
