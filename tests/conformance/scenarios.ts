import * as assert from "node:assert/strict";
import { type Answer, type Dokploy, send } from "./http";

/** A server under test, and a project on it that the scenarios may fill. */
export interface Target {
  readonly server: Dokploy;
  readonly projectId: string;
  /** The project's default environment. */
  readonly environmentId: string;
}

/** Something that a Dokploy server does, whichever one it is. */
export interface Scenario {
  readonly name: string;
  /** The server's Docker has to pull an image for it. */
  readonly pulls?: true;
  /** What a real server has to reach for it beyond itself, and a test server cannot. */
  readonly reaches?: string;
  run(target: Target): Promise<void>;
}

type Row = Record<string, unknown>;

/** A small image with a server that keeps running. */
const image = "traefik/whoami:v1.10.3";
const composeFile = `services:\n  web:\n    image: ${image}\n    env_file: .env\n`;

function scenario(name: string, run: (target: Target) => Promise<void>): Scenario {
  return { name, run };
}

function pulling(name: string, run: (target: Target) => Promise<void>): Scenario {
  return { name, pulls: true, run };
}

function row(answer: Answer, status = 200): Row {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body as Row;
}

function list(answer: Answer): Row[] {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.ok(Array.isArray(answer.body));
  return answer.body as Row[];
}

function refused(answer: Answer, status: number, message: string): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal((answer.body as Row)["message"], message);
}

function invalid(answer: Answer, field: string, message: string): void {
  refused(answer, 400, "Input validation failed");
  const { data, issues } = answer.body as {
    data: { zodError: { fieldErrors: Record<string, string[]> } };
    issues: { path: unknown[]; message: string }[];
  };
  assert.deepEqual(data.zodError.fieldErrors[field], [message]);
  assert.ok(issues.some((issue) => issue.path[0] === field && issue.message === message));
}

async function newApplication({ server, environmentId }: Target, settings: Row = {}): Promise<string> {
  const created = row(await server.post("application.create", { name: "app", environmentId }));
  const applicationId = String(created["applicationId"]);
  if (Object.keys(settings).length > 0)
    row(await server.post("application.update", { applicationId, ...settings }));
  return applicationId;
}

async function newCompose({ server, environmentId }: Target, settings: Row = {}): Promise<string> {
  const created = row(await server.post("compose.create", { name: "stack", environmentId }));
  const composeId = String(created["composeId"]);
  row(await server.post("compose.update", { composeId, sourceType: "raw", composeFile, ...settings }));
  return composeId;
}

/** What each kind of database needs beside a name. */
const databases: Readonly<Record<string, Row>> = {
  postgres: { databaseName: "db", databaseUser: "u", databasePassword: "Passw0rd" },
  mysql: { databaseName: "db", databaseUser: "u", databasePassword: "Passw0rd" },
  mariadb: { databaseName: "db", databaseUser: "u", databasePassword: "Passw0rd" },
  mongo: { databaseUser: "u", databasePassword: "Passw0rd" },
  redis: { databasePassword: "Passw0rd" },
};

async function newDatabase(
  { server, environmentId }: Target,
  kind: string,
  settings: Row = {},
): Promise<{ key: string; id: string; created: Row }> {
  const input = { name: "db", environmentId, dockerImage: image, ...databases[kind], ...settings };
  const created = row(await server.post(`${kind}.create`, input));
  return { key: `${kind}Id`, id: String(created[`${kind}Id`]), created };
}

const lists = {
  application: { endpoint: "deployment.all", id: "applicationId" },
  compose: { endpoint: "deployment.allByCompose", id: "composeId" },
};

/** Deploys, waits for the end, and returns the record. */
async function deploy(target: Target, kind: keyof typeof lists, id: string, input: Row = {}): Promise<Row> {
  const { server } = target;
  const answer = await server.post(`${kind}.deploy`, { [lists[kind].id]: id, ...input });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  await server.idle();
  const [record] = list(await server.get(lists[kind].endpoint, { [lists[kind].id]: id }));
  assert.ok(record, "a deployment leaves a record");
  return record;
}

async function logOf({ server }: Target, record: Row, tail = 1000): Promise<string> {
  const answer = await server.get("deployment.readLogs", { deploymentId: record["deploymentId"], tail });
  assert.equal(answer.status, 200);
  return String(answer.body);
}

