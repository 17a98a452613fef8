// Counts the calls of Dokploy's API in a run: all calls of one `pulumi up`, `refresh` or `destroy` with
// `--skip-preview`, including those of its plan, but without the polls of a deployment and the one read of the
// server's version.
const { callDokploy, makeEnvironment, timed, withStacks } = require("./stack.cjs");

const limitCreate = 5;
const limitChange = 4;
const limitBlock = 6;
const refreshed = 100;
const limitRefresh = 110;
const limitDestroy = 110;

/** Repeated as long as a deployment takes, so their number says nothing about this package. */
const polls = ["deployment.queueList", "deployment.all", "deployment.allByCompose", "deployment.readLogs"];
/** Made once in a run of any size. */
const versionRead = "settings.getDokployVersion";

const program = (environmentId, logLevel) => `
const dokploy = require("pulumi-dokploy");
new dokploy.Application("api", {
  environmentId: "${environmentId}",
  name: "api",
  source: { type: "docker", image: "traefik/whoami:v1.11" },
  env: { LOG_LEVEL: "${logLevel}", PORT: "8080", REGION: "eu" },
});
`;

const blockProgram = (applicationId) => `
const dokploy = require("pulumi-dokploy");
new dokploy.EnvironmentBlock("variables", {
  target: { applicationId: "${applicationId}" },
  mode: "additive",
  env: { LOG_LEVEL: "info", PORT: "8080", ADDRESS: "\${{HOST}}:8080" },
});
`;

const manyProgram = (environmentId) => `
const dokploy = require("pulumi-dokploy");
for (let index = 0; index < ${refreshed}; index += 1) {
  const application = new dokploy.Application("app" + index, {
    environmentId: "${environmentId}",
    name: "app " + index,
    source: { type: "docker", image: "traefik/whoami:v1.11" },
    deploy: false,
  });
  for (const name of ["FIRST", "SECOND"]) {
    new dokploy.EnvironmentBlock("app" + index + "-" + name, {
      target: { applicationId: application.id },
      mode: "additive",
      env: { [name]: "1" },
      deploy: false,
    });
  }
}
`;

async function measure() {
  return await withStacks(async ({ dokploy, openStack }) => {
    const environmentId = await makeEnvironment(dokploy, "existing");

    async function callsOf(stack, ...args) {
      dokploy.clearCalls();
      await timed(stack, ...args);
      const all = dokploy.calls.map(({ endpoint }) => endpoint);
      const versionReads = all.filter((endpoint) => endpoint === versionRead);
      const counted = all.filter((endpoint) => !polls.includes(endpoint) && endpoint !== versionRead);
      // One read of the version is free; more would be a mistake of this package.
      const calls = [...counted, ...versionReads.slice(1)];
      return { calls, polls: all.length - counted.length - versionReads.length };
    }

    const up = async (stack, source) => {
      stack.writeProgram(source);
      return await callsOf(stack, "up", "--skip-preview");
    };

    const stack = await openStack("calls");
    const create = await up(stack, program(environmentId, "info"));
    const change = await up(stack, program(environmentId, "debug"));

    const existing = await callDokploy(dokploy, "application.create", { name: "by hand", environmentId });
    await callDokploy(dokploy, "application.update", {
      applicationId: existing.applicationId,
      sourceType: "docker",
      dockerImage: "traefik/whoami:v1.11",
      env: "HOST=10.0.0.1",
    });
    const block = await up(await openStack("block"), blockProgram(existing.applicationId));

    const many = await openStack("refresh");
    await up(many, manyProgram(environmentId));
    const refresh = await callsOf(many, "refresh", "--skip-preview");
    const destroy = await callsOf(many, "destroy", "--skip-preview");
    return [
      figure("calls-create", create, limitCreate),
      figure("calls-change-one-key", change, limitChange),
      figure("calls-create-block", block, limitBlock),
      {
        figure: `calls-refresh-${refreshed}`,
        value: refresh.calls.length,
        unit: "calls",
        atMost: limitRefresh,
        details: { resources: 3 * refreshed },
      },
      {
        figure: `calls-destroy-${refreshed}`,
        value: destroy.calls.length,
        unit: "calls",
        atMost: limitDestroy,
        details: { resources: 3 * refreshed },
      },
    ];
  });
}

function figure(name, counted, atMost) {
  return { figure: name, value: counted.calls.length, unit: "calls", atMost, details: counted };
}

module.exports = { measure };
