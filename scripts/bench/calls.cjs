// How many calls of Dokploy's API a create and a change take.
const { makeEnvironment, timed, withStacks } = require("./stack.cjs");

const limitCreate = 5;
const limitChange = 3;

/** Repeated for as long as a deployment takes, hence no measure of ours. */
const polls = ["deployment.queueList", "deployment.all", "deployment.allByCompose", "deployment.readLogs"];
/** Once in a run, whatever its size. */
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

async function measure() {
  return await withStacks(async ({ dokploy, openStack }) => {
    const environmentId = await makeEnvironment(dokploy, "existing");
    const stack = await openStack("calls");

    async function callsOf(logLevel) {
      stack.writeProgram(program(environmentId, logLevel));
      dokploy.clearCalls();
      await timed(stack, "up", "--skip-preview");
      const all = dokploy.calls.map(({ endpoint }) => endpoint);
      const versionReads = all.filter((endpoint) => endpoint === versionRead);
      const counted = all.filter((endpoint) => !polls.includes(endpoint) && endpoint !== versionRead);
      // One read of the version is free; more of them would be a fault of ours.
      const calls = [...counted, ...versionReads.slice(1)];
      return { calls, polls: all.length - counted.length - versionReads.length };
    }

    const create = await callsOf("info");
    const change = await callsOf("debug");
    return [figure("calls-create", create, limitCreate), figure("calls-change-one-key", change, limitChange)];
  });
}

function figure(name, counted, atMost) {
  return { figure: name, value: counted.calls.length, unit: "calls", atMost, details: counted };
}

module.exports = { measure };
