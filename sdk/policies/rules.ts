import { checkComposeFile, type Safeguards, safeguardsOf } from "../../packages/compose-checks/checks";
import { visible } from "../../packages/text";
import { isRecord, isUnknown } from "../../packages/values";
import { DATABASES, type PlanCheck, planChecks, SERVICES, savedDatabases } from "../../provider/dokploy";
import { isProduction } from "../env-files";
import { findingsOf, listsOf, withoutServed } from "../program-checks";
import { previewStack } from "../repository";
import { type Kind, sentenceOf } from "../run";
import { plainSecrets } from "./plain-secrets";
import type { Placed, Seen } from "./seen";

/** Configuration of a rule in a pack. */
export interface RuleConfig {
  /** Names of the stacks that count as production. Default: those with a word such as `prod` or `live` in the name. */
  readonly production?: readonly string[];
  /** Addresses of Dokploy and ids of servers that run production; `dokploy` is the machine of Dokploy itself. */
  readonly productionServers?: readonly string[];
}

/** A place where a rule found something. */
export interface Found {
  /** Kind of the resource, and its name in the program, by which exceptions name it. */
  readonly kind: Kind;
  readonly name: string;
  readonly urn: string;
  readonly text: string;
}

export interface Rule {
  readonly description: string;
  readonly level: "advisory" | "mandatory";
  /** Names of its own settings. */
  readonly settings?: readonly (keyof RuleConfig)[];
  /** Finds something in one resource. */
  of?(resource: Seen, config: RuleConfig): readonly string[];
  /** Finds something that only the whole stack shows. */
  among?(resources: readonly Placed[], config: RuleConfig): readonly Found[];
}

const serviceKinds: readonly string[] = Object.values(SERVICES).map(({ kind }) => kind);
const databaseKinds: readonly string[] = Object.values(DATABASES).map(({ kind }) => kind);
const savedKinds: readonly string[] = savedDatabases.map((service) => DATABASES[service].kind);
/** Kinds that only the key of an owner or an admin manages (docs/operations/keys-and-state.md). */
const kindsOfAdmins: readonly string[] = [
  ...["Member", "Organization", "Registry", "Certificate", "Destination", "Notification", "Server"],
];

/** Returns a rule that finds what a check of programs finds, as strict as the check. */
function ofCheck(check: PlanCheck, description: string) {
  return {
    description,
    level: planChecks[check] === "info" ? "advisory" : "mandatory",
    of: (resource: Seen) => foundBy(check, resource),
  } as const;
}

function foundBy(check: PlanCheck, { kind, name, inputs }: Seen): string[] {
  return findingsOf(kind, name, inputs)
    .filter((finding) => finding.check === check)
    .map(({ place }) => sentenceOf(check, [place]));
}

/** Returns the compose file of a service, as far as the plan knows it, and whether messages may quote it. */
function composeFileOf({ kind, inputs: { source, composeType }, open }: Seen) {
  const text = kind === "Compose" && isRecord(source) ? source["composeFile"] : undefined;
  if (typeof text !== "string" || isUnknown(text)) return undefined;
  const isOpen = isRecord(open["source"]) && open["source"]["composeFile"] === text;
  return { text, isOpen, composeType: composeType === "stack" ? "stack" : "docker-compose" } as const;
}

/** Returns what the check of compose files says about their images. */
function composeImages(resource: Seen): string[] {
  const file = composeFileOf(resource);
  if (file === undefined) return [];
  const { isOpen, ...checked } = file;
  const says = (message: string) => (isOpen ? message : "the image of a service has no version");
  return checkComposeFile(checked)
    .filter(({ rule }) => rule === "latest-tag")
    .map(
      ({ line, column, message }) => `${placeOf(resource)}: ${line}:${column}: ${says(message)} [latest-tag]`,
    );
}

/** Returns a sentence for each service in the compose file of which `problemOf` names a problem. */
function composeServices(resource: Seen, problemOf: (service: Safeguards) => string | undefined): string[] {
  const { text = "", isOpen, composeType } = composeFileOf(resource) ?? {};
  return safeguardsOf(text, composeType === "stack").flatMap((service) => {
    const problem = problemOf(service);
    if (problem === undefined) return [];
    const { name, line, column } = service;
    const which = isOpen ? `service "${visible(name)}"` : "a service";
    return [`${placeOf(resource)}: ${line}:${column}: ${which} ${problem}`];
  });
}

