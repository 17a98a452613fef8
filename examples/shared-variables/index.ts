import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

/** `test` or `prod`: also the name of the folder with its variables. */
const stage = pulumi.getStack();

/** Every service of the project may refer to these as `${{project.NAME}}`. */
const project = new dokploy.Project("mail", {
  name: `mail-${stage}`,
  env: dokploy.loadEnv(`envs/${stage}/project.yaml`),
  // A change deploys the services that refer to it, and no others.
  redeployReferrers: true,
});

/** Every service of one environment may refer to these as `${{environment.NAME}}`. */
const environment = new dokploy.EnvironmentBlock("production", {
  target: { environmentId: project.defaultEnvironmentId },
  env: dokploy.loadEnv(`envs/${stage}/environment.yaml`),
  redeployReferrers: true,
});

for (const name of ["sender", "archive"]) {
  new dokploy.Application(
    name,
    {
      environmentId: project.defaultEnvironmentId,
      name,
      source: { type: "docker", image: "traefik/whoami:v1.11" },
      resources: { memoryLimit: "128MiB" },
      env: dokploy.loadEnv(`envs/${name}.yaml`),
    },
    { dependsOn: environment },
  );
}