const docker = { sourceType: "docker", dockerImage: image };

export const scenarios: readonly Scenario[] = [
  scenario("health needs no key, everything else does", async ({ server }) => {
    const get = (path: string) => send(server.url, { method: "GET", path, headers: {}, body: undefined });
    assert.deepEqual((await get("/api/health")).body, { ok: true });
    const anonymous = await get("/api/project.all");
    assert.equal(anonymous.status, 401);
    assert.deepEqual(anonymous.body, { message: "Unauthorized" });
  }),

  scenario("a key in the Authorization header is not accepted", async ({ server }) => {
    const headers = { authorization: `Bearer ${server.apiKey}` };
    const answer = await send(server.url, {
      method: "GET",
      path: "/api/project.all",
      headers,
      body: undefined,
    });
    assert.equal(answer.status, 401);
  }),

  scenario("session, user, organization and version agree", async ({ server }) => {
    const session = row(await server.get("user.session")) as { session: Row; user: Row };
    const user = row(await server.get("user.get"));
    const organization = row(await server.get("organization.active"));
    assert.equal(session.session["activeOrganizationId"], organization["id"]);
    assert.equal(user["userId"], session.user["id"]);
    assert.match(String((await server.get("settings.getDokployVersion")).body), /^v\d+\.\d+\.\d+/);
  }),

  scenario("a wrong method and an unknown procedure are both not found", async ({ server }) => {
    refused(await server.get("project.create", { name: "x" }), 404, "Not found");
    refused(await server.post("project.all", {}), 404, "Not found");
    refused(await server.get("project.nosuch"), 404, "Not found");
  }),

  scenario("a POST without a JSON content type is refused", async ({ server }) => {
    const headers = { "x-api-key": server.apiKey };
    const answer = await send(server.url, {
      method: "POST",
      path: "/api/project.create",
      headers,
      body: '{"name":"x"}',
    });
    refused(answer, 415, "Missing content-type header");
  }),

  scenario("a body that is no JSON, or over 1 MB, is refused in plain text", async ({ server }) => {
    const headers = { "x-api-key": server.apiKey, "content-type": "application/json" };
    const post = (body: string) =>
      send(server.url, { method: "POST", path: "/api/project.create", headers, body });
    const broken = await post('{"name":');
    assert.deepEqual([broken.status, broken.body], [400, "Invalid JSON"]);
    const big = await post(JSON.stringify({ name: "x".repeat(1_100_000) }));
    assert.deepEqual([big.status, big.body], [413, "Body exceeded 1mb limit"]);
  }),

  scenario("a missing, wrong or empty field is named with its reason", async ({ server }) => {
    const missing = "Invalid input: expected string, received undefined";
    invalid(await server.post("project.create", {}), "name", missing);
    invalid(
      await server.post("project.create", { name: 5 }),
      "name",
      "Invalid input: expected string, received number",
    );
    invalid(
      await server.post("project.create", { name: "" }),
      "name",
      "Too small: expected string to have >=1 characters",
    );
    invalid(await server.get("project.one", { projectId: "" }), "projectId", missing);
  }),

  scenario("names of procedures are matched without regard to case", async ({ server, projectId }) => {
    assert.equal(row(await server.get("PROJECT.One", { projectId }))["projectId"], projectId);
  }),

  scenario("several reads in one request give what each gives alone, errors too", async (target) => {
    const { server, projectId } = target;
    const applicationId = await newApplication(target);
    const reads: [string, Row][] = [
      ["application.one", { applicationId }],
      ["project.one", { projectId }],
      ["destination.all", {}],
      ["application.one", { applicationId: "nosuch" }],
      ["port.one", { portId: "nosuch" }],
      ["project.one", {}],
    ];
    const together = async (some: typeof reads, apiKey: string) => {
      const inputs = Object.fromEntries(some.map(([, input], index) => [index, { json: input }]));
      const query = new URLSearchParams({ batch: "1", input: JSON.stringify(inputs) });
      const path = `/api/trpc/${some.map(([endpoint]) => endpoint).join(",")}?${query}`;
      return await send(server.url, {
        method: "GET",
        path,
        headers: { "x-api-key": apiKey },
        body: undefined,
      });
    };
    const { status, body } = await together(reads, server.apiKey);
    assert.equal(status, 207);
    const elements = body as { result?: { data: Row }; error?: { json: Row } }[];
    for (const [index, [endpoint, input]] of reads.entries()) {
      const alone = await server.get(endpoint, input);
      const { result, error } = elements[index] ?? {};
      if (alone.status === 200) assert.deepEqual(result?.data["json"], alone.body);
      else assert.deepEqual(error?.json["data"], (alone.body as Row)["data"]);
    }
    assert.equal((await together(reads.slice(0, 2), server.apiKey)).status, 200);
    assert.equal((await together(reads.slice(3, 4), server.apiKey)).status, 404);
    const refusedKey = await together(reads.slice(0, 2), "wrong");
    assert.equal(refusedKey.status, 401);
    assert.deepEqual(
      (refusedKey.body as { error: { json: Row } }[]).map(({ error }) => [
        error.json["message"],
        error.json["code"],
      ]),
      Array(2).fill(["UNAUTHORIZED", -32001]),
    );
  }),

  scenario("a project is born with a production environment", async ({ server }) => {
    const created = row(await server.post("project.create", { name: "born", env: "A=1" })) as Record<
      string,
      Row
    >;
    const { project = {}, environment = {} } = created;
    try {
      assert.deepEqual(
        [environment["name"], environment["isDefault"], environment["env"]],
        ["production", true, ""],
      );
      const one = row(await server.get("project.one", { projectId: project["projectId"] }));
      assert.equal(one["env"], "A=1");
      assert.equal((one["environments"] as Row[]).length, 1);
    } finally {
      row(await server.post("project.remove", { projectId: project["projectId"] }));
    }
    refused(await server.get("project.one", { projectId: project["projectId"] }), 404, "Project not found");
  }),

  scenario("a project's update is partial, and drops unknown keys", async ({ server }) => {
    const created = row(await server.post("project.create", { name: "partial", description: "d" })) as Record<
      string,
      Row
    >;
    const projectId = created["project"]?.["projectId"];
    try {
      const updated = row(await server.post("project.update", { projectId, env: "B=2\r\n", nosuch: 1 }));
      assert.deepEqual(
        [updated["name"], updated["description"], updated["env"]],
        ["partial", "d", "B=2\r\n"],
      );
      assert.ok(!("nosuch" in updated));
      assert.equal(row(await server.post("project.update", { projectId }))["env"], "B=2\r\n");
      assert.equal(
        row(await server.post("project.update", { projectId, description: null }))["description"],
        null,
      );
    } finally {
      await server.post("project.remove", { projectId });
    }
  }),

  scenario("project.search finds parts of names", async ({ server, projectId }) => {
    const { name } = row(await server.get("project.one", { projectId }));
    const found = row(await server.get("project.search", { name: String(name).slice(2), limit: 100 }));
    assert.ok((found["items"] as Row[]).some((item) => item["projectId"] === projectId));
  }),

  scenario("an environment takes its variables in a second call", async ({ server, projectId }) => {
    const created = row(await server.post("environment.create", { projectId, name: "staging", env: "A=1" }));
    const { environmentId } = created;
    assert.equal(created["env"], "");
    assert.equal(row(await server.post("environment.update", { environmentId, env: "A=1" }))["env"], "A=1");
    assert.equal(row(await server.get("environment.one", { environmentId }))["env"], "A=1");
    row(await server.post("environment.remove", { environmentId }));
    refused(await server.get("environment.one", { environmentId }), 404, "Environment not found");
  }),

  scenario(
    "the default environment keeps its name and stays",
    async ({ server, projectId, environmentId }) => {
      refused(
        await server.post("environment.create", { projectId, name: "production" }),
        400,
        "You cannot create a environment with the name 'production'",
      );
      refused(
        await server.post("environment.update", { environmentId, name: "other" }),
        400,
        "Error updating the environment: You cannot rename the default environment",
      );
      refused(
        await server.post("environment.remove", { environmentId }),
        400,
        "You cannot delete the default environment",
      );
    },
  ),

  scenario("an environment with services in it is not removed", async (target) => {
    const { server, projectId } = target;
    const { environmentId } = row(await server.post("environment.create", { projectId, name: "full" }));
    const applicationId = await newApplication({ ...target, environmentId: String(environmentId) });
    refused(
      await server.post("environment.remove", { environmentId }),
      400,
      "Cannot delete environment: it has active services. Delete all services first.",
    );
    row(await server.post("application.delete", { applicationId }));
    row(await server.post("environment.remove", { environmentId }));
  }),

  scenario("not found: each call in its own way", async ({ server }) => {
    for (const [endpoint, key, what] of [
      ["project.one", "projectId", "Project"],
      ["environment.one", "environmentId", "Environment"],
      ["application.one", "applicationId", "Application"],
      ["compose.one", "composeId", "Compose"],
    ] as const)
      refused(await server.get(endpoint, { [key]: "nope" }), 404, `${what} not found`);
    refused(await server.post("project.update", { projectId: "nope", name: "x" }), 404, "Project not found");
    refused(
      await server.post("application.update", { applicationId: "nope", name: "x" }),
      400,
      "Error updating application",
    );
    refused(
      await server.post("environment.update", { environmentId: "nope", name: "x" }),
      400,
      "Error updating the environment: Environment not found",
    );
    refused(await server.post("application.deploy", { applicationId: "nope" }), 404, "Application not found");
    const update = await server.post("compose.update", { composeId: "nope", name: "x" });
    assert.deepEqual([update.status, update.bodyKind], [200, "empty"]);
    assert.deepEqual((await server.get("environment.byProjectId", { projectId: "nope" })).body, []);
    assert.deepEqual((await server.get("deployment.all", { applicationId: "nope" })).body, []);
  }),

  scenario(
    "an appName is lower case and gets a suffix, and never changes",
    async ({ server, environmentId }) => {
      const created = row(
        await server.post("application.create", { name: "a", environmentId, appName: "My.App" }),
      );
      assert.match(String(created["appName"]), /^my\.app-[a-z0-9]{6}$/);
      const { applicationId } = created;
      refused(
        await server.post("application.update", { applicationId, appName: "other" }),
        500,
        "No values to set",
      );
      const generated = row(await server.post("compose.create", { name: "a", environmentId }));
      assert.match(String(generated["appName"]), /^compose-[a-z-]+-[a-z0-9]{6}$/);
    },
  ),

  scenario("application.update is partial: left out stays, null clears", async (target) => {
    const applicationId = await newApplication(target, { description: "d", memoryLimit: "1024", env: "A=1" });
    row(await target.server.post("application.update", { applicationId, memoryLimit: null }));
    const one = row(await target.server.get("application.one", { applicationId }));
    assert.deepEqual([one["description"], one["memoryLimit"], one["env"]], ["d", null, "A=1"]);
  }),

  scenario("numbers and booleans are coerced in bodies", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    const stored = async (input: Row, field: string) => {
      row(await server.post("application.update", { applicationId, ...input }));
      return row(await server.get("application.one", { applicationId }))[field];
    };
    assert.equal(await stored({ replicas: "3" }, "replicas"), 3);
    assert.equal(await stored({ replicas: null }, "replicas"), 0);
    assert.equal(await stored({ cleanCache: "false" }, "cleanCache"), true);
    assert.equal(await stored({ createEnvFile: null }, "createEnvFile"), false);
    assert.equal(await stored({ autoDeploy: null }, "autoDeploy"), null);
    const answer = await server.post("application.update", { applicationId, replicas: "two" });
    invalid(answer, "replicas", "Invalid input: expected number, received NaN");
  }),

  scenario("an integer column refuses a fraction with a database error", async (target) => {
    const applicationId = await newApplication(target);
    const answer = await target.server.post("application.update", { applicationId, replicas: 2.5 });
    assert.equal(answer.status, 500);
    assert.match(
      String((answer.body as Row)["message"]),
      /^Failed query: update "application" set "replicas" = \$1 /,
    );
  }),

  scenario("saveEnvironment needs all its fields, and keeps the text byte for byte", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    const answer = await server.post("application.saveEnvironment", { applicationId, env: "A=1" });
    invalid(answer, "buildArgs", "Invalid input: expected nonoptional, received undefined");
    const env = "# note\r\nA=1\n\n  B = ' x '\nC=žluť 🚀\n\n";
    const given = { applicationId, env, buildArgs: null, buildSecrets: "", createEnvFile: true };
    assert.equal((await server.post("application.saveEnvironment", given)).body, true);
    const one = row(await server.get("application.one", { applicationId }));
    assert.deepEqual([one["env"], one["buildArgs"], one["buildSecrets"]], [env, null, ""]);
  }),

  scenario("saving a source sets the source type", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    assert.equal(row(await server.get("application.one", { applicationId }))["sourceType"], "github");
    const provider = { dockerImage: image, username: null, password: null, registryUrl: null };
    assert.equal(
      (await server.post("application.saveDockerProvider", { applicationId, ...provider })).body,
      true,
    );
    assert.equal(row(await server.get("application.one", { applicationId }))["sourceType"], "docker");
    const git = { customGitUrl: "https://example.test/a.git", customGitBuildPath: "/", watchPaths: [] };
    row(await server.post("application.saveGitProvider", { applicationId, customGitBranch: "main", ...git }));
    assert.equal(row(await server.get("application.one", { applicationId }))["sourceType"], "git");
    const bad = await server.post("application.saveGitProvider", {
      applicationId,
      customGitBranch: "a;b",
      ...git,
    });
    invalid(bad, "customGitBranch", "Invalid branch name");
  }),

  scenario("a service moves to another environment", async (target) => {
    const { server, projectId } = target;
    const { environmentId } = row(await server.post("environment.create", { projectId, name: "target" }));
    const applicationId = await newApplication(target);
    const composeId = await newCompose(target);
    const to = { targetEnvironmentId: environmentId };
    assert.equal(
      row(await server.post("application.move", { applicationId, ...to }))["environmentId"],
      environmentId,
    );
    assert.equal(
      row(await server.post("compose.move", { composeId, ...to }))["environmentId"],
      environmentId,
    );
    const one = row(await server.get("environment.one", { environmentId }));
    assert.deepEqual([(one["applications"] as Row[]).length, (one["compose"] as Row[]).length], [1, 1]);
  }),

  scenario("lists of a project's environments name the services", async (target) => {
    const { server, projectId } = target;
    const applicationId = await newApplication(target);
    const environments = list(await server.get("environment.byProjectId", { projectId }));
    const entry = environments
      .flatMap((environment) => environment["applications"] as Row[])
      .find((service) => service["applicationId"] === applicationId);
    assert.match(String(entry?.["appName"]), /^app-/);
    const all = list(await server.get("overview.services"));
    assert.equal(all.find((service) => service["id"] === applicationId)?.["projectId"], projectId);
  }),

  scenario("compose.update answers with the row; an id alone changes nothing", async (target) => {
    const composeId = await newCompose(target, { env: "A=1\n" });
    const answer = row(await target.server.post("compose.update", { composeId }));
    assert.deepEqual(
      [answer["env"], answer["composeFile"], answer["sourceType"]],
      ["A=1\n", composeFile, "raw"],
    );
    assert.equal((await target.server.post("compose.saveEnvironment", { composeId, env: null })).body, true);
    assert.equal(row(await target.server.get("compose.one", { composeId }))["env"], null);
  }),

  scenario("a deleted service is gone for every call", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    const composeId = await newCompose(target);
    assert.equal(
      row(await server.post("application.delete", { applicationId }))["applicationId"],
      applicationId,
    );
    refused(await server.post("application.delete", { applicationId }), 404, "Application not found");
    // deleteVolumes left out counts as false.
    assert.equal(row(await server.post("compose.delete", { composeId }))["composeId"], composeId);
    refused(
      await server.post("compose.delete", { composeId, deleteVolumes: false }),
      404,
      "Compose not found",
    );
    assert.deepEqual((await server.get("deployment.all", { applicationId })).body, []);
  }),

  scenario("a deployment without a source ends in error, and its log says why", async (target) => {
    const applicationId = await newApplication(target);
    const record = await deploy(target, "application", applicationId);
    assert.deepEqual(
      [record["status"], record["title"], record["errorMessage"]],
      ["error", "Manual deployment", null],
    );
    assert.ok(record["finishedAt"]);
    assert.match(
      await logOf(target, record),
      /Github Provider not found\n\nError occurred ❌, check the logs for details.\n$/,
    );
    const one = row(await target.server.get("application.one", { applicationId }));
    assert.equal(one["applicationStatus"], "error");
  }),

  scenario("an image name that is none fails the pull", async (target) => {
    const applicationId = await newApplication(target, { sourceType: "docker", dockerImage: "UPPER/Case:1" });
    const record = await deploy(target, "application", applicationId, { title: "mine", description: "text" });
    assert.deepEqual([record["status"], record["title"], record["description"]], ["error", "mine", "text"]);
    assert.match(
      await logOf(target, record),
      /repository name \(Case\) must be lowercase\n❌ Pulling image failed\n/,
    );
  }),

  scenario("readLogs gives the last lines", async (target) => {
    const applicationId = await newApplication(target);
    const record = await deploy(target, "application", applicationId);
    assert.equal(await logOf(target, record, 1), "Error occurred ❌, check the logs for details.\n");
    refused(
      await target.server.get("deployment.readLogs", { deploymentId: "nope" }),
      404,
      "Deployment not found",
    );
  }),

  scenario("a missing reference fails a compose deployment", async (target) => {
    for (const [reference, message] of [
      ["project.NOPE", "Invalid project environment variable: project.NOPE"],
      ["environment.NOPE", "Invalid environment variable: environment.NOPE"],
      ["NOPE", "Invalid service environment variable: NOPE"],
    ]) {
      const composeId = await newCompose(target, { env: `A=\${{${reference}}}` });
      const record = await deploy(target, "compose", composeId);
      assert.equal(record["status"], "error");
      assert.ok((await logOf(target, record)).includes(`\n${message}\nError occurred ❌`), message);
    }
  }),

  scenario("a compose file that is no YAML, or empty, fails the deployment", async (target) => {
    const composeId = await newCompose(target, { composeFile: "services: [\n" });
    assert.match(
      await logOf(target, await deploy(target, "compose", composeId)),
      /❌ Has occurred an error: Flow sequence/,
    );
    row(await target.server.post("compose.update", { composeId, composeFile: "" }));
    assert.match(
      await logOf(target, await deploy(target, "compose", composeId)),
      /❌ Error: Compose file not found/,
    );
    assert.equal(list(await target.server.get("deployment.allByCompose", { composeId })).length, 2);
  }),

  scenario("eleven records are kept, newest first", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    for (let index = 1; index <= 13; index += 1)
      assert.equal(
        (await server.post("application.deploy", { applicationId, title: `t${index}` })).status,
        200,
      );
    await server.idle();
    const records = list(await server.get("deployment.all", { applicationId }));
    assert.deepEqual(
      records.map((record) => record["title"]),
      Array.from({ length: 11 }, (_, index) => `t${13 - index}`),
    );
  }),

  scenario("deploy answers: empty for applications, a message for compose", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    const composeId = await newCompose(target, { composeFile: "" });
    const application = await server.post("application.deploy", { applicationId });
    assert.deepEqual([application.status, application.bodyKind], [200, "empty"]);
    assert.deepEqual(row(await server.post("compose.deploy", { composeId })), {
      success: true,
      message: "Deployment queued",
      composeId,
    });
    assert.equal(row(await server.post("compose.redeploy", { composeId }))["message"], "Redeployment queued");
    await server.idle();
  }),

  scenario("a deployment cannot be cancelled on a server of one's own", async (target) => {
    const applicationId = await newApplication(target);
    refused(
      await target.server.post("application.cancelDeployment", { applicationId }),
      400,
      "Deployment cancellation only available in cloud version",
    );
  }),

  scenario("never deployed: start fails, stop succeeds, container logs fail", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target);
    const { appName } = row(await server.get("application.one", { applicationId }));
    const start = await server.post("application.start", { applicationId });
    assert.equal(start.status, 500);
    assert.match(String((start.body as Row)["message"]), /service .* not found/);
    row(await server.post("application.stop", { applicationId }));
    refused(
      await server.get("application.readLogs", { applicationId }),
      500,
      `No container or service found for: ${appName}`,
    );
    assert.deepEqual((await server.get("docker.getServiceContainersByAppName", { appName })).body, []);
  }),

  pulling("an application runs after its deployment, with its variables", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target, {
      ...docker,
      env: `A=1\nB="two words"\nC=$${"{{A}}"}`,
    });
    const record = await deploy(target, "application", applicationId, { title: "first" });
    assert.deepEqual([record["status"], record["title"]], ["done", "first"]);
    assert.match(await logOf(target, record), /✅ Pulling image completed.\n$/);
    const { appName, applicationStatus } = row(await server.get("application.one", { applicationId }));
    assert.equal(applicationStatus, "done");
    const env = await containerEnv(target, String(appName));
    for (const entry of ["A=1", "B=two words", "C=1"]) assert.ok(env.includes(entry), entry);
    row(await server.post("application.delete", { applicationId }));
  }),

  pulling("a template in an application's variables fails the deployment", async (target) => {
    const applicationId = await newApplication(target, { ...docker, env: "A=Hello {{name}}" });
    const record = await deploy(target, "application", applicationId);
    assert.equal(record["status"], "error");
    assert.ok(
      (await logOf(target, record)).includes(
        'expanding env failed: expanding env "A=Hello {{name}}": template: expansion:1: function "name" not defined',
      ),
    );
    row(await target.server.post("application.delete", { applicationId }));
  }),

  pulling("saved variables arrive with a reload, without a record", async (target) => {
    const { server } = target;
    const applicationId = await newApplication(target, { ...docker, env: "A=1" });
    await deploy(target, "application", applicationId);
    row(await server.post("application.update", { applicationId, env: "A=2" }));
    const { appName } = row(await server.get("application.one", { applicationId }));
    assert.equal((await server.post("application.reload", { applicationId, appName })).body, true);
    const env = await containerEnv(target, String(appName), "A=2");
    assert.ok(env.includes("A=2"));
    assert.equal(list(await server.get("deployment.all", { applicationId })).length, 1);
    row(await server.post("application.update", { applicationId, env: `A=$${"{{NOPE}}"}` }));
    refused(
      await server.post("application.reload", { applicationId, appName }),
      500,
      "Error reloading application",
    );
    row(await server.post("application.delete", { applicationId }));
  }),

  pulling(
    "stop makes a service idle, start makes it done, and both answer the row before",
    async (target) => {
      const { server } = target;
      const applicationId = await newApplication(target, docker);
      await deploy(target, "application", applicationId);
      assert.equal(
        row(await server.post("application.stop", { applicationId }))["applicationStatus"],
        "done",
      );
      assert.equal(row(await server.get("application.one", { applicationId }))["applicationStatus"], "idle");
      assert.equal(
        row(await server.post("application.start", { applicationId }))["applicationStatus"],
        "idle",
      );
      assert.equal(row(await server.get("application.one", { applicationId }))["applicationStatus"], "done");
      row(await server.post("application.delete", { applicationId }));
    },
  ),

  pulling("a compose service runs after its deployment, with its .env", async (target) => {
    const { server } = target;
    const composeId = await newCompose(target, { env: "A=1\nB='x # y'" });
    const record = await deploy(target, "compose", composeId);
    assert.equal(record["status"], "done", await logOf(target, record));
    assert.match(await logOf(target, record), /Docker Compose Deployed: ✅\n$/);
    const { appName } = row(await server.get("compose.one", { composeId }));
    const env = await containerEnv(target, String(appName));
    for (const entry of ["A=1", "B=x # y"]) assert.ok(env.includes(entry), entry);
    row(await server.post("compose.delete", { composeId, deleteVolumes: true }));
  }),

  ...Object.keys(databases).flatMap((kind) => [
    scenario(
      `${kind}: made idle with a volume for its data, read, changed in part, removed`,
      async (target) => {
        const { server } = target;
        const { key, id, created } = await newDatabase(target, kind, { appName: "Orders.DB" });
        assert.match(String(created["appName"]), /^orders\.db-[a-z0-9]{6}$/);
        assert.deepEqual([created["applicationStatus"], created["env"]], ["idle", null]);
        assert.equal((await server.post(`${kind}.update`, { [key]: id, description: "d" })).body, true);
        const one = row(await server.get(`${kind}.one`, { [key]: id })) as Row & {
          mounts: Row[];
          environment: { project: Row };
        };
        assert.deepEqual([one["name"], one["description"], one["dockerImage"]], ["db", "d", image]);
        assert.deepEqual(
          one.mounts.map(({ type, volumeName }) => [type, volumeName]),
          [["volume", `${created["appName"]}-data`]],
        );
        assert.equal(one.environment.project["projectId"], target.projectId);
        const shown = row(await server.get("environment.one", { environmentId: target.environmentId }));
        assert.ok((shown[kind] as Row[]).some((entry) => entry[key] === id));
        assert.equal(row(await server.post(`${kind}.remove`, { [key]: id }))[key], id);
        assert.equal((await server.get(`${kind}.one`, { [key]: id })).status, 404);
      },
    ),

    scenario(`${kind}.saveEnvironment keeps the text byte for byte, and needs it`, async (target) => {
      const { server } = target;
      const { key, id } = await newDatabase(target, kind);
      const env = "# c\nTZ=UTC\r\n\n";
      assert.equal((await server.post(`${kind}.saveEnvironment`, { [key]: id, env })).body, true);
      assert.equal(row(await server.get(`${kind}.one`, { [key]: id }))["env"], env);
      assert.equal((await server.post(`${kind}.saveEnvironment`, { [key]: id })).status, 400);
    }),

    scenario(`${kind}.deploy fails in its answer, and the status says so`, async (target) => {
      const { server } = target;
      const { key, id } = await newDatabase(target, kind);
      const env = "A=${{project.NOT_THERE}}";
      row(await server.post("project.update", { projectId: target.projectId, env: "" }));
      await server.post(`${kind}.saveEnvironment`, { [key]: id, env });
      // The image comes first, so what fails without one differs from server to server.
      const answer = await server.post(`${kind}.deploy`, { [key]: id });
      assert.equal(answer.status, 500);
      assert.match(String((answer.body as Row)["message"]), new RegExp(`^Error on deploy ${kind}Error: `));
      assert.equal(row(await server.get(`${kind}.one`, { [key]: id }))["applicationStatus"], "error");
    }),

    pulling(`${kind}: a deployment is done when it is answered, and a stop sets it idle`, async (target) => {
      const { server } = target;
      const { key, id } = await newDatabase(target, kind);
      const statusIn = (answer: Answer) => row(answer)["applicationStatus"];
      // All three answer with the row as it was before.
      assert.equal(statusIn(await server.post(`${kind}.deploy`, { [key]: id })), "idle");
      assert.equal(statusIn(await server.post(`${kind}.stop`, { [key]: id })), "done");
      assert.equal(statusIn(await server.post(`${kind}.start`, { [key]: id })), "idle");
      assert.equal(statusIn(await server.get(`${kind}.one`, { [key]: id })), "done");
      const tasks = await server.get("docker.getServiceContainersByAppName", {
        appName: row(await server.get(`${kind}.one`, { [key]: id }))["appName"],
      });
      assert.ok(list(tasks).some(({ state }) => state === "running"));
    }),
  ]),

  scenario("databases that are not there are each missed in their own way", async ({ server }) => {
    for (const [kind, word, updating] of [
      ["postgres", "Postgres", "Error updating Postgres"],
      ["mysql", "MySql", "Update: Error updating MySQL"],
      ["mariadb", "Mariadb", "Update: Error updating Mariadb"],
      ["mongo", "Mongo", "Update: Error updating Mongo"],
      ["redis", "Redis", "Error updating Redis"],
    ] as const) {
      const nope = { [`${kind}Id`]: "nope" };
      refused(await server.get(`${kind}.one`, nope), 404, `${word} not found`);
      refused(await server.post(`${kind}.remove`, nope), 404, `${word} not found`);
      refused(await server.post(`${kind}.update`, { ...nope, name: "x" }), 400, updating);
      const saved = await server.post(`${kind}.saveEnvironment`, { ...nope, env: "A=1" });
      refused(saved, 400, "Error adding environment variables");
    }
  }),

  scenario("an empty password of a database is made up by the server", async (target) => {
    const { created } = await newDatabase(target, "postgres", { databasePassword: "" });
    assert.match(String(created["databasePassword"]), /^[a-z0-9]{16}$/);
  }),
];

/** The variables of the service's running container; waits until they hold `expected`, as Swarm takes its time. */
async function containerEnv({ server }: Target, appName: string, expected = ""): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    for (const container of list(await server.get("docker.getContainersByAppNameMatch", { appName }))) {
      if (container["state"] !== "running") continue;
      const config = row(await server.get("docker.getConfig", { containerId: container["containerId"] }));
      const env = (config["Config"] as { Env: string[] }).Env;
      if (expected === "" || env.includes(expected)) return env;
    }
    assert.ok(attempt < 100, `no container of ${appName} came up`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
