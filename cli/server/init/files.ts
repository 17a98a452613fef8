import { scalar } from "../../files";
import { ignored, projectFiles } from "../export/project-files";
import type { RunningPackage } from "../export/running-package";
import type { Init } from "./options";
import { repositoryFiles, tagsOf, variableFiles } from "./repository";
import { type InitService, readServices } from "./services";
import { ciFiles } from "./workflows";

/** The service of a project for which none was given. */
const placeholder = "api=traefik/whoami:v1.11.0";

/** Returns the files of a project by their paths, without those that npm makes. */
export function filesOf(init: Init, running: RunningPackage): Map<string, string> {
  const isEmpty = init.services.length + init.templates.length === 0;
  const services = isEmpty ? readServices([placeholder], {}, () => {}) : init.services;
  return new Map([
    ...projectFiles(init.name, running),
    ...init.stages.map((stage) => [`Pulumi.${stage}.yaml`, stackText(init, services)] as const),
    ...(init.layout === "program" ? programFiles(init, services) : repositoryFiles(init, services)),
    ...aroundFiles(init, services),
  ]);
}

/**
 * Returns the files of any program: those for CI, and the rules of previews.
 *
 * @param services services of the files that are written, none for those of an export
 */
export function aroundFiles(init: Init, services: readonly InitService[]): Map<string, string> {
  const { previewHost, stages } = init;
  const files = ciFiles(init);
  // Their compose files join Dokploy's network, in which the other services reach them.
  const joining = services.filter(({ kind }) => kind === "compose").map(({ name }) => scalar(name));
  if (previewHost !== undefined) {
    // A file that is not committed takes the way back from a deployment of any stage.
    files.set(".gitignore", `${ignored}Pulumi.pr-*.yaml\n`);
    files.set(
      "dokploy-previews.yaml",
      "# yaml-language-server: $schema=node_modules/pulumi-dokploy/schemas/dokploy-previews.schema.json\n" +
        `from: ${stages[0]}\nhost: \${service}-pr-\${number}.${previewHost}\n` +
        (joining.length === 0 ? "" : `dokployNetwork: [${joining.join(", ")}]\n`),
    );
  }
  return files;
}

function stackText({ url, layout }: Init, services: readonly InitService[]): string {
  const tags = layout === "program" ? [] : tagsOf(services);
  const lines = [
    ...(url === undefined ? [] : [`  dokploy:url: ${url}\n`]),
    ...(tags.length === 0 ? [] : ["  dokploy:imageTags:\n"]),
    ...tags.map(
      ([name, tag]) => `    ${scalar(name)}: ${/^\d+(?:\.\d+){2,}$/.test(tag) ? tag : scalar(tag)}\n`,
    ),
  ];
  return lines.length === 0 ? "config: {}\n" : `config:\n${lines.join("")}`;
}

function programFiles(init: Init, given: readonly InitService[]): [string, string][] {
  const services = given.map((service) => ({ ...service, kind: "application" as const }));
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
  return [
    ["index.ts", [head, ...each].join("\n")],
    ...services.flatMap((service) => variableFiles(init, service, services)),
  ];
}
