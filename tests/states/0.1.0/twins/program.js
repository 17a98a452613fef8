// Each object under two names: renamed in the program and adopted by its id, in a run that ended before the old names
// left the state. STEP=first is the program before that.
const pulumi = require("@pulumi/pulumi");
const dokploy = require("pulumi-dokploy");
const ids = require("./ids.json");

const isFirst = process.env["STEP"] === "first";
const secret = (name) => pulumi.secret(`canary-${name}`);
const named = (name) => (isFirst ? `old-${name}` : name);
const adopted = (id) => (isFirst ? {} : { import: id });

const shop = new dokploy.Project(
  named("shop"),
  { name: "shop", env: { TOKEN: secret("shop") } },
  adopted(ids.projectId),
);
const staging = new dokploy.Environment(
  named("staging"),
  { projectId: shop.id, name: "staging", env: { TOKEN: secret("staging") } },
  adopted(ids.environmentId),
);
const api = new dokploy.Application(
  named("api"),
  {
    environmentId: staging.id,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
  },
  adopted(ids.applicationId),
);
new dokploy.Compose(
  named("jobs"),
  {
    environmentId: staging.id,
    name: "jobs",
    source: { type: "raw", composeFile: "services:\n  web:\n    image: acme/jobs:1\n    env_file: .env\n" },
    env: { TOKEN: secret("jobs") },
    deleteVolumes: true,
  },
  adopted(ids.composeId),
);
new dokploy.EnvironmentBlock(named("flags"), {
  target: { applicationId: api.id },
  mode: "additive",
  env: { FLAG: "on", TOKEN: secret("flags") },
});
new dokploy.Deployment(named("release"), { target: { applicationId: api.id }, triggers: { commit: "1" } });
