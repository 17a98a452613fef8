import type { Endpoint } from "./endpoints";
import { OBJECTS, QUERIES } from "./generated/facts";
import { databaseKinds } from "./kinds";

/** Limit of one try: `read` 30 s, `write` 60 s, `slow` 10 min (the server works on Docker before it responds). */
export type TimeoutClass = "read" | "write" | "slow";

export const TIMEOUTS_MS: Readonly<Record<TimeoutClass, number>> = {
  read: 30_000,
  write: 60_000,
  slow: 600_000,
};

/** Rules for calling an endpoint, and for the case that the response is lost. */
export interface EndpointPolicy {
  /** Dokploy serves queries by GET and mutations by POST; the other method gives 404. */
  readonly method: "GET" | "POST";
  /** True when a repeated call leaves the server, and the work of others, in the same state as one call. */
  readonly idempotent: boolean;
  /** True when it removes its object: if a repeat no longer finds the object, the first call removed it. */
  readonly removes: boolean;
  readonly timeout: TimeoutClass;
  /** Object of the call: Dokploy's noun (as in `<noun> not found`) and the input field that names it. */
  readonly about?: About;
  /** True when callers need the response, so that an empty body is an error. */
  readonly needsAnswer: boolean;
  /** State that Dokploy rewrites as a whole without a lock, so that such calls run one at a time. */
  readonly rewrites?: Shared;
}

/** Object of a call: Dokploy's noun, and the input field that names the object. */
export interface About {
  readonly noun: string;
  readonly field: string;
}

/**
 * `traefik`: the files of its proxy, which contain the domains, redirects and logins of all applications of a
 * server. `access`: the list of objects that a member may see, which grows with each creation by a member's key.
 */
export type Shared = "traefik" | "access";

/** Calls that set values or remove objects. Ids are never used again, so a repeat finds nothing: see `isNotFound`. */
const REMOVAL = /^(?:delete|remove)/;
const REPEATABLE = /^(?:update|save[A-Z]\w*|move|delete|remove)$/;

/** Routers whose objects are stored in shared files of Traefik. */
const IN_TRAEFIK: ReadonlySet<string> = new Set(["domain", "redirects", "security"]);

/** Routers whose `create` gives a member access to the new object. */
const ACCESSED: ReadonlySet<string> = new Set([
  "project",
  "environment",
  "application",
  "compose",
  ...databaseKinds,
]);

/** Calls that list objects at the git host of a provider. */
const atGitHosts = ["Github", "Gitlab", "Bitbucket", "Gitea"].flatMap((Kind) =>
  ["Repositories", "Branches"].map((what) => {
    const kind = Kind.toLowerCase();
    const about = { noun: `${kind} provider`, field: `${kind}Id` };
    return [`${kind}.get${Kind}${what}`, { about, timeout: "write" }] as const;
  }),
);

const deploysBeforeItAnswers = databaseKinds.map((kind) => [`${kind}.deploy`, { timeout: "slow" }] as const);

