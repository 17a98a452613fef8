// Compares a plan without changes with one whose resources do nothing: the difference is the cost of the handlers.
const { comparePreviews } = require("./preview-pairs.cjs");
const { callDokploy, makeEnvironment, timed, withStacks } = require("./stack.cjs");

const resourceCount = 200;
const limitRatio = 1.15;

/** Inputs of both programs, so that Pulumi serialises, sends and stores the same values. */
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
    for (const stack of [a, b]) await timed(stack, "up", "--skip-preview");
    dokploy.clearCalls();
    const { value, details } = await comparePreviews(a, b);
    return [
      { figure: "preview-200", value, unit: "ratio", atMost: limitRatio, details },
      { figure: "preview-200-calls", value: dokploy.calls.length, unit: "calls", atMost: 0 },
    ];
  });
}

module.exports = { measure };
