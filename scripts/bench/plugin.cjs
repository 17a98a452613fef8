// Measures the plugin: its start, plans without changes and states, the latter two against dynamic providers.
const { spawn } = require("node:child_process");
const path = require("node:path");
const { performance } = require("node:perf_hooks");
const { comparePreviews } = require("./preview-pairs.cjs");
const { median, round, summary } = require("./statistics.cjs");
const { repository, timed, withStacks } = require("./stack.cjs");

const starts = 9;
const applicationCounts = [3, 50];
const limits = { listensMs: 300, previewRatio: 1, stateRatio: 0.85 };

const program = (count) => `
const dokploy = require("pulumi-dokploy");
const project = new dokploy.Project("shop", { name: require("@pulumi/pulumi").getProject() });
for (let index = 0; index < ${count}; index += 1) {
  new dokploy.Application("api-" + index, {
    environmentId: project.defaultEnvironmentId,
    name: "api-" + index,
    source: { type: "docker", image: "traefik/whoami:v1.11" },
    env: { LOG_LEVEL: "info", REGION: "eu" },
  });
}
`;

async function measure() {
  const times = [];
  for (let start = 0; start < starts; start += 1) times.push(await startMs());
  const listens = {
    figure: "plugin-listens",
    value: round(median(times)),
    unit: "ms",
    atMost: limits.listensMs,
    details: { spread: summary(times) },
  };
  const compared = [];
  for (const count of applicationCounts) compared.push(...(await compare(count)));
  return [listens, ...compared];
}

/** Starts the plugin as Pulumi does; returns the milliseconds until it prints its port. */
async function startMs() {
  const begin = performance.now();
  const command = path.join(repository, "plugin", "pulumi-resource-dokploy-native");
  const child = spawn(process.execPath, [command, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await new Promise((resolve, reject) => {
      child.stdout.once("data", resolve);
      child.once("exit", (code) =>
        reject(new Error(`The plugin ended with code ${code} before it listened`)),
      );
    });
    return performance.now() - begin;
  } finally {
    child.kill();
  }
}

/** Compares two stacks of one program. */
async function compare(count) {
  return await withStacks(async ({ openStack }) => {
    const plugin = await openStack("plugin", { plugin: true });
    const dynamic = await openStack("dynamic");
    for (const stack of [plugin, dynamic]) {
      stack.writeProgram(program(count));
      await timed(stack, "up", "--skip-preview");
    }
    const bytes = [plugin, dynamic].map(bytesPerApplication);
    const { value, details } = await comparePreviews(plugin, dynamic);
    return [
      {
        figure: `plugin-preview-${count}`,
        value: details.cpuRatio ?? value,
        unit: "ratio",
        atMost: limits.previewRatio,
        details: { wall: value, ...details },
      },
      {
        figure: `plugin-state-${count}`,
        value: round(bytes[0] / bytes[1], 3),
        unit: "ratio",
        atMost: limits.stateRatio,
        details: { plugin: bytes[0], dynamic: bytes[1] },
      },
    ];
  });
}

/** Returns the median size of an application in the state. */
function bytesPerApplication(stack) {
  const applications = stack.state().resources.filter(({ type }) => /:Application$/.test(type));
  return median(applications.map((resource) => Buffer.byteLength(JSON.stringify(resource))));
}

module.exports = { measure };
