import type { Endpoint } from "./endpoints";
import { OBJECTS, QUERIES } from "./generated/facts";
import { databaseKinds } from "./rows";

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
export interface EndpointPolicy {
  /** Dokploy serves queries by GET and mutations by POST; the other method gives 404. */
  readonly method: "GET" | "POST";
  /** Whether a repeat leaves the server, and everybody else's work, as one call does. */
  readonly idempotent: boolean;
  /** Whether it takes its object away: where a repeat no longer finds that, the first call did it. */
  readonly removes: boolean;
  readonly timeout: TimeoutClass;
  /** The object of the call: Dokploy's noun (as in `<noun> not found`) and the input field that names it. */
  readonly about?: About;
  /** Callers need the answer, so an empty body is an error. */
  readonly needsAnswer: boolean;
  /** What Dokploy reads, changes and writes back whole without a lock, so that such calls go one at a time. */
  readonly rewrites?: Shared;
}

export interface About {
  readonly noun: string;
  readonly field: string;
}

/**
 * `traefik`: the files of its proxy, which hold the domains, redirects and logins of all applications of a server.
 * `access`: the list of what a member may see, which each creation with a member's key adds to.
 */
export type Shared = "traefik" | "access";

/** Sets values, or takes away what is gone by then: ids are never used again, so a repeat finds nothing, see `isNotFound`. */
const REMOVAL = /^(?:delete|remove)/;
const REPEATABLE = /^(?:update|save[A-Z]\w*|move|delete|remove)$/;

/** Those whose redirects, logins or domains stand in files of Traefik that all share. */
const IN_TRAEFIK: ReadonlySet<string> = new Set(["domain", "redirects", "security"]);

/** Those whose making gives a member access to them. */
const ACCESSED: ReadonlySet<string> = new Set([
  "project",
  "environment",
  "application",
  "compose",
  ...databaseKinds,
]);

/** What the git host of a provider lists. */
const atGitHosts = ["Github", "Gitlab", "Bitbucket", "Gitea"].flatMap((Kind) =>
  ["Repositories", "Branches"].map((what) => {
    const kind = Kind.toLowerCase();
    const about = { noun: `${kind} provider`, field: `${kind}Id` };
    return [`${kind}.get${Kind}${what}`, { about, timeout: "write" }] as const;
  }),
);

const deploysBeforeItAnswers = databaseKinds.map((kind) => [`${kind}.deploy`, { timeout: "slow" }] as const);

/** Where an endpoint is not as its verb says. */
const EXCEPTIONS: { readonly [E in Endpoint]?: Partial<EndpointPolicy> } = {
  "application.delete": { rewrites: "traefik" },
  "application.reload": { timeout: "slow" },
  // Runs `docker compose down` before it answers.
  "compose.delete": { timeout: "slow" },
  ...Object.fromEntries(deploysBeforeItAnswers),
  ...Object.fromEntries(atGitHosts),
  // Runs `docker login` before it answers.
  "registry.create": { timeout: "slow" },
  "registry.update": { timeout: "slow" },
  // Looks over SSH, and never answers of a port that takes connections and says nothing: whoever asks decides how often.
  "server.validate": { timeout: "write", idempotent: false, about: { noun: "server", field: "serverId" } },
  // Installs over it until it answers. A second set-up beside the first would undo it.
  "server.setup": { timeout: "slow", about: { noun: "server", field: "serverId" } },
  "deployment.allByServer": { about: { noun: "server", field: "serverId" } },
  // Answer with an empty body.
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
 * How to call an endpoint: what its verb says, but for exceptions. A verb that nothing is known of is taken for one that
 * does something each time.
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
  // `redirectId` of the router `redirects`, of which Dokploy says `Redirect not found`; of `gitlab` it says `Gitlab Provider`.
  const noun = `${id.replace(/Id$/, "")}${"through" in object ? " provider" : ""}`;
  if (verb === "create") {
    const needs: readonly string[] = create.needs;
    return needs.includes("name") ? { noun, field: "name" } : undefined;
  }
  return isQuery && verb !== "one" && verb !== "readLogs" ? undefined : { noun, field: id };
}
