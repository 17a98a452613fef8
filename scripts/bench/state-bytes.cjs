// Measures the bytes that managing a resource adds to the state, beyond the resource's own inputs and outputs.
const { timed, withStacks } = require("./stack.cjs");

const limitBytes = 400;

const program = `
const dokploy = require("pulumi-dokploy");
const project = new dokploy.Project("project", { name: "shop", env: { REGION: "eu" } });
const environment = new dokploy.Environment("environment", { projectId: project.id, name: "staging" });
const application = new dokploy.Application("application", {
  environmentId: environment.id,
  name: "api",
  source: { type: "docker", image: "traefik/whoami:v1.11" },
});
new dokploy.Compose("compose", {
  environmentId: environment.id,
  name: "cache",
  source: { type: "raw", composeFile: "services:\\n  cache:\\n    image: redis:7\\n" },
});
new dokploy.EnvironmentBlock("block", { target: { applicationId: application.id }, env: { LOG_LEVEL: "info" } });
`;

async function measure() {
  const resources = await withStacks(async ({ openStack }) => {
    const stack = await openStack("state");
    stack.writeProgram(program);
    await timed(stack, "up", "--skip-preview");
    return stack.state().resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/dokploy:"));
  });
  const kinds = Object.fromEntries(
    resources.map(({ type, ...resource }) => [type.split(":").at(-1), bytesOf({ type, ...resource })]),
  );
  return [
    {
      figure: "state-bytes",
      value: Math.max(...Object.values(kinds).map(({ added }) => added)),
      unit: "bytes",
      atMost: limitBytes,
      details: { kinds },
    },
  ];
}

/** Returns the sizes; `engine` is stored for any resource: URN, parent, dependencies, timestamps, position. */
function bytesOf({ inputs, outputs, ...engine }) {
  const own = size(withoutHandlers(inputs)) + size(withoutHandlers(outputs));
  return { added: size(inputs) + size(outputs) - own, own, engine: size(engine) };
}

function withoutHandlers({ __provider, ...own }) {
  return own;
}

function size(value) {
  return Buffer.byteLength(JSON.stringify(value));
}

module.exports = { measure };