/** Returns the names of the services in a compose file that domains lead to. */
function servedServices({ urn, inputs }: Seen, resources: readonly Placed[]): ReadonlySet<unknown> {
  const { domains, suffix } = inputs;
  // The option randomize adds it to each name.
  const ending = typeof suffix === "string" && suffix !== "" ? `-${suffix}` : undefined;
  const served = [
    ...(typeof domains === "object" && domains !== null ? Object.values(domains) : []),
    ...resources
      .filter(({ kind, references }) => kind === "Domain" && references("composeId").includes(urn))
      .map((resource) => resource.inputs),
  ].flatMap((each) => (isRecord(each) && typeof each["serviceName"] === "string" ? each["serviceName"] : []));
  return new Set(
    served.flatMap((name) =>
      ending !== undefined && name.endsWith(ending) ? [name, name.slice(0, -ending.length)] : [name],
    ),
  );
}

/** True for an application with a health check, and where that is not known yet. */
function checksHealth({ healthCheck, swarm }: Seen["inputs"]): boolean {
  if (healthCheck !== undefined) return true;
  const check = isRecord(swarm) ? swarm["healthCheck"] : swarm;
  if (!isRecord(check)) return check !== undefined;
  const { Test: test } = check;
  return !Array.isArray(test) || test[0] !== "NONE";
}

