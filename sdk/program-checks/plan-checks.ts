import type * as Crypto from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { isUnknown, type Values } from "../../packages/values";
import { DATABASES, savedDatabases } from "../../provider/dokploy";
import { parseImage } from "../../provider/schema";
import { atEnd, type Finding, type Kind, noteFinding, rememberedBy } from "../run";
import { listsOf, nameOf } from "./part-names";
import { resourceOf } from "./parts";

/** A finding, with the host of its domain. */
interface Found extends Finding {
  readonly host?: unknown;
}

/**
 * Returns what checks find in the inputs of a resource, as far as the program gives them as plain values.
 *
 * @param name name of the resource in the program
 */
export function findingsOf(kind: Kind, name: string, inputs: Values): Found[] {
  const place = `${kind} "${name}"`;
  const found: Found[] = [];
  const add = (check: Finding["check"], where: Partial<Found> = {}) =>
    found.push({ check, name, place, ...where });
  const runs = kind === "Application" || kind in serviceOfDatabase;
  if (runs && isUntagged(kind === "Application" ? imageOf(inputs["source"]) : inputs["image"]))
    add("latest-tag");
  if (runs && !has(inputs["resources"], "memoryLimit")) add("no-memory-limit");
  // A class has replaced the list by a map with the names of the parts.
  const domains = Object.entries(listsOf(kind)).flatMap(([list, part]) => {
    const given = inputs[list];
    return part === "Domain" && (isValues(given) || Array.isArray(given)) ? Object.values(given) : [];
  });
  for (const domain of kind === "Domain" ? [inputs] : domains) {
    const check = isValues(domain) ? domainCheck(domain) : undefined;
    if (check === undefined) continue;
    const { host, path = "/" } = domain as Values;
    const named = nameOf("Domain", [
      ["host", host],
      ["path", path],
    ]);
    add(check, { place: named ?? place, host });
  }
  return found;
}

/**
 * Returns the findings without the domains that a certificate of the program serves: Traefik picks the one that names
 * the host. A host or a certificate that is not known yet counts as served.
 *
 * @param certificates values of `certificateData`
 */
export function withoutServed<T extends Found>(found: readonly T[], certificates: readonly unknown[]): T[] {
  return found.filter(
    ({ check, host }) => check !== "no-certificate" || !certificates.some((data) => serves(data, host)),
  );
}

function serves(certificate: unknown, host: unknown): boolean {
  if ([certificate, host].some((value) => typeof value !== "string" || isUnknown(value))) return true;
  // Only programs with a certificate load it.
  const { X509Certificate } = require("node:crypto") as typeof Crypto;
  try {
    return new X509Certificate(certificate as string).checkHost(host as string) !== undefined;
  } catch {
    // The preview refuses it.
    return true;
  }
}

const serviceOfDatabase: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(DATABASES).map(([service, { kind }]) => [kind, service]),
);

function imageOf(source: unknown): unknown {
  return isValues(source) && source["type"] === "docker" ? source["image"] : undefined;
}

function isUntagged(image: unknown): boolean {
  const name = typeof image !== "string" || isUnknown(image) ? undefined : parseImage(image);
  return name !== undefined && name.digest === undefined && (name.tag ?? "latest") === "latest";
}

/** True where a map has a value, and where it is not known whether it has one. */
function has(map: unknown, name: string): boolean {
  return map !== undefined && (!isValues(map) || map[name] !== undefined);
}

function domainCheck({ host, https = false, certificateType }: Values): Finding["check"] | undefined {
  // An explicit "none" is a decision: for a certificate of one's own, or a proxy in front that does not check it.
  if (https === true) return certificateType === undefined ? "no-certificate" : undefined;
  return https === false && typeof host === "string" && isPublic(host) ? "no-https" : undefined;
}

/** False for names that no authority certifies. */
function isPublic(host: string): boolean {
  return (
    /\.[a-z]/i.test(host) &&
    !/\.(?:localhost|local|internal|lan|home|test|traefik\.me|sslip\.io|nip\.io)$/.test(host)
  );
}

function isValues(value: unknown): value is Values {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Databases of a run and the objects that save one. */
const backupsIn = rememberedBy((_: object) => ({
  databases: new Map<pulumi.Resource, Finding>(),
  saved: new Set<unknown>(),
  isOpen: false,
}));

/** Domains of a run without a certificate, and the certificates that may serve them. */
const domainsIn = rememberedBy((_: object) => ({ found: [] as Found[], certificates: [] as unknown[] }));

/**
 * Reports what checks find in a resource of the program. Databases without a backup and domains without a certificate are
 * known when it has ended.
 */
export function checkResource(
  run: object,
  kind: Kind,
  name: string,
  inputs: Values,
  made: pulumi.Resource,
): void {
  const domains = domainsIn(run);
  if (kind === "Certificate") domains.certificates.push(inputs["certificateData"]);
  for (const finding of findingsOf(kind, name, inputs)) {
    if (finding.check !== "no-certificate") noteFinding(finding);
    else if (domains.found.push(finding) === 1)
      atEnd(() => withoutServed(domains.found, domains.certificates));
  }
  const state = backupsIn(run);
  if ((savedDatabases as readonly string[]).includes(serviceOfDatabase[kind] ?? "")) {
    if (state.databases.size === 0) {
      atEnd(() =>
        state.isOpen ? [] : [...state.databases].flatMap(([db, found]) => (state.saved.has(db) ? [] : found)),
      );
    }
    state.databases.set(made, { check: "no-backup", name, place: `${kind} "${name}"` });
  }
  if (kind !== "Backup" && kind !== "VolumeBackup") return;
  for (const [input, id] of Object.entries(inputs)) {
    if (!input.endsWith("Id") || typeof id !== "object") continue;
    const resource = resourceOf(id);
    if (resource === undefined) state.isOpen = true;
    else state.saved.add(resource);
  }
}
