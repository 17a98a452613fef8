import type { DatabaseCalls, Endpoint, Input } from "./endpoints";
import type { DatabaseKind } from "./rows";

/**
 * How long one try may take: `read` 30 s, `write` 60 s, `slow` 10 min (the server works on Docker before it answers).
 */
export type TimeoutClass = "read" | "write" | "slow";

export const TIMEOUTS_MS: Readonly<Record<TimeoutClass, number>> = {
  read: 30_000,
  write: 60_000,
  slow: 600_000,
};

/** How to call an endpoint, and what may be done when the answer is lost. */
export interface EndpointPolicy<Field extends string = string> {
  /** Dokploy serves queries by GET and mutations by POST; the other method gives 404. */
  readonly method: "GET" | "POST";
  /** Whether a repeat leaves the server, and everybody else's work, as one call does. */
  readonly idempotent: boolean;
  readonly timeout: TimeoutClass;
  /** The object of the call: Dokploy's noun (as in `<noun> not found`) and the input field that names it. */
  readonly about?: { readonly noun: string; readonly field: Field };
  /** Callers need the answer, so an empty body is an error. */
  readonly needsAnswer: boolean;
  /** What Dokploy reads, changes and writes back whole without a lock, so that such calls go one at a time. */
  readonly rewrites?: Shared;
}

/**
 * `traefik`: the files of its proxy, which hold the domains, redirects and logins of all applications of a server.
 * `access`: the list of what a member may see, which each creation with a member's key adds to.
 */
export type Shared = "traefik" | "access";

function query<F extends string>(noun?: string, field?: F): EndpointPolicy<F> {
  const policy = { method: "GET", idempotent: true, timeout: "read", needsAnswer: true } as const;
  return noun === undefined || field === undefined ? policy : { ...policy, about: { noun, field } };
}

/** A repeat makes a second object. */
function create(noun: string): EndpointPolicy<"name"> {
  return {
    method: "POST",
    idempotent: false,
    timeout: "write",
    about: { noun, field: "name" },
    needsAnswer: true,
  };
}

/** Sets columns to given values, so a repeat sets them again. */
function write<F extends string>(noun: string, field: F): EndpointPolicy<F> {
  return { method: "POST", idempotent: true, timeout: "write", about: { noun, field }, needsAnswer: false };
}

/** Deletes by id. Ids are never used again, so a repeat finds nothing and answers 404: see `isGone`. */
function remove<F extends string>(
  noun: string,
  field: F,
  timeout: TimeoutClass = "write",
): EndpointPolicy<F> {
  return { method: "POST", idempotent: true, timeout, about: { noun, field }, needsAnswer: false };
}

/** Does something each time: queues one more deployment, restarts tasks, drops jobs that others queued meanwhile. */
function act<F extends string>(noun: string, field: F, timeout: TimeoutClass = "write"): EndpointPolicy<F> {
  return { method: "POST", idempotent: false, timeout, about: { noun, field }, needsAnswer: false };
}

/** The same for each kind of database. A deployment is done before it is answered. */
function database<D extends DatabaseKind>(
  kind: D,
): { [Call in keyof DatabaseCalls as `${D}.${Call}`]: EndpointPolicy<`${D}Id`> } {
  const id: `${D}Id` = `${kind}Id`;
  const policies = {
    [`${kind}.one`]: query(kind, id),
    [`${kind}.saveEnvironment`]: write(kind, id),
    [`${kind}.deploy`]: act(kind, id, "slow"),
    [`${kind}.readLogs`]: query(kind, id),
  };
  return policies as { [Call in keyof DatabaseCalls as `${D}.${Call}`]: EndpointPolicy<`${D}Id`> };
}

export const ENDPOINT_POLICIES: {
  readonly [E in Endpoint]: EndpointPolicy<Extract<keyof Input<E>, string>>;
} = {
  "project.all": query(),
  "project.one": query("project", "projectId"),
  "project.create": { ...create("project"), rewrites: "access" },
  "project.update": write("project", "projectId"),
  "project.remove": remove("project", "projectId"),

  "environment.one": query("environment", "environmentId"),
  "environment.byProjectId": query("project", "projectId"),
  "environment.create": { ...create("environment"), rewrites: "access" },
  "environment.update": write("environment", "environmentId"),
  "environment.remove": remove("environment", "environmentId"),

  "application.one": query("application", "applicationId"),
  "application.create": { ...create("application"), rewrites: "access" },
  "application.update": write("application", "applicationId"),
  "application.saveEnvironment": write("application", "applicationId"),
  "application.move": write("application", "applicationId"),
  "application.delete": { ...remove("application", "applicationId"), rewrites: "traefik" },
  "application.deploy": act("application", "applicationId"),
  "application.redeploy": act("application", "applicationId"),
  "application.reload": act("application", "applicationId", "slow"),
  "application.cleanQueues": act("application", "applicationId"),
  "application.readLogs": query("application", "applicationId"),

  "compose.one": query("compose", "composeId"),
  "compose.create": { ...create("compose"), rewrites: "access" },
  "compose.update": write("compose", "composeId"),
  "compose.move": write("compose", "composeId"),
  // Runs `docker compose down` before it answers.
  "compose.delete": remove("compose", "composeId", "slow"),
  "compose.deploy": act("compose", "composeId"),
  "compose.redeploy": act("compose", "composeId"),
  "compose.cleanQueues": act("compose", "composeId"),
  "compose.readLogs": query("compose", "composeId"),

  ...database("postgres"),
  ...database("mysql"),
  ...database("mariadb"),
  ...database("mongo"),
  ...database("redis"),
  ...database("libsql"),

  "deployment.all": query("application", "applicationId"),
  "deployment.allByCompose": query("compose", "composeId"),
  "deployment.queueList": query(),
  "deployment.readLogs": query("deployment", "deploymentId"),

  "docker.getServiceContainersByAppName": query(),
  "docker.getStackContainersByAppName": query(),
  "docker.getContainersByAppNameMatch": query(),
  "docker.getConfig": { ...query(), needsAnswer: false },

  "settings.getDokployVersion": query(),
};
