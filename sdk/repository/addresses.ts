import type * as pulumi from "@pulumi/pulumi";
import { containersOf } from "../../packages/compose-checks/checks";
import { insteadOf, visible } from "../../packages/text";
import { shownKey } from "../../provider/env";
import {
  type Application,
  type Compose,
  containerHost,
  type Database,
  internalUrl,
  serviceClasses,
} from "../classes";
import { type FileVariable, referredBy } from "../env-files";
import { collect, type FileProblem, fileError, type Source } from "../files";
import * as allLookups from "../lookups";
import { ProgramError } from "../run";
import type { AppKind } from "./app-schema";
import { areApart, type Reachable } from "./networks";
import { previewStage, previewsFileName } from "./preview-names";
import type { Service, ServiceAddress } from "./service";

/** Lists the addresses that a service gets: those in its files, and those of its `databaseUrls`. */
export function addressesOf(
  { databaseUrls }: Service["app"],
  app: Source,
  entries: readonly FileVariable[],
  services: readonly string[],
): ServiceAddress[] {
  const ofFiles = entries.flatMap(({ key, value, source, offset }): ServiceAddress[] => {
    if (value.kind !== "address") return [];
    const { text, name, port, scheme, path } = value.reference;
    const { service = name, container } = referredBy(name, services) ?? {};
    const field = `${shownKey(key)}: !ref ${text}`;
    return [{ variable: key, name: service, container, port, scheme, path, source, offset, field }];
  });
  const ofDatabases = databaseUrls.map(({ variable, name, offset }) => ({
    ...{ variable, name, offset },
    source: app,
    field: `databaseUrls.${shownKey(variable)}`,
  }));
  return [...ofDatabases, ...ofFiles];
}

/**
 * Completes the addresses of all services with the ports that their files give. One of a service that could not be
 * read stays as it is.
 *
 * @param leftOut services that take no part in a preview
 * @throws FileError for an address that no service has, or that would not be reached
 */
export function withKnownPorts(services: readonly Service[], leftOut: readonly string[]): Service[] {
  const found = new Map<string, Reachable>();
  // A compose file is read only if an address asks for it.
  const reachable = (name: string): Reachable | undefined => {
    const service = services.find((other) => other.name === name);
    if (service === undefined || found.has(name)) return found.get(name);
    const { composeFile: file } = service.composeFile ?? {};
    const containers = file === undefined ? undefined : containersOf(file, isStack(service));
    found.set(name, { ...service, containers });
    return found.get(name);
  };
  const leftOutReason = (name: string) =>
    leftOut.includes(name)
      ? `${visible(name)} takes no part in previews; add it to services in ${previewsFileName}, or override it in envs/${previewStage}`
      : undefined;
  return collect(services, (service) => {
    if (service.addresses.length === 0) return service;
    const problems = new Map<Source, FileProblem[]>();
    const addresses = service.addresses.map((address) => {
      const target = reachable(address.name);
      const port =
        address.port ?? (target?.app.kind === "application" ? portOf(target.app.inputs) : undefined);
      const complete = { ...address, port };
      const user = reachable(service.name) ?? { ...service, containers: undefined };
      const reason =
        target === undefined
          ? leftOutReason(address.name)
          : (problemOf(complete, user, target) ?? apartReason(address, user, target));
      if (reason !== undefined) {
        const others = problems.get(address.source) ?? [];
        problems.set(address.source, [
          ...others,
          { offset: address.offset, reason: `${address.field}: ${reason}` },
        ]);
      }
      return complete;
    });
    collect([...problems], ([source, found]) => {
      throw fileError(source, found);
    });
    return { ...service, addresses };
  });
}

function isStack({ app }: Service): boolean {
  return app.inputs["composeType"] === "stack";
}

