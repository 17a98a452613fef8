import { readYaml } from "../../../sdk/env-files";
import { FileError } from "../../../sdk/files";
import { appFileName, attachedKinds, attachedLabel, attachedLists, readApp } from "../../../sdk/repository";
import { Addresses } from "./addresses";
import { type Item, nameOf } from "./item";
import { isDevice, namesOf } from "./names";
import type { Found, Plan } from "./plan";
import type { Elsewhere, SecretSource } from "./program";
import type { Reference } from "./references";
import { holdsSecrets, type Secrets } from "./secrets";
import {
  type Attached,
  composeFile,
  destinationOf,
  filesOf,
  type ServiceFolder,
  variablesOf,
} from "./service-files";
import { literal } from "./typescript";

/** A deployment repository with services of one environment. */
export interface Repository {
  readonly environment: Reference;
  readonly name: string;
  /** Folder with `services` and `envs`. */
  readonly directory: string;
  readonly services: readonly ServiceFolder[];
  /** Variables that its services share. */
  readonly shared: Item | undefined;
}

/** Finds the services that a deployment repository can have. All others stay in the program. */
export function repositoriesOf(found: Found): Repository[] {
  const { items, references } = found;
  const names = namesOf(items, references);
  const taken = new Set<string>();
  const environments = new Map<string, { environment: Reference; services: ServiceFolder[] }>();
  for (const item of items) {
    const name = nameOf(item) ?? "";
    const environment = references.of(item).get('["environmentId"]');
    if (environment === undefined || !isFolder(name)) continue;
    const folder = { item, name, attached: attachedTo(item, name, found) };
    const key = `${environment.to.id} ${environment.output}`;
    const { services } = environments.get(key) ?? environmentOf(environments, key, environment);
    // Some file systems do not distinguish upper and lower case.
    const isTaken =
      taken.has(`${item.kind} ${name}`) ||
      services.some((other) => other.name.toLowerCase() === name.toLowerCase());
    if (isTaken || !isAccepted(folder, { ...found, names })) continue;
    taken.add(`${item.kind} ${name}`);
    services.push(folder);
  }
  const all = [...environments.values()].filter(({ services }) => services.length > 0);
  return all.map(({ environment, services }) => {
    const name = names.get(environment.to)?.resource ?? "";
    return {
      environment,
      name,
      directory: all.length === 1 ? "." : name,
      services,
      shared: items.find((item) => isSharedOf(item, environment, found)),
    };
  });
}

function environmentOf(
  all: Map<string, { environment: Reference; services: ServiceFolder[] }>,
  key: string,
  environment: Reference,
): { services: ServiceFolder[] } {
  const made = { environment, services: [] };
  all.set(key, made);
  return made;
}

/** Returns the names that the repositories give their resources. */
export function namesIn(repositories: readonly Repository[]): Map<Item, string> {
  return new Map(
    repositories.flatMap(({ name, services, shared }) => [
      ...(shared ? [[shared, `${name}-shared`] as const] : []),
      ...services.flatMap((service) => [
        [service.item, service.name] as const,
        ...service.attached.map(({ item, label }) => [item, label] as const),
      ]),
    ]),
  );
}

/** Returns the files of the repositories, and the code that declares them. */
export function repositoryFiles(
  plan: Plan,
  repositories: readonly Repository[],
  source: SecretSource,
  stage: string,
): { files: Map<string, string>; images: Map<string, Buffer>; elsewhere: Elsewhere } {
  const files = new Map<string, string>();
  const images = new Map<string, Buffer>();
  const owners = new Map<Item, { repository: Repository; service: string }>();
  for (const repository of repositories) {
    const { directory, services, shared } = repository;
    const folder = directory === "." ? "" : `${directory}/`;
    if (shared) files.set(`${folder}envs/${stage}/shared.yaml`, variablesOf(shared, plan, source));
    for (const service of services) {
      const { texts, images: icons, env } = filesOf(service, plan, source);
      const own = `${folder}services/${service.name}/`;
      for (const [path, text] of texts) files.set(`${own}${path}`, text);
      for (const [path, bytes] of icons) images.set(`${own}${path}`, bytes);
      if (env !== undefined) files.set(`${folder}envs/${stage}/${service.name}.yaml`, env);
      owners.set(service.item, { repository, service: service.name });
      for (const { item } of service.attached) owners.set(item, { repository, service: service.name });
    }
    if (shared) owners.set(shared, { repository, service: "" });
  }
  return { files, images, elsewhere: elsewhereOf(plan, repositories, owners) };
}

