// Changes 30 services at once, on a server that builds one at a time, until their containers have run for the real ten
// seconds. Compares `pulumi up`, with the recipes' PULUMI_PARALLEL and with Pulumi's own, to a loop that calls Dokploy
// and waits in the same way.
const { setTimeout: pause } = require("node:timers/promises");
const { performance } = require("node:perf_hooks");
const { round } = require("./statistics.cjs");
const { askDokploy, callDokploy, makeEnvironment, timed, withStacks } = require("./stack.cjs");

const count = 30;
const buildMs = 600;
/** Value in examples/deployment-repository. */
const parallel = "64";
const stableMs = 10_000;
const limit = 1.3;

const program = (environmentId, version) => `
const dokploy = require("pulumi-dokploy");
for (let index = 0; index < ${count}; index += 1) {
  new dokploy.Application("app" + index, {
    environmentId: "${environmentId}",
    name: "app " + index,
    source: { type: "docker", image: "traefik/whoami:v1.11" },
    env: { VERSION: "${version}" },
  });
}
`;

async function measure() {
  return await withStacks(
    async ({ dokploy, openStack }) => {
      const environmentId = await makeEnvironment(dokploy, "changed");
      const stack = await openStack("changes");
      const up = async (version, settings) => {
        stack.writeProgram(program(environmentId, version));
        Object.assign(stack.env, { PULUMI_PARALLEL: undefined }, settings);
        dokploy.clearCalls();
        const started = Date.now();
        const seconds = (await timed(stack, "up", "--skip-preview")) / 1000;
        const times = dokploy.calls.map(({ at }) => at);
        // The time before the first call is Pulumi's start, which depends on the load of the machine.
        return {
          seconds,
          asking: (Math.max(...times) - Math.min(...times)) / 1000,
          start: (Math.min(...times) - started) / 1000,
        };
      };
      await up("first", { PULUMI_PARALLEL: parallel });
      const { applications } = await askDokploy(dokploy, "environment.one", { environmentId });
      const start = performance.now();
      await Promise.all(applications.map(({ applicationId }) => change(dokploy, applicationId)));
      const floor = (performance.now() - start) / 1000;
      const recipe = await up("second", { PULUMI_PARALLEL: parallel, DOKPLOY_WAIT_FOR: "running" });
      const plain = await up("third", { DOKPLOY_WAIT_FOR: "running" });
      return [
        {
          figure: `changes-${count}`,
          value: round(recipe.seconds / floor, 2),
          unit: "times the floor",
          atMost: limit,
          details: {
            seconds: round(recipe.seconds, 1),
            untilFirstCall: round(recipe.start, 1),
            floorSeconds: round(floor, 1),
            secondsWithPulumisOwnParallel: round(plain.seconds, 1),
          },
        },
        {
          figure: `changes-${count}-after-start`,
          value: round(recipe.asking / floor, 2),
          unit: "times the floor",
          atMost: limit,
          details: { seconds: round(recipe.asking, 1) },
        },
      ];
    },
    { buildMs },
  );
}

/** Works like a script: saves, deploys, waits for the record and then for a new task that has run long enough. */
async function change(dokploy, applicationId) {
  const { appName } = await askDokploy(dokploy, "application.one", { applicationId });
  const tasks = async () => await askDokploy(dokploy, "docker.getServiceContainersByAppName", { appName });
  const before = new Set((await tasks()).map(({ containerId }) => containerId));
  await callDokploy(dokploy, "application.update", { applicationId, env: "VERSION=by hand" });
  const records = async () => await askDokploy(dokploy, "deployment.all", { applicationId });
  const known = (await records()).length;
  await callDokploy(dokploy, "application.deploy", { applicationId });
  for (;;) {
    await pause(500);
    const [newest, ...others] = await records();
    if (others.length >= known && newest?.status === "done") break;
  }
  for (let since; ; await pause(500)) {
    const running = (await tasks()).some(
      ({ containerId, currentState }) => !before.has(containerId) && currentState.startsWith("Running"),
    );
    since = running ? (since ?? performance.now()) : undefined;
    if (since !== undefined && performance.now() - since >= stableMs) return;
  }
}

module.exports = { measure };
