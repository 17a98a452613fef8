import { savedDatabases } from "../../../provider/dokploy";
import { parseImage } from "../../../provider/schema";
import { scalar } from "../../files";
import { appSchemaLine } from "../export/project-files";
import type { Init } from "./options";
import type { InitService } from "./services";

/** Limits of what one container may use, so that none takes all memory of the server. */
const memory = { application: "512MiB", compose: "512MiB", database: "1GiB" } as const;
const destination = "backups";

/** Returns the files of a deployment repository: the program, and the folder of each service. */
export function repositoryFiles(init: Init, services: readonly InitService[]): [string, string][] {
  return [
    ["index.ts", programText(init)],
    ...services.flatMap((service): [string, string][] => [
      [`services/${service.name}/dokploy-app.yaml`, appSchemaLine + appText(init, service)],
      ...(service.kind === "compose"
        ? [[`services/${service.name}/compose.yaml`, composeText(service)] as [string, string]]
        : []),
      ...variableFiles(init, service, services),
    ]),
  ];
}

/** Returns the tags of the images that a stage gives, by service. */
export function tagsOf(services: readonly InitService[]): [string, string][] {
  return services.flatMap((service) => {
    const tag = tagOf(service);
    return tag === undefined ? [] : [[service.name, tag] as [string, string]];
  });
}

/** Returns the tag of an image that each stage chooses; a database keeps its version, since its data depends on it. */
function tagOf({ kind, image }: InitService): string | undefined {
  const { tag, digest } = parseImage(image) ?? {};
  const isTagged = (kind === "application" || kind === "compose") && digest === undefined;
  return isTagged ? tag : undefined;
}

function imageText(service: InitService): string {
  const { image } = service;
  const tag = tagOf(service);
  return tag === undefined ? image : `${image.slice(0, -tag.length)}\${IMAGE_TAG}`;
}

function programText({ name, bucket, previewHost }: Init): string {
  if (bucket === undefined)
    return `import * as dokploy from "pulumi-dokploy";\n\nnew dokploy.DeploymentRepository("${name}");\n`;
  const { endpoint, region, isAws } = bucket;
  const made = `new dokploy.Destination("${destination}", {
  name: \`${name}-${destination}-\${pulumi.getStack()}\`,
${isAws ? '  provider: "AWS",\n' : ""}  bucket: "${bucket.name}",
${region === undefined ? "" : `  region: "${region}",\n`}  endpoint: "${endpoint}",
  accessKey: config.requireSecret("s3AccessKey"),
  secretAccessKey: config.requireSecret("s3SecretKey"),
})`;
  const [declared, given] =
    previewHost === undefined
      ? [`const bucket = ${made};`, `{ ${destination}: bucket.id }`]
      : [
          `// The preview of a pull request has no backups, and does not get the keys of the bucket.
const isPreview = new pulumi.Config("dokploy").get("preview") !== undefined;
const bucket = isPreview ? undefined : ${made};`,
          `bucket ? { ${destination}: bucket.id } : {}`,
        ];
  return `import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const config = new pulumi.Config();
${declared}
new dokploy.DeploymentRepository("${name}", { destinations: ${given} });
`;
}

function appText(init: Init, service: InitService): string {
  const { kind } = service;
  if (kind === "compose") return "kind: compose\n";
  return kind === "application" ? applicationText(init, service) : databaseText(init, service);
}

function databaseText({ name, stages, bucket }: Init, { kind, image, memory: given }: InitService): string {
  const login = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^(?=[^a-z])/, "app_")
    .slice(0, 40);
  const isSql = kind !== "redis" && kind !== "mongo";
  return [
    `kind: ${kind}`,
    ...(isSql ? [`database: ${scalar(login)}`] : []),
    ...(kind === "redis" ? [] : [`user: ${scalar(login)}`]),
    `image: ${plain(image)}`,
    `resources: { memoryLimit: ${given ?? memory.database} }`,
    ...(bucket === undefined || !(savedDatabases as readonly string[]).includes(kind)
      ? []
      : [
          "backups:",
          `  - { destination: ${destination}, schedule: 0 3 * * *, keepLatestCount: 14${isSql ? "" : `, database: ${login}`} }`,
        ]),
    `stages:\n  ${scalar(stages.at(-1) ?? "")}: { protect: true } # no run deletes it`,
    "",
  ].join("\n");
}