function elsewhereOf(
  plan: Plan,
  repositories: readonly Repository[],
  owners: ReadonlyMap<Item, { repository: Repository; service: string }>,
): Elsewhere {
  const nameIn = (item: Item) => plan.names.get(item)?.variable ?? "";
  return {
    has: (item) => owners.has(item),
    reference: (item) => {
      const { repository, service } = owners.get(item) ?? {};
      return `${variableFor(repository, nameIn)}.services[${literal(service)}]!.id`;
    },
    after: (item) =>
      repositories.flatMap((repository) => {
        const { environment, name, directory, services } = repository;
        if (environment.to !== item) return [];
        const destinations = [...new Set(services.flatMap(({ attached }) => destinationsOf(attached, plan)))];
        const given = destinations.map((to) => `${literal(plan.names.get(to)?.resource)}: ${nameIn(to)}.id`);
        const args = [
          ...(directory === "." ? [] : [`directory: ${literal(directory)}`]),
          `environmentId: ${nameIn(environment.to)}.${environment.output}`,
          ...(given.length > 0 ? [`destinations: { ${given.join(", ")} }`] : []),
        ];
        const isNamed = plan.items.some(
          (other) =>
            !owners.has(other) &&
            plan.references.targets(other).some((to) => owners.get(to)?.repository === repository),
        );
        const start = isNamed ? `const ${variableFor(repository, nameIn)} = ` : "";
        const call = `${start}new dokploy.DeploymentRepository(${literal(name)}, `;
        const line = `${call}{ ${args.join(", ")} });\n`;
        const lines = `${call}{\n${args.map((arg) => `  ${arg},\n`).join("")}});\n`;
        const text = line.length <= 100 ? line : lines;
        return [{ text, uses: [environment.to, ...destinations] }];
      }),
  };
}

function variableFor(repository: Repository | undefined, nameIn: (item: Item) => string): string {
  return repository === undefined ? "" : `${nameIn(repository.environment.to)}Repository`;
}

/** True for the name of a folder that a repository takes as that of a service, and that every disk can have. */
function isFolder(name: string): boolean {
  return (
    /^[A-Za-z0-9](?:[\w.-]{0,98}[\w-])?$/.test(name) &&
    name.toLowerCase() !== "shared" &&
    !isDevice(name) &&
    !(name in Object.prototype)
  );
}

function isSharedOf({ kind, inputs, id }: Item, environment: Reference, { defaults }: Found): boolean {
  const isDefault = environment.output === "defaultEnvironmentId";
  const [, environmentId = ""] = id.split("/");
  return (
    kind === "EnvironmentBlock" &&
    isDefault &&
    defaults.get(environmentId) === environment.to.id &&
    Object.keys(Object(inputs["env"]) as object).every(isKey)
  );
}

function attachedTo(service: Item, name: string, { items, references }: Found): Attached[] {
  const labels = new Set<string>();
  return attachedLists.flatMap((list) =>
    items.flatMap((item) => {
      if (item.kind !== attachedKinds[list] || references.parentOf(item) !== service) return [];
      const label = `${name}/${attachedLabel(list, item.inputs)}`;
      const hasDestination =
        item.inputs["destinationId"] === undefined || destinationOf(item, references) !== undefined;
      if (labels.has(label) || !hasDestination) return [];
      labels.add(label);
      return [{ list, item, label }];
    }),
  );
}

function destinationsOf(attached: readonly Attached[], { references }: Plan): Item[] {
  return attached.flatMap(({ item }) => destinationOf(item, references) ?? []);
}

/** True when a repository takes the files of a service as they would be written. */
function isAccepted(service: ServiceFolder, found: Omit<Plan, "secrets" | "addresses">): boolean {
  const { env = {}, source } = service.item.inputs as { env?: object; source?: { type?: string } };
  if (!Object.keys(env).every(isKey)) return false;
  // A compose file of a repository has no places for secrets.
  if (source?.type === "raw" && holdsSecrets(service.item, ["source", "composeFile"], found.finder))
    return false;
  const secrets: Secrets = {
    nameOf: (item, path) => (isSecret(item, path) ? "x" : undefined),
    placesIn: () => undefined,
    values: new Map(),
    missing: [],
  };
  const plan = {
    ...found,
    secrets,
    addresses: new Addresses(found.references, [], found.finder, () => false),
  };
  const { texts, env: variables = "" } = filesOf(service, plan, "config");
  if (source?.type === "raw" && !texts.has(composeFile)) return false;
  try {
    readApp({ path: appFileName, text: texts.get(appFileName) ?? "" }, [], () => "x");
    return readYaml({ path: "env.yaml", text: variables }).findings.length === 0;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

function isSecret({ secrets, maybeSecrets, hidden }: Item, path: readonly PropertyKey[]): boolean {
  const key = path.join("\0");
  const isFile = path.join(".") === "source.composeFile";
  return !isFile && [...secrets, ...maybeSecrets, ...hidden].some((each) => each.join("\0") === key);
}

function isKey(name: string): boolean {
  return /^[\w.-]+$/.test(name) && name !== "toString";
}