function problemOf(address: ServiceAddress, user: Reachable, target: Reachable): string | undefined {
  const { name, variable, port, container, scheme, path } = address;
  const { kind } = target.app;
  const isDatabase = kind !== "application" && kind !== "compose";
  if (address.field.startsWith("databaseUrls.")) {
    if (!isDatabase) return `${visible(name)} is not a database`;
    if (user.env !== undefined && Object.hasOwn(user.env, variable))
      return "is also among the variables of the service; remove one";
    return user.env !== undefined || !user.selected
      ? undefined
      : "needs a file of variables of the service for this stage, an empty one if it has no others";
  }
  if (name === user.name)
    return "is the service itself, whose address is known only once it exists; its own containers reach it under localhost";
  if (container !== undefined && kind !== "compose")
    return `${visible(name)} has no containers with names of their own; write !ref ${visible(name)}${isDatabase ? "" : ":PORT"}`;
  if (isDatabase)
    return port === undefined && scheme === undefined && path === ""
      ? undefined
      : `${visible(name)} is a database, whose whole address with its login is !ref ${visible(name)}`;
  if (kind === "compose") {
    const problem = containerProblem(address, target);
    if (problem !== undefined) return problem;
  }
  return port === undefined
    ? `no file says which port it listens on; write !ref ${visible(address.container === undefined ? name : `${name}.${container}`)}:PORT`
    : undefined;
}

function containerProblem(
  { name, container }: ServiceAddress,
  { containers }: Reachable,
): string | undefined {
  const names = [...(containers?.keys() ?? [])];
  if (container === undefined)
    return `is a compose service; name one of its containers: !ref ${visible(name)}.${visible(names[0] ?? "CONTAINER")}:PORT`;
  if (containers === undefined) return undefined;
  const found = containers.get(container);
  if (found === undefined) {
    return `the compose file of ${visible(name)} has no service ${visible(container)}; ${insteadOf(container, names)}`;
  }
  return found.hasOwnName
    ? `${visible(container)} has a container_name, so that its host is that name on every stage; remove it from the compose file of ${visible(name)}`
    : undefined;
}

function apartReason(
  { name, container }: ServiceAddress,
  user: Reachable,
  target: Reachable,
): string | undefined {
  const how = areApart(user, target, container);
  if (how === undefined) return undefined;
  const [one, other] = [visible(user.name), visible(name)];
  if (how === "servers")
    return `${one} and ${other} run on different servers, and an address inside Docker does not lead from one to the other`;
  const isolated = [user, target].find(
    ({ app }) => app.kind === "compose" && app.inputs["isolatedDeployment"] === true,
  );
  const advice =
    isolated === undefined
      ? "give both the same one; for a container, that is `networks: [dokploy-network]` in its compose file"
      : `${visible(isolated.name)} is an isolated deployment: remove that, in a preview by naming it in dokployNetwork of ${previewsFileName}`;
  return `${one} and ${other} have no network in common; ${advice}`;
}

/** Returns the port that the files of an application give: that of its health check, or of its only domain. */
function portOf({ healthCheck, domains }: Readonly<Record<string, unknown>>): number | undefined {
  const { port } = (healthCheck ?? {}) as { readonly port?: unknown };
  const list = (Array.isArray(domains) ? domains : []) as { readonly port?: unknown }[];
  const ports = port === undefined ? [...new Set(list.map((domain) => domain.port ?? 3000))] : [port];
  const [only] = ports;
  return ports.length === 1 && typeof only === "number" ? only : undefined;
}

/** Returns the value of a variable, from a resource that the program has declared, or else from Dokploy. */
export function addressValue(
  { name, container, port = 0, scheme, path }: ServiceAddress,
  target: Service["app"] | undefined,
  declared: Application | Compose | Database | undefined,
  environmentId: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const kind = target?.kind;
  const there = declared ?? lookedUp(kind, name, environmentId, parent);
  if (kind !== "application" && kind !== "compose") return (there as Database).connectionUrl;
  const composeType = target?.inputs["composeType"] as string | undefined;
  const host = container === undefined ? there.appName : containerHost(there.appName, composeType, container);
  return internalUrl(host, port, { scheme, path });
}

/** Looks up a service that this run does not change. */
function lookedUp(
  kind: AppKind | undefined,
  name: string,
  environmentId: pulumi.Output<string>,
  parent: pulumi.Resource,
): Pick<Database, "appName" | "connectionUrl"> {
  const [title = ""] = Object.entries(serviceClasses).flatMap(([other, { name }]) =>
    other === kind ? [name] : [],
  );
  const lookups = allLookups as unknown as Readonly<
    Record<
      string,
      (args: object, options: object) => pulumi.Output<{ appName: string; connectionUrl: string }>
    >
  >;
  const lookup = lookups[`get${title}Output`];
  if (lookup === undefined) throw new ProgramError(`${name} is not a service.`);
  return lookup({ name, environmentId }, { parent });
}
