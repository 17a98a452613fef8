import { projectFiles } from "../export/project-files";
import type { RunningPackage } from "../export/running-package";
import type { Init } from "./options";
import { ciFiles } from "./workflows";

/** The service of a project for which none was given. */
const placeholder = { name: "api", image: "traefik/whoami:v1.11.0" };

/** Returns the files of a project by their paths, without those that npm makes. */
export function filesOf(init: Init, running: RunningPackage): Map<string, string> {
  return new Map([
    ...projectFiles(init.name, running),
    ...init.stages.map((stage) => [`Pulumi.${stage}.yaml`, stackText(init)] as const),
    ...(init.layout === "program" ? programFiles(init) : repositoryFiles(init)),
    ...aroundFiles(init),
  ]);
}

/** Returns the files of any program: those for CI, and the rules of previews. */
export function aroundFiles(init: Init): Map<string, string> {
  const { previewHost, stages } = init;
  const files = ciFiles(init);
  if (previewHost !== undefined)
    files.set(
      "dokploy-previews.yaml",
      "# yaml-language-server: $schema=node_modules/pulumi-dokploy/schemas/dokploy-previews.schema.json\n" +
        `from: ${stages[0]}\nhost: \${service}-pr-\${number}.${previewHost}\n`,
    );
  return files;
}

function stackText({ url }: Init): string {
  return url === undefined ? "config: {}\n" : `config:\n  dokploy:url: ${url}\n`;
}

/** Files of variables of each service, in each stage and in all. */
function variableFiles({ stages }: Init, services: readonly { readonly name: string }[]): [string, string][] {
  return services.flatMap(({ name }): [string, string][] => [
    [
      `envs/base/${name}.yaml`,
      "# Variables of every stage. A secret: TOKEN: !secret token\nLOG_LEVEL: info\n",
    ],
    ...stages.map((stage): [string, string] => [`envs/${stage}/${name}.yaml`, `STAGE: ${stage}\n`]),
  ]);
}

function repositoryFiles(init: Init): [string, string][] {
  const services = servicesOf(init);
  const schema =
    "# yaml-language-server: $schema=../../node_modules/pulumi-dokploy/schemas/dokploy-app.schema.json\n";
  return [
    [
      "index.ts",
      `import * as dokploy from "pulumi-dokploy";\n\nnew dokploy.DeploymentRepository("${init.name}");\n`,
    ],
    ...services.map(({ name, image }): [string, string] => [
      `services/${name}/dokploy-app.yaml`,
      `${schema}kind: application\nimage: ${image}\n`,
    ]),
    ...variableFiles(init, services),
  ];
}

function programFiles(init: Init): [string, string][] {
  const services = servicesOf(init);
  const each = services.map(
    ({ name, image }) => `new dokploy.Application("${name}", {
  environmentId: project.defaultEnvironmentId,
  name: "${name}",
  source: { type: "docker", image: "${image}" },
  env: dokploy.loadEnv(["envs/base/${name}.yaml", \`envs/\${stack}/${name}.yaml\`]),
});
`,
  );
  const head = `import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const stack = pulumi.getStack();
const project = new dokploy.Project("${init.name}", { name: \`${init.name}-\${stack}\` });
`;
  return [["index.ts", [head, ...each].join("\n")], ...variableFiles(init, services)];
}

function servicesOf({ services }: Init): Init["services"] {
  return services.length === 0 ? [placeholder] : services;
}
