import { SERVICES, type ServiceKind } from "../../../provider/dokploy";
import { isDatabase, targetOf } from "../../../provider/schema";
import { readYaml } from "../../../sdk/env-files";
import { FileError } from "../../../sdk/files";
import { attachedKinds, attachedLabel, attachedLists, readApp } from "../../../sdk/repository";
import { Addresses, outputsIn, type Piece, serviceUrl } from "./addresses";
import { type Entry, type Expression, expressionOf, type Standing } from "./expression";
import { type Item, nameOf } from "./item";
import { isDevice, namesOf } from "./names";
import type { Found, Plan } from "./plan";
import type { Elsewhere, SecretSource } from "./program";
import type { Reference } from "./references";
import { holdsSecrets, type Secrets, variableOf } from "./secrets";
import { literal } from "./typescript";
import { type YamlWriting, yamlFile } from "./yaml";

type List = (typeof attachedLists)[number];

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

/** A service with its own folder. */
interface ServiceFolder {
  readonly item: Item;
  readonly name: string;
  readonly attached: readonly Attached[];
}

/** An object of a service that its file lists. */
interface Attached {
  readonly list: List;
  readonly item: Item;
  readonly label: string;
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

/** True where the file of a service says an address by `!ref`: of a database or an application of its repository. */
export function refersIn(
  repositories: readonly Repository[],
): (item: Item, pieces: readonly Piece[]) => boolean {
  const owners = new Map(
    repositories.flatMap((each) => each.services.map(({ item }) => [item, each] as const)),
  );
  return (item, pieces) => {
    const ref = refTo(pieces);
    const targets = outputsIn(pieces);
    const isInside = targets.every((to) => owners.has(to) && owners.get(to) === owners.get(item));
    // A container of a compose file may be in other networks, and so is a service with settings of its own.
    const isReached = item.kind === "Application" && [item, ...targets].every(isInDokployNetwork);
    return ref !== undefined && isInside && isReached && !Object.hasOwn(Object(item.inputs["env"]), ref);
  };
}

function isInDokployNetwork({ inputs }: Item): boolean {
  return ["serverId", "networkIds", "detachDokployNetwork", "swarm"].every(
    (name) => inputs[name] === undefined,
  );
}

/** Returns what `!ref` says for an address; undefined where it cannot say it. */
function refTo(pieces: readonly (Piece | { readonly type: "secret" })[]): string | undefined {
  const [first, ...more] = pieces;
  const nameFor = (to: Item) => (/^[\w-]+$/.test(nameOf(to) ?? "") ? nameOf(to) : undefined);
  if (first?.type === "output" && more.length === 0)
    return first.output === "connectionUrl" ? nameFor(first.to) : undefined;
  const url = serviceUrl(pieces);
  const name = url && nameFor(url.to);
  if (url === undefined || name === undefined) return undefined;
  return `${url.scheme === "http" ? "" : `${url.scheme}://`}${name}:${url.port}${url.path}`;
}

/** Returns the files of the repositories, and the code that declares them. */
export function repositoryFiles(
  plan: Plan,
  repositories: readonly Repository[],
  source: SecretSource,
  stage: string,
): { files: Map<string, string>; elsewhere: Elsewhere } {
  const files = new Map<string, string>();
  const owners = new Map<Item, { repository: Repository; service: string }>();
  for (const repository of repositories) {
    const { directory, services, shared } = repository;
    const folder = directory === "." ? "" : `${directory}/`;
    if (shared) files.set(`${folder}envs/${stage}/shared.yaml`, variablesOf(shared, plan, source));
    for (const service of services) {
      const texts = textsOf(service, plan, source);
      files.set(`${folder}services/${service.name}/dokploy-app.yaml`, texts.app);
      if (texts.compose !== undefined)
        files.set(`${folder}services/${service.name}/compose.yaml`, texts.compose);
      if (texts.env !== undefined) files.set(`${folder}envs/${stage}/${service.name}.yaml`, texts.env);
      owners.set(service.item, { repository, service: service.name });
      for (const { item } of service.attached) owners.set(item, { repository, service: service.name });
    }
    if (shared) owners.set(shared, { repository, service: "" });
  }
  return { files, elsewhere: elsewhereOf(plan, repositories, owners) };
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

function destinationOf(item: Item, references: Found["references"]): Item | undefined {
  return references.of(item).get('["destinationId"]')?.to;
}

interface Texts {
  readonly app: string;
  readonly compose: string | undefined;
  readonly env: string | undefined;
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
  const { app, compose, env: variables = "" } = textsOf(service, plan, "config");
  if (source?.type === "raw" && compose === undefined) return false;
  try {
    readApp({ path: "dokploy-app.yaml", text: app }, [], () => "x");
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

/** Inputs that the repository gives in other ways. */
const elsewhere = new Set(["environmentId", "name", "env", "source"]);

function textsOf(service: ServiceFolder, plan: Plan, source: SecretSource): Texts {
  const { item, attached } = service;
  const kind = targetOf(item.kind) as ServiceKind;
  const inputs = new Map(expressionOf(item, standingOf(item, plan)).entries);
  const from = inputs.get("source");
  const lists = attachedLists.flatMap((list): Entry[] => {
    const items = attached.filter((each) => each.list === list).map((each) => attachedExpression(each, plan));
    return items.length === 0 ? [] : [[list, { type: "list", items }]];
  });
  const entries: Entry[] = [
    ["kind", { type: "plain", value: kind }],
    ...(isDatabase(kind) ? [["protect", { type: "plain", value: true }] as Entry] : []),
    ...sourceEntries(from),
    ...[...inputs].filter(([name]) => !elsewhere.has(name)),
    ...lists,
  ];
  const others = attached.flatMap((each) => each.item.notes.map((note) => `${each.list}: ${note}`));
  const notes = [...item.notes, ...others];
  const app = yamlFile({ type: "record", entries }, writingOf(plan, source), notes);
  const hasVariables = inputs.has("env") || !Object.hasOwn(SERVICES[kind], "port");
  return {
    app,
    compose: from?.type === "composeFile" && from.places.size === 0 ? from.text : undefined,
    env: hasVariables ? variablesOf(item, plan, source) : undefined,
  };
}

function sourceEntries(from: Expression | undefined): Entry[] {
  if (from === undefined || from.type === "composeFile") return [];
  if (from.type !== "record") return [["source", from]];
  const [[first, type] = ["", undefined], [second, image] = ["", undefined], ...more] = from.entries;
  const isImage = first === "type" && type?.type === "plain" && type.value === "docker" && second === "image";
  return isImage && image && more.length === 0 ? [["image", image]] : [["source", from]];
}

/** Returns an item of a list, with the name of its destination. */
function attachedExpression({ item }: Attached, plan: Plan): Expression {
  const { entries } = expressionOf(item, standingOf(item, plan));
  const parent = plan.references.parentOf(item);
  const isParent = (value: Expression) => value.type === "reference" && value.reference.to === parent;
  return {
    type: "record",
    entries: entries.flatMap(([name, value]): Entry[] => {
      if (isParent(value)) return [];
      const destination = name === "destinationId" ? destinationOf(item, plan.references) : undefined;
      if (destination === undefined) return [[name, value]];
      return [["destination", { type: "plain", value: plan.names.get(destination)?.resource ?? "" }]];
    }),
  };
}

function variablesOf(item: Item, plan: Plan, source: SecretSource): string {
  const env = new Map(expressionOf(item, standingOf(item, plan)).entries).get("env");
  if (env?.type !== "record" || env.entries.length === 0) return "# No variables.\n";
  return yamlFile(env, writingOf(plan, source));
}

function standingOf(item: Item, { references, secrets, addresses }: Plan): Standing {
  return {
    references: references.of(item),
    secretName: (path) => secrets.nameOf(item, path),
    placesIn: (path) => secrets.placesIn(item, path),
    piecesAt: (path) => addresses.piecesAt(item, path),
  };
}

function writingOf({ names }: Plan, source: SecretSource): YamlWriting {
  return {
    address: (pieces) => refTo(pieces) ?? "",
    reference: ({ reference: { to } }) => ({ id: to.id, note: `${to.kind} ${names.get(to)?.resource}` }),
    secret: (name) =>
      source === "config" ? { tag: "!secret", name } : { tag: "!env", name: variableOf(name) },
  };
}
