import { ApiError, badRequest } from "./errors";
import type { Instance } from "./instance";
import type { Row } from "./rows";
import { serviceKinds } from "./services";
import { simpleObjects } from "./simple-rows";

/**
 * Limits of a key that belongs to a member, as Dokploy 0.30.2 sets them: which calls it refuses, with which words, and
 * what it leaves out of lists. Owners and admins have none.
 */

const tables = new Set<string>(serviceKinds.map(({ table }) => table));
const verbsOfServices = {
  /** Calls that need nothing but access to the service. */
  open: new Set([
    ...["one", "readLogs", "deploy", "redeploy", "reload", "start", "stop", "markRunning", "cleanQueues"],
    ...["cancelDeployment", "saveEnvironment"],
  ]),
  deleting: new Set(["delete", "remove"]),
};
/** Parts whose creation and change need the permission to create services, with the permission for the deletion. */
const deletionOf: Readonly<Record<string, "canCreateServices" | "canDeleteServices">> = {
  port: "canDeleteServices",
  redirects: "canDeleteServices",
  patch: "canDeleteServices",
  security: "canCreateServices",
};
/** Words of Dokploy for each permission. */
const resourceOf: Readonly<Record<string, string>> = {
  canCreateProjects: "project",
  canDeleteProjects: "project",
  canCreateServices: "service",
  canDeleteServices: "service",
  canCreateEnvironments: "environment",
  canDeleteEnvironments: "environment",
  canAccessToDocker: "docker",
  canAccessToTraefikFiles: "traefikFiles",
  canAccessToSSHKeys: "sshKeys",
  canAccessToGitProviders: "gitProviders",
};
const flagOfRouter: Readonly<Record<string, string>> = {
  docker: "canAccessToDocker",
  dockerVolume: "canAccessToDocker",
  dockerImage: "canAccessToDocker",
  cluster: "canAccessToDocker",
  sshKey: "canAccessToSSHKeys",
};
/** Routers of objects that no member may read or change, with Dokploy's word for them. */
const closed: Readonly<Record<string, string>> = {
  registry: "registry",
  certificates: "certificate",
  destination: "destination",
  notification: "notification",
  server: "server",
  auditLog: "auditLog",
};
/** Calls that only owners and admins may make, although members may make others of the router. */
const closedCalls: Readonly<Record<string, string>> = {
  "docker.getServerHealth": "server",
  "user.all": "member",
  "user.createUserWithCredentials": "member",
  "user.assignPermissions": "member",
  "organization.updateMemberRole": "member",
  "tag.create": "tag",
  "tag.update": "tag",
  "tag.remove": "tag",
  "vaultProvider.create": "vaultProvider",
  "vaultProvider.update": "vaultProvider",
  "vaultProvider.remove": "vaultProvider",
  "vaultProvider.testConnection": "vaultProvider",
};
/** Calls whose refusal has no words. */
const adminCalls = new Set([
  "user.getBackups",
  "settings.assignDomainServer",
  "settings.updateServerIp",
  "settings.updateDockerCleanup",
  "settings.updateBuildsConcurrency",
]);

/** Returns the membership whose limits apply to a user; undefined for an owner or an admin. */
export function limitedMember(instance: Instance, userId: string): Row | undefined {
  const row = instance.simple("member").get(userId);
  return row?.["role"] === "member" ? row : undefined;
}

/**
 * Checks that a member may make a call. Objects that do not exist are left to the call.
 *
 * @throws ApiError in Dokploy's words
 */
export function assertAllowed(instance: Instance, member: Row, name: string, input: Row): void {
  const [router = "", verb = ""] = name.split(".");
  // Dokploy checks no permission here that a member could lack.
  if (name === "backup.listBackupFiles") return;
  const resource = closedCalls[name] ?? closed[router];
  if (resource !== undefined) throw refused(resource);
  if (adminCalls.has(name)) throw new ApiError("UNAUTHORIZED", "UNAUTHORIZED");
  if (name === "user.one" && input["userId"] !== member["userId"])
    throw new ApiError("UNAUTHORIZED", "You are not authorized to access this user");
  const flag = flagOf(router, verb);
  if (flag !== undefined) need(member, flag);
  else if (tables.has(router)) ofService(instance, member, router, verb, input);
  else if (router === "deployment") ofDeployment(instance, member, input);
  else if (router === "project" || router === "environment") ofScope(instance, member, name, input);
  else if (router === "tag" && input["projectId"] !== undefined)
    access(member, "accessedProjects", input["projectId"], "project");
  else if (isPartOfService(router)) ofPart(instance, member, router, verb, input);
}

