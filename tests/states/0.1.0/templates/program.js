// A variable of a Swarm stack that 0.1.0 wrote as it is, and Swarm expands.
const dokploy = require("pulumi-dokploy");

const { defaultEnvironmentId: environmentId } = new dokploy.Project("shop", { name: "shop" });
new dokploy.Compose("greeter", {
  environmentId,
  name: "greeter",
  composeType: "stack",
  source: {
    type: "raw",
    composeFile: "services:\n  web:\n    image: nginx:1.27\n    environment:\n      GREETING: ${GREETING}\n",
  },
  env: { GREETING: "Hello {{.Service.Name}}" },
});