/** The rules by name. A check of programs has the same name as a rule (docs/everyday/compose-checks.md). */
export const rules = {
  "latest-tag": {
    ...ofCheck("latest-tag", "An image in production has a version or a digest."),
    settings: ["production"],
    of: (resource, config) =>
      inProduction(resource, config) ? [...foundBy("latest-tag", resource), ...composeImages(resource)] : [],
  },
  "no-health-check": {
    description: "A service with a domain or a port has a health check.",
    level: "advisory",
    among: (resources) => {
      const reached = new Set(
        resources.flatMap((resource) =>
          resource.kind === "Domain" ? resource.references("applicationId") : [],
        ),
      );
      const applications = resources
        .filter(({ kind, urn, inputs }) => kind === "Application" && (reached.has(urn) || hasDomain(inputs)))
        .filter(({ inputs }) => !checksHealth(inputs))
        .map((resource) =>
          foundAt(
            resource,
            `${placeOf(resource)} has a domain and no health check, so Traefik sends requests to a container that does not ` +
              'answer yet. Give healthCheck: { path: "/health", port: 3000 }.',
          ),
        );
      const containers = resources.flatMap((resource) => {
        const served = servedServices(resource, resources);
        return composeServices(resource, ({ name, hasPort, hasHealthCheck }) => {
          if (hasHealthCheck || !(hasPort || served.has(name))) return undefined;
          return (
            `has a ${served.has(name) ? "domain" : "port"} and no health check, so requests reach a container that does ` +
            "not answer yet. Give healthcheck: { test: … }, or the interval alone if its image has a test."
          );
        }).map((text) => foundAt(resource, text));
      });
      return [...applications, ...containers];
    },
  },
  "no-memory-limit": {
    ...ofCheck("no-memory-limit", "Each container has a memory limit."),
    of: (resource) => [
      ...foundBy("no-memory-limit", resource),
      ...composeServices(resource, ({ hasMemoryLimit }) =>
        hasMemoryLimit
          ? undefined
          : "has no memory limit, so its container can use up all memory of the server. Give " +
            "deploy: { resources: { limits: { memory: 512M } } }.",
      ),
    ],
  },
  "unprotected-database": {
    description: "A database in production is protected from deletion.",
    level: "mandatory",
    settings: ["production"],
    of: (resource, config) =>
      databaseKinds.includes(resource.kind) && !resource.isProtected && inProduction(resource, config)
        ? [
            `${placeOf(resource)} is not protected, so a change of the program can delete it with its data. Give the ` +
              "resource option protect: true.",
          ]
        : [],
  },
  "no-backup": {
    ...ofCheck("no-backup", "A database has a backup in its program."),
    of: () => [],
    among: (resources) => {
      const saved = new Set(
        resources
          .filter(({ kind }) => kind === "Backup" || kind === "VolumeBackup")
          .flatMap(({ inputs, references }) => Object.keys(inputs).flatMap(references)),
      );
      return resources
        .filter(({ kind, urn }) => savedKinds.includes(kind) && !saved.has(urn))
        .map((resource) => foundAt(resource, sentenceOf("no-backup", [placeOf(resource)])));
    },
  },
  "no-https": ofCheck("no-https", "A domain has https."),
  "no-certificate": {
    ...ofCheck("no-certificate", "A domain with https has a certificate."),
    of: () => [],
    among: (resources) => {
      const certificates = resources
        .filter(({ kind }) => kind === "Certificate")
        .map(({ inputs }) => inputs["certificateData"]);
      return resources.flatMap((resource) =>
        withoutServed(findingsOf(resource.kind, resource.name, resource.inputs), certificates)
          .filter(({ check }) => check === "no-certificate")
          .map(({ check, place }) => foundAt(resource, sentenceOf(check, [place]))),
      );
    },
  },
  "plain-secret": {
    ...ofCheck("plain-secret", "A variable, a file or a command of a service has no secret in plain text."),
    of: (resource) =>
      plainSecrets(resource).map(
        (place) =>
          `In plain text, and looks like a secret: ${place}. Everybody with the repository can read it. Give it as a variable whose value is a secret.`,
      ),
  },
  "preview-on-production": {
    description: "No preview of a pull request runs on a server of production.",
    level: "mandatory",
    settings: ["production", "productionServers"],
    of: (resource, config) => {
      const { kind, inputs } = resource;
      const { preview } = inputs;
      if (isRecord(preview) && preview["enabled"] === true && inProduction(resource, config)) {
        const where = `${placeOf(resource)} has preview.enabled in a stack of production`;
        return [`${where}, so Dokploy runs each pull request on its server. Enable it in another stack.`];
      }
      if (!isPreview(resource.stack) || !serviceKinds.includes(kind)) return [];
      const { serverId = "dokploy", buildServerId } = inputs;
      return [resource.server, serverId, buildServerId]
        .filter((server) => typeof server === "string" && config.productionServers?.includes(server))
        .map(
          (server) =>
            `${placeOf(resource)} belongs to a preview and is on ${visible(String(server))}, a server of production. Give ` +
            "previews a server of their own.",
        );
    },
  },
  "broad-key": {
    description: "An API key expires, and does not belong to an owner or admin.",
    level: "mandatory",
    among: (resources) => {
      const keys = resources.filter(({ kind }) => kind === "ApiKey");
      const broad = new Map(
        resources
          .filter(({ kind }) => kindsOfAdmins.includes(kind))
          .map((resource) => [resource.provider, placeOf(resource)]),
      );
      return keys.flatMap((key) => {
        const proof = broad.get(key.provider);
        return [
          ...(key.inputs["expiresInDays"] === undefined
            ? [`${placeOf(key)} never expires. Give expiresInDays.`]
            : []),
          ...(proof === undefined
            ? []
            : [
                `${placeOf(key)} belongs to an owner or admin, since its provider also manages ${proof}. Make it ` +
                  "with a provider that has a member's key.",
              ]),
        ].map((text) => foundAt(key, text));
      });
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;

function placeOf({ kind, name }: Seen): string {
  return `${kind} "${name}"`;
}

function foundAt({ kind, name, urn }: Seen, text: string): Found {
  return { kind, name, urn, text };
}

function inProduction({ stack }: Seen, { production }: RuleConfig): boolean {
  return production?.includes(stack) ?? isProduction(stack);
}

/** True for the stack of a preview of a pull request. */
function isPreview(stack: string): boolean {
  const number = /(?<!\d)\d+$/.exec(stack)?.[0];
  return number !== undefined && stack === previewStack(number);
}

function hasDomain(inputs: Seen["inputs"]): boolean {
  return Object.entries(listsOf("Application")).some(([list, part]) => {
    const given = inputs[list];
    return part === "Domain" && typeof given === "object" && given !== null && Object.keys(given).length > 0;
  });
}