/** Returns a response without what the member does not see, and lets the member see what the call created. */
export function asSeenBy(member: Row, name: string, answer: unknown): unknown {
  const [router = "", verb = ""] = name.split(".");
  if (verb === "create" && (tables.has(router) || router === "environment" || router === "project"))
    remember(member, router, answer as Row);
  const sees = (list: string, id: unknown) => listOf(member, list).includes(id);
  const withServices = (environment: Row): Row => ({
    ...environment,
    ...Object.fromEntries(
      serviceKinds.map(({ list, id }) => [
        list,
        (environment[list] as Row[]).filter((row) => sees("accessedServices", row[id])),
      ]),
    ),
  });
  const seen = (environments: readonly Row[]) =>
    environments.filter(({ environmentId }) => sees("accessedEnvironments", environmentId)).map(withServices);
  switch (name) {
    case "project.all":
      return (answer as Row[])
        .filter(({ projectId }) => sees("accessedProjects", projectId))
        .map((project) => ({ ...project, environments: seen(project["environments"] as Row[]) }));
    case "project.one": {
      // Dokploy shows all environments of the project here.
      const project = answer as Row;
      return { ...project, environments: (project["environments"] as Row[]).map(withServices) };
    }
    case "project.search": {
      const { items } = answer as { items: Row[] };
      const found = items.filter(({ projectId }) => sees("accessedProjects", projectId));
      return { items: found, total: found.length };
    }
    case "environment.one":
      return withServices(answer as Row);
    case "environment.byProjectId":
      return seen(answer as Row[]);
    case "overview.services":
      return (answer as Row[]).filter(({ id }) => sees("accessedServices", id));
    default:
      return answer;
  }
}

/** Returns the permission that a call needs, for objects that belong to no project. */
function flagOf(router: string, verb: string): string | undefined {
  if (router === "docker" && verb === "getContainersByAppNameMatch") return undefined;
  if (router === "settings" && /^(?:readDirectories|(?:read|update)TraefikFile)$/.test(verb))
    return "canAccessToTraefikFiles";
  const ofProviders = router === "gitProvider" || simpleObjects[router]?.outer;
  if (ofProviders && /^(?:create|update|remove)$/.test(verb)) return "canAccessToGitProviders";
  return flagOfRouter[router];
}

function isPartOfService(router: string): boolean {
  const columns = Object.keys(simpleObjects[router]?.parents ?? {});
  return serviceKinds.some(({ id }) => columns.includes(id));
}

function ofService(instance: Instance, member: Row, router: string, verb: string, input: Row): void {
  if (verb === "create") {
    const { projectId } = instance.environment(String(input["environmentId"]));
    need(member, "canCreateServices");
    access(member, "accessedProjects", projectId, "project");
    return;
  }
  if (verbsOfServices.deleting.has(verb)) need(member, "canDeleteServices");
  else if (!verbsOfServices.open.has(verb)) need(member, "canCreateServices");
  access(member, "accessedServices", input[`${router}Id`], "service");
}

function ofDeployment(instance: Instance, member: Row, input: Row): void {
  const record = instance.tables.deployment.get(String(input["deploymentId"])) as Row | undefined;
  const given = { ...record, ...input };
  const id = given["applicationId"] ?? given["composeId"] ?? (given["type"] ? given["id"] : undefined);
  if (typeof id === "string") access(member, "accessedServices", id, "service");
}