function applicationText({ stages }: Init, service: InitService): string {
  const { imageOf, port, host, health, release, command, memory: given } = service;
  return [
    "kind: application",
    imageOf === undefined
      ? `image: ${plain(imageText(service))}`
      : `imageOf: ${scalar(imageOf)} # one tag for both`,
    ...(command === undefined ? [] : [`command: ${plain(command)}`]),
    ...(imageOf === undefined ? [] : [`dependsOn: [${scalar(imageOf)}] # which is deployed first`]),
    `resources: { memoryLimit: ${given ?? memory.application} }`,
    ...(health === undefined
      ? []
      : [`healthCheck: { path: ${health}, port: ${port}, interval: 10s, timeout: 3s }`]),
    ...(release === undefined
      ? []
      : [`# Runs in the new image. If it fails, the old version stays.`, `release: ${plain(release)}`]),
    ...(host === undefined
      ? []
      : [
          // None for all stages, since a stage that is added later would have the host of another.
          "stages:",
          ...stages.map(
            (stage) => `  ${scalar(stage)}:
    domains:
      - { host: ${scalar(stage === stages.at(-1) ? host : `${stage}.${host}`)}, port: ${port}, https: true, certificateType: letsencrypt }`,
          ),
        ]),
    "",
  ].join("\n");
}

/** Returns an image or a command as YAML: as it is, where that is a text with a colon, a slash or a space. */
function plain(text: string): string {
  const isSafe = /^[A-Za-z](?:[\w./@:-]|\$\{IMAGE_TAG\}| (?=[\w-]))*$/.test(text);
  return isSafe && /[:/ ]/.test(text) && !/: |:$/.test(text) ? text : scalar(text);
}

function composeText(service: InitService): string {
  const { name, addresses, memory: given = memory.compose } = service;
  const variables = [...addresses.keys()].map((key) => `      ${key}: \${${key}}`);
  return `services:
  ${name}:
    image: ${plain(imageText(service))}
${variables.length === 0 ? "" : `    environment:\n${variables.join("\n")}\n`}    deploy: { resources: { limits: { memory: ${given.slice(0, -2)} } } }
    networks: [dokploy-network] # other services reach it here
networks:
  dokploy-network: { external: true }
`;
}

/** Returns the files of variables of a service, in each stage and in all. */
export function variableFiles(
  { stages }: Init,
  service: InitService,
  all: readonly InitService[],
): [string, string][] {
  const { name, kind, addresses } = service;
  if (kind !== "application" && kind !== "compose") return [];
  const isCompose = kind === "compose";
  const lines = [...addresses].map(([variable, other]) => `${variable}: !ref ${referenceTo(other, all)}\n`);
  const head = `# Variables of every stage. A secret: TOKEN: !secret token\n${isCompose ? "" : "LOG_LEVEL: info\n"}`;
  return [
    [`envs/base/${name}.yaml`, head + lines.join("")],
    // A container of a compose file gets only the variables that the file names.
    ...(isCompose
      ? []
      : stages.map((stage): [string, string] => [`envs/${stage}/${name}.yaml`, `STAGE: ${stage}\n`])),
  ];
}

/** Returns the address of a service for `!ref`, with its port where its own file does not give it in every stage. */
function referenceTo(name: string, all: readonly InitService[]): string {
  const { kind, port, health } = all.find((service) => service.name === name) ?? {};
  if (kind === "compose") return `${name}.${name}:${port}`;
  return kind === "application" && health === undefined ? `${name}:${port}` : name;
}
