import { SINCE } from "./generated/facts";
import type { Requests } from "./generated/requests";
import { compareVersions, parseVersion, type Version } from "./version";

type Endpoint = keyof Requests;
/** Input of an endpoint, such as `compose.update.icon`. */
type EndpointInput = { [E in Endpoint]: `${E}.${keyof Requests[E] & string}` }[Endpoint];
type Router = Endpoint extends `${infer R}.${string}` ? R : never;

/**
 * Releases that introduced endpoints and inputs, from a comparison of the documents of neighbouring releases
 * (0.28.8, 0.29.0, 0.29.2, 0.29.5, 0.29.12, 0.29.14, 0.30.0), and for 0.30.5 from its notes. `npm run api` knows
 * only the documents that are committed.
 */
const API_SINCE = {
  "libsql.*": "0.29.0",
  "tag.*": "0.29.0",
  "application.readLogs": "0.29.0",
  "compose.readLogs": "0.29.0",
  "deployment.readLogs": "0.29.5",
  "application.update.networkIds": "0.29.14",
  "application.update.detachDokployNetwork": "0.29.14",
  "compose.update.serviceNetworks": "0.29.14",
  "compose.update.icon": "0.29.14",
  "compose.update.createEnvFile": "0.30.0",
  // An update sets it on every server.
  "application.create.sourceType": "0.30.0",
  "compose.create.sourceType": "0.30.0",
  "backup.create.includeEncryptionKey": "0.29.12",
  "backup.update.includeEncryptionKey": "0.29.12",
  "domain.create.customEntrypoint": "0.29.0",
  "domain.create.middlewares": "0.29.0",
  "domain.update.customEntrypoint": "0.29.0",
  "domain.update.middlewares": "0.29.0",
  "domain.update.enabled": "0.30.0",
  "domain.toggleEnable": "0.30.0",
  "organization.update.defaultRole": "0.30.0",
  "overview.services": "0.30.0",
  "docker.getServerHealth": "0.30.0",
  "vaultProvider.*": "0.30.0",
  "notification.createGotify.serverThreshold": "0.30.5",
  "notification.createNtfy.serverThreshold": "0.30.5",
  "notification.updateGotify.serverThreshold": "0.30.5",
  "notification.updateNtfy.serverThreshold": "0.30.5",
} as const satisfies { readonly [Name in Endpoint | EndpointInput | `${Router}.*`]?: string };

/** Releases that changed Dokploy's behaviour, from its source at their tags. No document lists them. */
const BEHAVIOUR_SINCE = {
  /** Values in the `.env` of a compose service have quotes, so that Compose does not change them. */
  "compose.env.quoted": "0.30.0",
  /** Values in the `.env` of a stack have no quotes, which 0.30.0 and 0.30.1 wrote and docker would not remove. */
  "stack.env.plain": "0.30.2",
  /** A `${NAME}` in a value of a compose service is passed on to Compose, which replaces it. */
  "compose.env.templates": "0.30.3",
  /** The folder that is sent to a build without `dockerContextPath` differs from before, and again in 0.30.6. */
  "dockerfile.context.unsure": "0.30.5",
  /** `${{vault.<provider>.<reference>}}` in texts of variables. */
  vault: "0.30.0",
} as const;

/** Endpoint, input or behaviour that only newer servers have. */
export type Feature = keyof typeof API_SINCE | keyof typeof BEHAVIOUR_SINCE;

const KNOWN: Readonly<Record<string, string>> = { ...SINCE, ...API_SINCE, ...BEHAVIOUR_SINCE };

/**
 * True when a server of this version has the feature. Older ones silently drop unknown inputs, so check before use.
 *
 * @example
 * if (supports(await client.version(), "deployment.readLogs")) { … }
 */
export function supports(version: Version, feature: Feature | `${Endpoint}.${string}`): boolean {
  const first = since(feature);
  return first === undefined || compareVersions(version, first) >= 0;
}

/** Returns the first version with an endpoint, an input (`compose.update.icon`) or a behaviour, where it is known. */
export function since(name: string): Version | undefined {
  const [router] = name.split(".");
  for (const known of [name, `${router}.*`]) {
    const found = Object.hasOwn(KNOWN, known) ? KNOWN[known] : undefined;
    if (found !== undefined) return parseVersion(found);
  }
  return undefined;
}