function ofScope(instance: Instance, member: Row, name: string, input: Row): void {
  const environment = instance.tables.environment.get(String(input["environmentId"]));
  const projectId = environment?.projectId ?? input["projectId"];
  const inProject = () => access(member, "accessedProjects", projectId, "project");
  const inEnvironment = () => access(member, "accessedEnvironments", input["environmentId"], "environment");
  const isThere = name.startsWith("project.")
    ? instance.tables.project.has(String(projectId))
    : environment !== undefined;
  const checks: Readonly<Record<string, () => void>> = {
    "project.create": () => wrapped("Error creating the project: ", () => need(member, "canCreateProjects")),
    "project.one": inProject,
    "project.update": () => isThere && inProject(),
    "project.remove": () => {
      if (!isThere) return;
      need(member, "canDeleteProjects");
      inProject();
    },
    "environment.create": () => {
      need(member, "canCreateEnvironments");
      inProject();
    },
    "environment.one": () => {
      if (isThere && !listOf(member, "accessedEnvironments").includes(environment?.environmentId))
        throw new ApiError("FORBIDDEN", "You are not allowed to access this environment");
    },
    "environment.update": () => wrapped("Error updating the environment: ", inEnvironment),
    "environment.remove": () => {
      if (!isThere || environment?.isDefault) return;
      need(member, "canDeleteEnvironments");
      inProject();
      inEnvironment();
    },
  };
  checks[name]?.();
}

/** Checks a call for a part of a service: a domain, a mount, a port … */
function ofPart(instance: Instance, member: Row, router: string, verb: string, input: Row): void {
  const { row: example } = simpleObjects[router] ?? { row: {} };
  const [id = ""] = Object.keys(example);
  const row = verb === "create" ? undefined : instance.simple(router).get(String(input[id]));
  if (verb !== "create" && verb !== "list" && input[id] !== undefined && !row) return;
  const facts: Row = row ?? input;
  const given = serviceKinds.map((kind) => facts[kind.id]).find((found) => typeof found === "string");
  const service = given ?? facts["serviceId"] ?? facts["id"];
  const check = () => {
    const deletion = deletionOf[router];
    if (verb === "delete" && deletion !== undefined) need(member, deletion);
    else if (verb !== "one" && verb !== "byEntityId" && deletion !== undefined)
      need(member, "canCreateServices");
    access(member, "accessedServices", service, "service");
  };
  if (router === "schedule" && service === undefined)
    throw new ApiError("FORBIDDEN", "Only owners and admins can manage server-level schedules.");
  // These calls turn each refusal into an error of their own.
  if (router === "port" && verb === "create") wrapped("", check, () => "Error input: Inserting port");
  else if (router === "port" && verb === "one") wrapped("", check, () => "Port not found");
  else if (verb === "create" && (router === "domain" || router === "backup")) wrapped("", check);
  else check();
}

function need(member: Row, flag: string): void {
  if (member[flag] !== true) throw refused(resourceOf[flag] ?? flag);
}

function access(member: Row, list: string, id: unknown, noun: string): void {
  if (!listOf(member, list).includes(id))
    throw new ApiError("UNAUTHORIZED", `You don't have access to this ${noun}`);
}

function listOf(member: Row, list: string): readonly unknown[] {
  return (member[list] as unknown[] | undefined) ?? [];
}

function refused(resource: string): ApiError {
  return new ApiError("UNAUTHORIZED", `unauthorized to access resource "${resource}"`);
}

/** Runs a check whose refusal becomes a 400. */
function wrapped(prefix: string, check: () => void, words = (said: string) => said): void {
  try {
    check();
  } catch (error) {
    throw error instanceof ApiError ? badRequest(prefix + words(error.message)) : error;
  }
}

function remember(member: Row, router: string, answer: Row): void {
  const add = (list: string, id: unknown) => {
    member[list] = [...listOf(member, list), id];
  };
  if (router === "project") {
    add("accessedProjects", (answer["project"] as Row)["projectId"]);
    add("accessedEnvironments", (answer["environment"] as Row)["environmentId"]);
  } else add(router === "environment" ? "accessedEnvironments" : "accessedServices", answer[`${router}Id`]);
}
