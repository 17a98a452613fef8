import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { coverageOf } from "../../cli/server/coverage/objects";
import { find, type Plan, planOf } from "../../cli/server/export/plan";
import { programFiles } from "../../cli/server/export/program";
import { Reader } from "../../cli/server/export/reader";
import { repositoriesOf, repositoryFiles } from "../../cli/server/export/repository";
import type { Api } from "../../provider/dokploy/endpoints";
import { DokployError } from "../../provider/dokploy/errors";
import { ServerTree } from "../../provider/dokploy/tree";
import { type Server, startServer } from "./server";

describe("the export of a server with something odd", () => {
  let server: Server;
  let project: { projectId: string };
  let environment: { environmentId: string };
  beforeEach(async () => {
    server = await startServer();
    ({ project, environment } = await server.byHand("project.create", {
      name: "Größe",
      env: "REGION=eu",
    }));
  });
  afterEach(() => server.close());

  async function read(): Promise<Plan> {
    const { emulator, context } = server;
    const reader = new Reader({ url: emulator.url, apiKey: emulator.apiKey, auth: "x-api-key" });
    try {
      const plain = { keys: new Set<string>(), unlessSecretLooking: false };
      return planOf(await find(new ServerTree(reader), { isWhole: true, context }), plain);
    } finally {
      reader.close();
    }
  }
  const programOf = (plan: Plan) => programFiles(plan, "config").get("index.ts") ?? "";

  async function application(name: string, columns: object): Promise<{ applicationId: string }> {
    const { environmentId } = environment;
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    const { applicationId } = made;
    await server.byHand("application.update", { applicationId, ...columns });
    return made;
  }
  const image = { sourceType: "docker", dockerImage: "acme/web:1" };

  it("leaves out the files of a server that Dokploy cannot reach, and says so", async () => {
    const { serverId } = await server.byHand<{ serverId: string }>("server.create", {
      name: "box",
      description: "",
      ipAddress: "192.0.2.1",
      port: 22,
      username: "root",
      sshKeyId: null,
      serverType: "deploy",
    });
    const path = "/etc/dokploy/traefik/dynamic/headers.yml";
    for (const place of [{}, { serverId }])
      await server.byHand("settings.updateTraefikFile", { path, traefikConfig: "http: {}\n", ...place });
    assert.equal((await read()).items.filter(({ kind }) => kind === "TraefikFile").length, 2);
    const body = { message: "SSH connection error", code: "INTERNAL_SERVER_ERROR" };
    server.emulator.faults.add({ endpoint: "settings.readTraefikFile", status: 500, body, times: Infinity });
    const { items, unread } = await read();
    assert.deepEqual(items.map(({ kind }) => kind).sort(), ["Project", "WebServerSettings"]);
    assert.deepEqual([...new Set(unread.map(({ kind }) => kind))], ["TraefikFile"]);
    assert.match(unread[0]?.reason ?? "", /SSH connection error/);
    const coverage = await coverageOf(new ServerTree(server.context.api), new Map());
    assert.deepEqual([...new Set(coverage.unread.map(({ kind }) => kind))], ["TraefikFile"]);
  });

  it("reads the other servers when Dokploy cannot reach one, and fails when Dokploy itself does not answer", async () => {
    const failing = (kind: "server" | "unreachable") => (serverId: string | undefined) =>
      serverId === "away"
        ? Promise.reject(
            new DokployError(kind, { kind, endpoint: "settings.readDirectories", outcome: "refused" }),
          )
        : Promise.resolve([serverId ?? "own"]);
    const api = { call: async () => [{ serverId: "box" }, { serverId: "away" }] } as unknown as Api;
    const tree = new ServerTree(api);
    assert.deepEqual(await tree.onEachServer("TraefikFile", failing("server")), ["own", "box"]);
    assert.deepEqual(tree.unread, [{ kind: "TraefikFile", reason: "server" }]);
    await assert.rejects(tree.onEachServer("TraefikFile", failing("unreachable")), /unreachable/);
  });

  for (const [reference, isOpen] of [
    ["${{project.REGION}}", false],
    ["${{project.REGOIN}}", true],
    ["${{environment.STAGE}}", true],
    ["${{OWN}}", true],
  ] as const)
    it(`${isOpen ? "allows" : "needs no setting for"} the reference ${reference}`, async () => {
      await application("web", { ...image, env: `A=${reference}` });
      const { settings } = await read();
      assert.equal(settings.get("dokploy:references"), isOpen ? "warn" : undefined);
    });

  it("has a comment about what it cannot express after what that belongs to", async () => {
    await application("never chosen", { sourceType: "github" });
    const { applicationId } = await application("web", image);
    const domain = { applicationId, domainType: "application", port: 80 };
    await server.byHand("domain.create", { ...domain, host: "GROSS.acme.dev" });
    await server.byHand("project.create", { name: "other" });
    assert.match(
      programOf(await read()),
      /new dokploy\.Project\("grosse", \{[^}]*\}[^}]*\}\);\n\n\/\/ Application never chosen \([\w-]+\) is not managed: source\.githubId is missing: no source was ever chosen.*\n\nnew dokploy\.Application\("web", \{[^}]*\}[^}]*\}\);\n\n\/\/ Domain GROSS\.acme\.dev .* is not managed: .*\n\n\/\/ Project other\n/,
    );
  });

  it("has both of two services with one name in an environment, under names of their own", async () => {
    const all = [await application("web", image), await application("web", image)];
    const plan = await read();
    const ids = plan.items.filter(({ kind }) => kind === "Application").map(({ id }) => id);
    assert.deepEqual(ids.sort(), all.map(({ applicationId }) => applicationId).sort());
    assert.deepEqual(plan.skipped, []);
    const names = [...programOf(plan).matchAll(/new dokploy\.Application\("([\w-]+)"/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(names, ["grosse-web", "grosse-web-application"]);
  });

  it("writes letters of other alphabets by their sound, and texts in the quotes that need no escapes", async () => {
    const { projectId } = project;
    await server.byHand("project.update", { projectId, description: 'the "best" shop' });
    const { applicationId } = await application("web", image);
    for (const username of ["Ümläut", "Größe"])
      await server.byHand("security.create", { applicationId, username, password: "x" });
    const program = programOf(await read());
    assert.match(program, /new dokploy\.Project\("grosse"/);
    assert.match(program, /configSecret\("web\.security-(Umlaut|Grosse)-password"\)/);
    assert.match(program, /description: 'the "best" shop'/);
  });

  it("lists the tags of a project by their names, so that a server that is made again has the same program", async () => {
    const { projectId } = project;
    const names = ["d", "a", "c", "b"];
    for (const name of names) await server.byHand("tag.create", { name, color: "#000" });
    const tags = await server.byHand<{ tagId: string }[]>("tag.all", {});
    await server.byHand("tag.bulkAssign", { projectId, tagIds: tags.map(({ tagId }) => tagId) });
    assert.match(programOf(await read()), /tagIds: \[a\.id, b\.id, c\.id, d\.id\]/);
  });

  it("leaves out an object whose key a program cannot give, and names the wrong input of another", async () => {
    const { applicationId } = await application("web", image);
    const domain = { applicationId, domainType: "application", host: "a.acme.dev", port: 80 };
    await server.byHand("domain.create", { ...domain, path: "/a b" });
    await server.byHand("mounts.create", {
      serviceId: applicationId,
      serviceType: "application",
      type: "volume",
      volumeName: "v w",
      mountPath: "/data",
    });
    const { items, skipped } = await read();
    const web = items.find(({ kind }) => kind === "Application");
    assert.deepEqual([web?.inputs["domains"], web?.inputs["mounts"]], [undefined, undefined]);
    assert.deepEqual(skipped.map(({ kind, reason }) => `${kind}: ${reason.slice(0, 30)}`).sort(), [
      "Domain: path must begin with /, and ma",
      "Mount: volumeName is not a name that ",
    ]);
  });

  it("has no empty list when every part of it is left out", async () => {
    const { environmentId } = environment;
    const composeFile = "services:\n  web:\n    image: acme/web:1\n";
    const made = await server.byHand<{ composeId: string }>("compose.create", {
      name: "stack",
      environmentId,
      composeType: "docker-compose",
      composeFile,
    });
    const { composeId } = made;
    await server.byHand("compose.update", { composeId, sourceType: "raw", composeFile });
    const domain = { composeId, domainType: "compose", serviceName: "other", host: "a.acme.dev", port: 80 };
    await server.byHand("domain.create", domain);
    const stack = (await read()).items.find(({ kind }) => kind === "Compose");
    assert.match(stack?.notes.join() ?? "", /"other" is not a service of the compose file/);
    assert.ok(stack !== undefined && !("domains" in stack.inputs));
  });

  it("has no two folders of a deployment repository that differ only in upper and lower case", async () => {
    for (const name of ["web", "WEB", "api"]) await application(name, image);
    const [repository] = repositoriesOf(await read());
    const names = repository?.services.map(({ name }) => name.toLowerCase());
    assert.deepEqual(names?.sort(), ["api", "web"]);
  });

  it("shows no secret of an application, whichever input has it", async () => {
    const { applicationId } = await application("web", {
      ...image,
      env: "API_KEY=canary-key-4711\nMODE=deploy\nDB_USER=shop_app",
      command: "serve --password=canary-command",
      args: ["--requirepass", "canary-args", "--port=80"],
      labelsSwarm: {
        "traefik.http.middlewares.auth.basicauth.users": "admin:canary-hash",
        "com.acme.mode": "key canary-key-4711",
      },
      healthCheckSwarm: { Test: ["CMD", "mysqladmin", "ping", "-pcanary-check"] },
    });
    const redirect = { applicationId, permanent: true };
    await server.byHand("redirects.create", {
      ...redirect,
      regex: "^https?://shop/(.*)",
      replacement: "https://u:canary-redirect@acme.dev/$1",
    });
    await server.byHand("redirects.create", { ...redirect, regex: "token=canary-regex", replacement: "x" });
    const plan = await read();
    const repository = repositoryFiles(plan, repositoriesOf(plan), "config", "prod");
    const files = [...repository.files.values(), programOf(plan)];
    assert.deepEqual([...plan.secrets.values.values()].filter((text) => /canary/.test(text)).sort(), [
      "-pcanary-check",
      "admin:canary-hash",
      "canary-args",
      "canary-key-4711",
      "https://u:canary-redirect@acme.dev/$1",
      "key canary-key-4711",
      "serve --password=canary-command",
    ]);
    assert.doesNotMatch(files.join("\n"), /canary/);
    assert.match(programOf(plan), /MODE: "deploy", DB_USER: "shop_app"/);
    assert.deepEqual(
      plan.skipped.map(({ kind, name, reason }) => [kind, name, reason]),
      [["Redirect", undefined, "regex holds a secret, which the name of the object would show"]],
    );
  });

  it("keeps a path with line breaks in its place in the file of a service", async () => {
    const { applicationId } = await application("web", image);
    const mountPath = "/data\nimage: evil/image:1\nx: !secret other\u001b[2K\u202e";
    await server.byHand("mounts.create", {
      serviceId: applicationId,
      serviceType: "application",
      type: "bind",
      hostPath: "/srv",
      mountPath,
    });
    await application("broken", { ...image, dockerImage: "a b\nimage: evil/image:1\u202e" });
    const plan = await read();
    const { files } = repositoryFiles(plan, repositoriesOf(plan), "config", "prod");
    for (const text of [...files.values(), programOf(plan)]) {
      assert.doesNotMatch(text, /^\s*image: evil/m);
      assert.doesNotMatch(text, /[^\P{C}\n]/u);
    }
    const app = parse(files.get("services/web/dokploy-app.yaml") ?? "");
    assert.equal(app.image, "acme/web:1");
  });

  it("has a comment in the file of a service about the objects that it lists", async () => {
    const { environmentId } = environment;
    const destination = await server.byHand<{ destinationId: string }>("destination.create", {
      name: "s3",
      provider: "AWS",
      accessKey: "a",
      secretAccessKey: "b",
      bucket: "backups",
      region: "eu",
      endpoint: "https://s3.example.com",
      additionalFlags: [],
    });
    const login = { databasePassword: "x1234567", dockerImage: "redis:8" };
    await server.byHand("redis.create", { name: "cache", environmentId, ...login });
    const [redis] = [...server.emulator.instance.tables.redis.values()];
    await server.byHand("volumeBackups.create", {
      name: "data",
      volumeName: "data",
      prefix: "x",
      serviceType: "redis",
      redisId: redis?.["redisId"],
      turnOff: true,
      cronExpression: "0 1 * * *",
      destinationId: destination.destinationId,
    });
    const plan = await read();
    const repositories = repositoriesOf(plan);
    const { files } = repositoryFiles(plan, repositories, "config", "prod");
    assert.match(
      files.get("services/cache/dokploy-app.yaml") ?? "",
      /^# volumeBackups: turnOff is for .* stays as it is\.\nkind: redis\n/,
    );
  });
});
