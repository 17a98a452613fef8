import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";

type Row = Record<string, unknown>;

const flags = ["Projects", "Services", "Environments"].flatMap((noun) => [
  `canCreate${noun}`,
  `canDelete${noun}`,
]);
const others = [
  ...["canAccessToDocker", "canAccessToTraefikFiles", "canAccessToAPI", "canAccessToSSHKeys"],
  "canAccessToGitProviders",
];
const unseen = (noun: string) => `You don't have access to this ${noun}`;
const resource = (name: string) => `unauthorized to access resource "${name}"`;

describe("a member's key in the emulator", () => {
  let emulator: Emulator;
  let key: string;
  let userId: string;
  /** Ids of objects that an admin made. */
  let ids: Record<"project" | "other" | "environment" | "test" | "web" | "compose" | "db" | "port", string>;

  async function ask(name: string, input: Row = {}, by = key): Promise<{ status: number; body: unknown }> {
    const isRead = reads.test(name);
    const query = new URLSearchParams(input as Record<string, string>).toString();
    const response = await fetch(`${emulator.url}/api/${name}${isRead ? `?${query}` : ""}`, {
      method: isRead ? "GET" : "POST",
      headers: { "x-api-key": by, "content-type": "application/json" },
      ...(isRead ? {} : { body: JSON.stringify(input) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }
  async function admin<T = Row>(name: string, input: Row = {}): Promise<T> {
    const { status, body } = await ask(name, input, emulator.apiKey);
    assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
    return body as T;
  }
  /** Gives the member permissions by their columns, and lists of what it sees. */
  async function permit(may: readonly string[], sees: Row = {}): Promise<void> {
    await admin("user.assignPermissions", {
      id: userId,
      ...Object.fromEntries([...flags, ...others].map((flag) => [flag, may.includes(flag)])),
      ...{ accessedProjects: [], accessedEnvironments: [], accessedServices: [] },
      ...{ accessedGitProviders: [], accessedServers: [], ...sees },
    });
  }
  const everything = () => ({
    accessedProjects: [ids.project],
    accessedEnvironments: [ids.environment, ids.test],
    accessedServices: [ids.web, ids.compose, ids.db],
  });
  async function refuses(name: string, input: Row, status: number, message: string): Promise<void> {
    const { status: got, body } = await ask(name, input);
    assert.deepEqual([got, (body as Row | undefined)?.["message"]], [status, message], name);
  }
  async function allows(name: string, input: Row = {}): Promise<unknown> {
    const { status, body } = await ask(name, input);
    assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
    return body;
  }

  beforeEach(async () => {
    emulator = await startEmulator();
    key = emulator.apiKey;
    const { project, environment } = await admin<{ project: Row; environment: Row }>("project.create", {
      name: "shop",
    });
    const { project: other } = await admin<{ project: Row }>("project.create", { name: "other" });
    const projectId = String(project["projectId"]);
    const test = await admin("environment.create", { name: "test", projectId });
    const environmentId = String(test["environmentId"]);
    const web = await admin("application.create", { name: "web", environmentId });
    const compose = await admin("compose.create", {
      name: "jobs",
      environmentId,
      composeType: "docker-compose",
    });
    const names = { databaseName: "d", databaseUser: "u", databasePassword: "p", dockerImage: "postgres:18" };
    const db = await admin("postgres.create", { name: "db", environmentId, ...names });
    const applicationId = String(web["applicationId"]);
    await admin("port.create", { applicationId, publishedPort: 8080, targetPort: 80 });
    const { ports } = await admin<{ ports: Row[] }>("application.one", { applicationId });
    ids = {
      project: projectId,
      other: String(other["projectId"]),
      environment: String(environment["environmentId"]),
      test: environmentId,
      web: applicationId,
      compose: String(compose["composeId"]),
      db: String(db["postgresId"]),
      port: String(ports[0]?.["portId"]),
    };
    const email = "ci@acme.example";
    const made = await admin("user.createUserWithCredentials", {
      email,
      password: "password",
      role: "member",
    });
    userId = String(made["userId"]);
    key = emulator.makeKey(email);
  });
  afterEach(() => emulator.close());

  it("sees nothing without lists, and gets Dokploy's words for what it does not see", async () => {
    assert.deepEqual(await allows("project.all"), []);
    assert.deepEqual(await allows("environment.byProjectId", { projectId: ids.project }), []);
    assert.deepEqual(await allows("overview.services"), []);
    await refuses("project.one", { projectId: ids.project }, 401, unseen("project"));
    await refuses(
      "environment.one",
      { environmentId: ids.test },
      403,
      "You are not allowed to access this environment",
    );
    await refuses("environment.one", { environmentId: "nowhere" }, 404, "Environment not found");
    for (const id of [ids.web, "nowhere"])
      await refuses("application.one", { applicationId: id }, 401, unseen("service"));
    await refuses("application.deploy", { applicationId: ids.web }, 401, unseen("service"));
    await refuses("deployment.all", { applicationId: ids.web }, 401, unseen("service"));
    await refuses("project.update", { projectId: ids.project, env: "A=1" }, 401, unseen("project"));
    await refuses(
      "environment.update",
      { environmentId: ids.test, env: "A=1" },
      400,
      `Error updating the environment: ${unseen("environment")}`,
    );
    const domain = { host: "shop.acme.dev", applicationId: ids.web, domainType: "application" };
    await refuses("domain.create", domain, 400, unseen("service"));
    await refuses("port.one", { portId: ids.port }, 400, "Port not found");
  });

  it("sees in lists what its user sees, and reads, configures and deploys these services", async () => {
    await permit([], { ...everything(), accessedEnvironments: [ids.test], accessedServices: [ids.web] });
    const [project] = (await allows("project.all")) as { environments: Row[] }[];
    assert.deepEqual(
      project?.environments.map(({ name, applications, compose, postgres }) => [
        name,
        applications,
        compose,
        postgres,
      ]),
      [["test", [{ applicationId: ids.web, name: "web", applicationStatus: "idle" }], [], []]],
    );
    const one = (await allows("project.one", { projectId: ids.project })) as { environments: Row[] };
    assert.equal(one.environments.length, 2);
    const { compose } = (await allows("environment.one", { environmentId: ids.test })) as { compose: Row[] };
    assert.deepEqual(compose, []);
    await allows("application.one", { applicationId: ids.web });
    await allows("application.saveEnvironment", {
      ...{ applicationId: ids.web, env: "A=1", buildArgs: null, buildSecrets: null, createEnvFile: false },
    });
    await allows("application.deploy", { applicationId: ids.web });
    await allows("project.update", { projectId: ids.project, env: "A=1" });
    const mount = { type: "bind", hostPath: "/etc", mountPath: "/host", serviceType: "application" };
    await allows("mounts.create", { ...mount, serviceId: ids.web });
    await refuses("compose.one", { composeId: ids.compose }, 401, unseen("service"));
  });

  it("needs a permission for what creates and deletes, and for Docker", async () => {
    await permit([], everything());
    const web = { applicationId: ids.web };
    const rules: readonly [flag: string, name: string, input: Row, status: number, message: string][] = [
      ["canCreateServices", "application.update", { ...web, replicas: 2 }, 401, resource("service")],
      [
        "canCreateServices",
        "application.create",
        { name: "n", environmentId: ids.test },
        401,
        resource("service"),
      ],
      [
        "canCreateServices",
        "compose.update",
        { composeId: ids.compose, env: "A=1" },
        401,
        resource("service"),
      ],
      [
        "canCreateServices",
        "port.create",
        { ...web, publishedPort: 8081, targetPort: 80 },
        400,
        "Error input: Inserting port",
      ],
      ["canDeleteServices", "port.delete", { portId: ids.port }, 401, resource("service")],
      ["canDeleteServices", "application.delete", web, 401, resource("service")],
      ["canDeleteServices", "postgres.remove", { postgresId: ids.db }, 401, resource("service")],
      [
        "canCreateEnvironments",
        "environment.create",
        { name: "pr", projectId: ids.project },
        401,
        resource("environment"),
      ],
      [
        "canCreateProjects",
        "project.create",
        { name: "pr-1" },
        400,
        `Error creating the project: ${resource("project")}`,
      ],
      ["canDeleteProjects", "project.remove", { projectId: ids.project }, 401, resource("project")],
      [
        "canAccessToDocker",
        "docker.getServiceContainersByAppName",
        { appName: "web" },
        401,
        resource("docker"),
      ],
    ];
    for (const [flag, name, input, status, message] of rules) {
      await refuses(name, input, status, message);
      await permit([flag], everything());
      await allows(name, input);
      await permit([], everything());
    }
  });

  it("sees what it creates", async () => {
    await permit(["canCreateProjects", "canCreateServices", "canCreateEnvironments"]);
    const made = (await allows("project.create", { name: "pr-1" })) as { project: Row; environment: Row };
    const projectId = made.project["projectId"];
    const { environmentId } = (await allows("environment.create", { name: "x", projectId })) as Row;
    const { applicationId } = (await allows("application.create", { name: "web", environmentId })) as Row;
    await allows("application.one", { applicationId });
    assert.deepEqual(
      ((await allows("project.all")) as Row[]).map(({ name }) => name),
      ["pr-1"],
    );
    await refuses("application.create", { name: "n", environmentId: ids.test }, 401, unseen("project"));
  });

  it("has no access to what belongs to the whole server", async () => {
    await permit([...flags, ...others], everything());
    for (const [name, word] of [
      ["registry.all", "registry"],
      ["destination.all", "destination"],
      ["certificates.all", "certificate"],
      ["notification.all", "notification"],
      ["server.all", "server"],
      ["user.all", "member"],
      ["auditLog.all", "auditLog"],
    ] as const)
      await refuses(name, {}, 401, resource(word));
    await refuses("user.getBackups", {}, 401, "UNAUTHORIZED");
    await refuses("tag.create", { name: "a", color: "#fff" }, 401, resource("tag"));
    assert.deepEqual(await allows("tag.all"), []);
  });

  it("lists the files of every destination, although it may not read the destination", async () => {
    const { destinationId } = await admin("destination.create", {
      ...{
        name: "backups",
        provider: null,
        accessKey: "id",
        secretAccessKey: "key",
        region: "",
        endpoint: "",
      },
      ...{ bucket: "acme", additionalFlags: [] },
    });
    await permit([]);
    await refuses("destination.one", { destinationId }, 401, resource("destination"));
    assert.deepEqual(await allows("backup.listBackupFiles", { destinationId, search: "/" }), []);
  });

  it("makes keys of its own user, which nobody else can delete", async () => {
    const { organizationId, role, user } = (await allows("user.get")) as Row & { user: { apiKeys: Row[] } };
    assert.equal(role, "member");
    assert.equal(user.apiKeys.length, 1);
    const metadata = { organizationId };
    const made = (await allows("user.createApiKey", {
      name: "next",
      rateLimitEnabled: false,
      metadata,
    })) as Row;
    assert.equal(made["referenceId"], userId);
    assert.deepEqual(((await ask("user.session", {}, String(made["key"]))).body as Row)["user"], {
      id: userId,
    });
    const { status } = await ask("user.deleteApiKey", { apiKeyId: made["id"] }, emulator.apiKey);
    assert.equal(status, 401);
    await allows("user.deleteApiKey", { apiKeyId: made["id"] });
  });
});

const reads =
  /\.(?:one|all|listBackupFiles|byProjectId|session|get|getBackups|services|getServiceContainersByAppName)$/;
