// What failed on its way: after the object was made and before its deployment succeeded, while it was saved, while it was
// replaced or deleted. STEP=first is the program before that.
const pulumi = require("@pulumi/pulumi");
const dokploy = require("pulumi-dokploy");
const ids = require("./ids.json");

const isFirst = process.env["STEP"] === "first";
const now = isFirst ? "1" : "2";
const secret = (name) => pulumi.secret(`canary-${name}-${now}`);
const docker = (image) => ({ type: "docker", image });
const file = (image) => ({
  type: "raw",
  composeFile: `services:\n  web:\n    image: ${image}\n    env_file: .env\n`,
});

const shop = new dokploy.Project("shop", { name: "shop" });
const environmentId = shop.defaultEnvironmentId;

// The deployment of the change failed.
new dokploy.Application("web", {
  environmentId,
  name: "web",
  source: docker(`acme/web:${now}`),
  env: { LEVEL: now, TOKEN: secret("web") },
});
new dokploy.Compose("jobs", {
  environmentId,
  name: "jobs",
  source: file(`acme/jobs:${now}`),
  env: { LEVEL: now, TOKEN: secret("jobs") },
});
new dokploy.EnvironmentBlock("worker-flags", {
  target: { applicationId: ids.workerId },
  mode: "additive",
  env: { FLAG: now, TOKEN: secret("worker") },
});
new dokploy.EnvironmentBlock("database-variables", {
  target: { postgresId: ids.postgresId },
  env: { TZ: now, TOKEN: secret("database") },
});
new dokploy.Deployment("release", { target: { applicationId: ids.releasedId }, triggers: { commit: now } });
// The former configuration was put back.
new dokploy.Application("cautious", {
  environmentId,
  name: "cautious",
  source: docker(`acme/cautious:${now}`),
  deploy: { rollbackOnFailure: true },
});
// Nobody knows whether the change was saved.
new dokploy.Application("unsure", {
  environmentId,
  name: "unsure",
  source: docker("acme/unsure:1"),
  env: { LEVEL: now, ...(isFirst ? { OLD: secret("old") } : { NEW: secret("new") }) },
});

// Services that refer to what changed: one fails, one could not be looked up.
const shared = new dokploy.Project("shared", {
  name: "shared",
  env: { KEY: secret("shared") },
  redeployReferrers: true,
});
new dokploy.Application("reader", {
  environmentId: shared.defaultEnvironmentId,
  name: "reader",
  source: docker("acme/reader:1"),
  env: { KEY: "${{project.KEY}}" },
});
const staging = new dokploy.Environment("staging", {
  projectId: shared.id,
  name: "staging",
  env: { STAGE: now },
  redeployReferrers: true,
});
new dokploy.Application("lost-reader", {
  environmentId: staging.id,
  name: "lost-reader",
  source: docker("acme/reader:1"),
  env: { STAGE: "${{environment.STAGE}}" },
});

// Made anew: the old one was deleted, and the new one could not be made.
new dokploy.Application("moved", {
  environmentId,
  name: "moved",
  appNamePrefix: isFirst ? "one" : "two",
  source: docker("acme/moved:1"),
  env: { TOKEN: secret("moved") },
});

if (isFirst) {
  // Taken out of the program, and the deletion failed.
  new dokploy.Application("kept", { environmentId, name: "kept", source: docker("acme/kept:1") });
  new dokploy.EnvironmentBlock("kept-flags", {
    target: { applicationId: ids.releasedId },
    mode: "additive",
    env: { KEPT: secret("kept") },
    deploy: false,
  });
} else {
  // Made, but not to its end: not deployed, or not even configured.
  new dokploy.Application("undeployed", {
    environmentId,
    name: "undeployed",
    source: docker("acme/undeployed:1"),
    env: { TOKEN: secret("undeployed") },
  });
  new dokploy.Application("unsaved", {
    environmentId,
    name: "unsaved",
    source: docker("acme/unsaved:1"),
    env: { TOKEN: secret("unsaved") },
  });
  new dokploy.Compose("undeployed-jobs", {
    environmentId,
    name: "undeployed-jobs",
    source: file("acme/undeployed-jobs:1"),
    env: { TOKEN: secret("undeployed-jobs") },
  });
  new dokploy.Environment("half", { projectId: shop.id, name: "half", env: { TOKEN: secret("half") } });
  new dokploy.EnvironmentBlock("undeployed-flags", {
    target: { composeId: ids.composeId },
    env: { FLAG: now },
  });
}