/** Endpoints that differ from the rules for their verb. */
const EXCEPTIONS: { readonly [E in Endpoint]?: Partial<EndpointPolicy> } = {
  "application.delete": { rewrites: "traefik" },
  "application.reload": { timeout: "slow" },
  // Runs `docker compose down` before it responds.
  "compose.delete": { timeout: "slow" },
  ...Object.fromEntries(deploysBeforeItAnswers),
  ...Object.fromEntries(atGitHosts),
  // Runs the command before it responds.
  "schedule.runManually": { timeout: "slow" },
  // Runs `docker login` before it responds.
  "registry.create": { timeout: "slow" },
  "registry.update": { timeout: "slow" },
  // Checks over SSH, and never responds if a port accepts connections and sends nothing: the caller decides
  // how often.
  "server.validate": { timeout: "write", idempotent: false, about: { noun: "server", field: "serverId" } },
  // Installs over SSH until it responds. A second setup at the same time would undo the first.
  "server.setup": { timeout: "slow", about: { noun: "server", field: "serverId" } },
  "deployment.allByServer": { about: { noun: "server", field: "serverId" } },
  // These return an empty body.
  "backup.create": { needsAnswer: false },
  "sshKey.create": { needsAnswer: false },
  "docker.getConfig": { needsAnswer: false },
  "docker.getContainers": { needsAnswer: false, about: { noun: "server", field: "serverId" } },
  "cluster.getNodes": { about: { noun: "server", field: "serverId" } },
  "settings.readDirectories": { about: { noun: "server", field: "serverId" } },
  "gitlab.create": { needsAnswer: false },
  "bitbucket.create": { needsAnswer: false },
  "gitProvider.remove": { about: { noun: "git provider", field: "gitProviderId" } },
  "user.one": { about: { noun: "user", field: "userId" } },
  // Both set values.
  "user.assignPermissions": { idempotent: true, about: { noun: "user", field: "id" } },
  "organization.updateMemberRole": { idempotent: true },
  "user.createApiKey": { needsAnswer: true, about: { noun: "api key", field: "name" } },
  "user.deleteApiKey": { idempotent: true, about: { noun: "api key", field: "apiKeyId" } },
  // Sets all of them.
  "tag.bulkAssign": { idempotent: true },

  "deployment.all": { about: { noun: "application", field: "applicationId" } },
  "deployment.allByCompose": { about: { noun: "compose", field: "composeId" } },
  "deployment.readLogs": { about: { noun: "deployment", field: "deploymentId" } },
};

/**
 * Returns the rules for calling an endpoint: those of its verb, except for listed exceptions. A call with an unknown
 * verb counts as one that has an effect each time.
 */
export function policyOf(endpoint: Endpoint): EndpointPolicy {
  const dot = endpoint.indexOf(".");
  const [router, called] = [endpoint.slice(0, dot), endpoint.slice(dot + 1)];
  // `createSlack`, `updateSlack`: each channel has its own.
  const verb = router === "notification" ? called.replace(/^(create|update)[A-Z]\w*$/, "$1") : called;
  const isQuery = QUERIES[router]?.includes(verb) ?? false;
  const about = aboutOf(router, verb, isQuery);
  const rewrites = isQuery ? undefined : rewrittenBy(router, verb);
  return {
    method: isQuery ? "GET" : "POST",
    idempotent: isQuery || REPEATABLE.test(verb),
    removes: !isQuery && REMOVAL.test(verb),
    timeout: isQuery ? "read" : "write",
    needsAnswer: isQuery || called === "create",
    ...(about === undefined ? {} : { about }),
    ...(rewrites === undefined ? {} : { rewrites }),
    ...EXCEPTIONS[endpoint],
  };
}

function rewrittenBy(router: string, verb: string): Shared | undefined {
  if (IN_TRAEFIK.has(router)) return "traefik";
  return verb === "create" && ACCESSED.has(router) ? "access" : undefined;
}

function aboutOf(router: string, verb: string, isQuery: boolean): About | undefined {
  const [, owner] = /^by([A-Z]\w*)Id$/.exec(verb) ?? [];
  if (owner !== undefined) {
    const noun = owner.charAt(0).toLowerCase() + owner.slice(1);
    return { noun, field: `${noun}Id` };
  }
  if (!Object.hasOwn(OBJECTS, router)) return undefined;
  const { id, create, ...object } = OBJECTS[router as keyof typeof OBJECTS];
  // Dokploy says `Redirect not found` for `redirectId` of the router `redirects`, and `Gitlab Provider` for
  // `gitlab`.
  const noun = `${id.replace(/Id$/, "")}${"through" in object ? " provider" : ""}`;
  if (verb === "create") {
    const needs: readonly string[] = create.needs;
    return needs.includes("name") ? { noun, field: "name" } : undefined;
  }
  return isQuery && verb !== "one" && verb !== "readLogs" ? undefined : { noun, field: id };
}
