// A plan without changes, against resources that do nothing at all: what is left is what the handlers cost.
const fs = require("node:fs");
const { median, round, summary } = require("./statistics.cjs");
const { callDokploy, makeEnvironment, timed, withStacks } = require("./stack.cjs");

const resourceCount = 200;
const pairCount = 5;
const limitRatio = 1.15;

/** The same inputs for both programs, so that Pulumi has the same to serialise, send and keep. */
const inputs = (ids) => `
const ids = ${JSON.stringify(ids)};
const inputsOf = (id, index) => ({
  target: { applicationId: id },
  env: Object.fromEntries(Array.from({ length: 10 }, (_, key) => ["VARIABLE_" + key, "value " + key + " of " + index])),
});
`;

const ours = (ids) => `${inputs(ids)}
const dokploy = require("pulumi-dokploy");
ids.forEach((id, index) => new dokploy.EnvironmentBlock("block-" + index, inputsOf(id, index)));
`;

const doNothing = (ids) => `${inputs(ids)}
const pulumi = require("@pulumi/pulumi");
class Nothing extends pulumi.dynamic.Resource {}
const provider = { create: async (inputs) => ({ id: inputs.target.applicationId, outs: inputs }) };
ids.forEach((id, index) => new Nothing(provider, "block-" + index, inputsOf(id, index)));
`;

async function measure() {
  return await withStacks(async ({ dokploy, openStack }) => {
    const environmentId = await makeEnvironment(dokploy, "existing");
    const ids = [];
    for (let index = 0; index < resourceCount; index += 1) {
      const name = `service-${index}`;
      const { applicationId } = await callDokploy(dokploy, "application.create", { name, environmentId });
      const source = {
        dockerImage: "traefik/whoami:v1.11",
        username: null,
        password: null,
        registryUrl: null,
      };
      await callDokploy(dokploy, "application.saveDockerProvider", { applicationId, ...source });
      ids.push(applicationId);
    }

    const a = await openStack("blocks");
    a.writeProgram(ours(ids));
    const b = await openStack("nothing");
    b.writeProgram(doNothing(ids));
    for (const stack of [a, b]) {
      await timed(stack, "up", "--skip-preview");
      await preview(stack);
    }

    dokploy.clearCalls();
    const pairs = [];
    for (let pair = 0; pair < pairCount; pair += 1) {
      pairs.push({ ours: await preview(a), doNothing: await preview(b) });
    }
    const ratios = (of) => pairs.map((pair) => round(of(pair.ours) / of(pair.doNothing), 3));
    const wall = ratios(({ milliseconds }) => milliseconds);
    const cpu = ratios(({ cpuMs }) => cpuMs);
    return [
      {
        figure: "preview-200",
        value: median(wall),
        unit: "ratio",
        atMost: limitRatio,
        details: {
          pairs: wall,
          oursMs: summary(pairs.map(({ ours }) => ours.milliseconds)),
          doNothingMs: summary(pairs.map(({ doNothing }) => doNothing.milliseconds)),
          // The machine's other work makes no difference to this one.
          ...(cpu.every(Number.isFinite) ? { cpuRatio: median(cpu) } : {}),
        },
      },
      { figure: "preview-200-calls", value: dokploy.calls.length, unit: "calls", atMost: 0 },
    ];
  });
}

async function preview(stack) {
  const before = childrenCpuMs();
  const milliseconds = await timed(stack, "preview", "--expect-no-changes");
  return { milliseconds, cpuMs: childrenCpuMs() - before };
}

/** CPU time of all processes that this one has started and seen end, and of theirs; NaN where there is no /proc. */
function childrenCpuMs() {
  if (!fs.existsSync("/proc/self/stat")) return Number.NaN;
  // "<pid> (<name>) <state> …": cutime and cstime are the 14th and 15th after the name, in hundredths of a second.
  const afterName = fs
    .readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(afterName[13]) + Number(afterName[14])) * 10;
}

module.exports = { measure };
