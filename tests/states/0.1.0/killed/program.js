// Pulumi was killed while all of this was under way. STEP=first is the program before that; ADOPT the id of what the
// killed run had made.
const pulumi = require("@pulumi/pulumi");
const dokploy = require("pulumi-dokploy");
const ids = require("./ids.json");

const { STEP, ADOPT } = process.env;
const now = STEP === "first" ? "1" : "2";
const secret = (name) => pulumi.secret(`canary-${name}-${now}`);

const shop = new dokploy.Project("shop", { name: "shop" });
const application = (name, options = {}, more = {}) =>
  new dokploy.Application(
    name,
    {
      environmentId: shop.defaultEnvironmentId,
      name,
      source: { type: "docker", image: `acme/${name}:1` },
      env: { LEVEL: now, TOKEN: secret(name) },
      ...more,
    },
    options,
  );

application("web");
// Replaced: of both the deletion was asked for, and one of them is gone.
application("old", {}, { appNamePrefix: `old-${now}` });
application("gone", {}, { appNamePrefix: `gone-${now}` });
if (STEP !== "first") {
  application("api", ADOPT === undefined ? {} : { import: ADOPT });
  new dokploy.EnvironmentBlock("flags", {
    target: { applicationId: ids.workerId },
    mode: "additive",
    env: { FLAG: secret("flag") },
  });
}
