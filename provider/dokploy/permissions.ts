import type { Endpoint } from "./endpoints";

/** Permission of a member: its name in Dokploy's page of users, and in `may` of a Member. */
type Permission = readonly [label: string, input: string];

/** Permissions by the word of Dokploy's refusal; where a deletion needs another one, it is second. */
const PERMISSIONS: Readonly<Record<string, readonly [Permission, Permission?]>> = {
  project: [
    ["Create Projects", "createProjects"],
    ["Delete Projects", "deleteProjects"],
  ],
  service: [
    ["Create Services", "createServices"],
    ["Delete Services", "deleteServices"],
  ],
  environment: [
    ["Create Environments", "createEnvironments"],
    ["Delete Environments", "deleteEnvironments"],
  ],
  docker: [["Access to Docker", "seeDocker"]],
  traefikFiles: [["Access to Traefik Files", "changeTraefikFiles"]],
  sshKeys: [["Access to SSH Keys", "useSshKeys"]],
  gitProviders: [["Access to Git Providers", "useGitProviders"]],
};
/** Lists of what a Member sees, by the noun of Dokploy's refusal. */
const SEEN: Readonly<Record<string, string>> = {
  project: "projectIds",
  environment: "environmentIds",
  service: "serviceIds",
  "git provider": "gitProviderIds",
};
const RESOURCE = /\bunauthorized to access resource "([A-Za-z]{1,40})"/i;
const UNSEEN =
  /\b(?:You don't have access to this|You are not allowed to (?:access|update|duplicate) this) (project|environment|service|git provider)\b/i;
const OR_ADMIN = "or use a key of an owner or admin of the organization.";

/** Calls for owners and admins alone. Dokploy refuses others in the words for a bad key. */
export const FOR_ADMINS: ReadonlySet<string> = new Set<Endpoint>([
  "settings.assignDomainServer",
  "settings.updateBuildsConcurrency",
  "settings.updateDockerCleanup",
  "settings.updateServerIp",
  "user.getBackups",
]);

/** True when Dokploy's words refuse a key for its user's permissions, or for an object that the user does not see. */
export function isRefusal(words: string): boolean {
  return RESOURCE.test(words) || UNSEEN.test(words);
}

/** Returns how to make a refused call possible: it names the permission or the list that the key's user lacks. */
export function remedyFor(endpoint: Endpoint, words: string): string {
  const resource = RESOURCE.exec(words)?.[1] ?? "";
  const unseen = UNSEEN.exec(words)?.[1]?.toLowerCase() ?? "";
  const list = Object.hasOwn(SEEN, unseen) ? SEEN[unseen] : undefined;
  if (list !== undefined)
    return `Give the key's user access to this ${unseen} (sees.${list} of a Member), ${OR_ADMIN}`;
  const known = Object.hasOwn(PERMISSIONS, resource) ? PERMISSIONS[resource] : undefined;
  if (known !== undefined) {
    const [label, input] = (isDeletion(endpoint) && known[1]) || known[0];
    return `Give the key's user the permission "${label}" (may.${input} of a Member), ${OR_ADMIN}`;
  }
  return resource === ""
    ? "Use a key of an owner or admin of the organization, or give its user the permission."
    : "No member may do this: use a key of an owner or admin of the organization, or of a custom role (Dokploy Enterprise).";
}

/** The deletion of a login of `security` needs the permission to create services. */
function isDeletion(endpoint: Endpoint): boolean {
  return /\.(?:delete|remove)$/.test(endpoint) && !endpoint.startsWith("security.");
}
