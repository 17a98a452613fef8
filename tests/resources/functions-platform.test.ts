import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "../../sdk";
import { messageOf, run, seen } from "./lookups";
import { makeProject, type Server, startServer } from "./server";

const missing = "PQqzqTGCVtx0St2SA3vCi";

describe("functions that list objects of the platform", () => {
  let server: Server;
  let applicationId: string;
  let composeId: string;
  let serverId: string;
  let appName: unknown;
  before(async () => {
    server = await startServer();
    serverId = server.emulator.connect("server");
    const { environmentId } = await makeProject(server);
    const web = await server.Application.create({
      environmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      deploy: { title: "first" },
    });
    applicationId = web.id;
    ({ appName } = web.outs);
    server.newRun();
    const changed = { env: { A: "1" }, deploy: { title: "second", description: "two" } };
    await server.Application.update(web.id, web.outs, {
      environmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      ...changed,
    });
    const composeFile = "services:\n  web:\n    image: acme/web:1\n";
    const source = { type: "raw", composeFile };
    ({ id: composeId } = await server.Compose.create({ environmentId, name: "stack", source, serverId }));
  });
  after(() => server.close());

  it("getDeployments: those of a service, the newest first, in one call", async () => {
    const { value, calls } = await run(server, () => dokploy.getDeployments({ applicationId }));
    assert.deepEqual(calls, ["application.one"]);
    assert.deepEqual(
      // Its own mark stands behind each title.
      value.map(({ title, status }) => ({ title: title.replace(/ \[\w+\]$/, ""), status })),
      [
        { title: "second", status: "done" },
        { title: "first", status: "done" },
      ],
    );
    const [last] = value;
    assert.ok(last && /^[\w-]{21}$/.test(last.deploymentId) && Date.parse(last.createdAt) > 0);
    assert.ok(last.startedAt !== undefined && last.finishedAt !== undefined);
    assert.match(last.description ?? "", /two/);
    assert.deepEqual(Object.keys(last).sort(), [
      ...["createdAt", "deploymentId", "description", "finishedAt", "startedAt", "status", "title"],
    ]);
    const compose = await run(server, () => seen(dokploy.getDeploymentsOutput({ composeId })));
    assert.equal(compose.value.isSecret, false);
    assert.equal((compose.value.value as readonly object[]).length, 1);
    assert.deepEqual((await run(server, () => dokploy.getDeployments({ serverId }))).value, []);
  });

  it("getDeployments: of a missing service, and without arguments", async () => {
    for (const [args, noun] of [
      [{ applicationId: missing }, "application"],
      [{ composeId: missing }, "compose service"],
      [{ serverId: missing }, "server"],
    ] as const)
      assert.equal(
        await messageOf(server, () => dokploy.getDeployments(args)),
        `getDeployments: Dokploy has no ${noun} with the id "${missing}". It was deleted, or the id is wrong: look it up in ` +
          "Dokploy.",
      );
    const wrong: (() => Promise<unknown>)[] = [
      // @ts-expect-error two at once
      () => dokploy.getDeployments({ applicationId, composeId }),
      // @ts-expect-error nothing
      () => dokploy.getDeployments({}),
      // @ts-expect-error of a database there are none
      () => dokploy.getDeployments({ postgresId: missing }),
    ];
    for (const look of wrong)
      assert.match(await messageOf(server, look), /^getDeployments takes \{ .* \}; it got /);
    assert.match(
      await messageOf(server, () => dokploy.getDeployments({ applicationId: "canary of the job" })),
      /applicationId is not an id/,
    );
  });

  it("getSwarmNodes: those of Dokploy's machine, or of a server", async () => {
    const { value, calls } = await run(server, () => dokploy.getSwarmNodes());
    assert.deepEqual(calls, ["cluster.getNodes"]);
    assert.deepEqual(
      value.map(({ nodeId: _, ...node }) => node),
      [
        {
          ...{ hostname: "emulator", address: "127.0.0.1", role: "manager", isLeader: true, labels: {} },
          ...{ availability: "active", state: "ready", architecture: "x86_64", os: "linux", cpus: 2 },
          ...{ memoryBytes: 25_276_502_016, engineVersion: "28.2.2" },
        },
      ],
    );
    const other = await run(server, () =>
      seen(dokploy.getSwarmNodesOutput({ serverId: pulumi.output(serverId) })),
    );
    assert.equal((other.value.value as typeof value)[0]?.hostname, serverId);
    const unknown = pulumi.output(pulumi.unknown as string);
    const preview = await run(server, () => seen(dokploy.getSwarmNodesOutput({ serverId: unknown })), true);
    assert.deepEqual(preview, { value: { value: "unknown", isSecret: false }, calls: [] });
    assert.match(
      await messageOf(server, () => dokploy.getSwarmNodes({ serverId: missing })),
      /^getSwarmNodes: Dokploy has no server with the id/,
    );
  });

  it("getContainers: those of each machine", async () => {
    const { value, calls } = await run(server, () => dokploy.getContainers());
    assert.deepEqual(calls, ["docker.getContainers"]);
    const names = value.map(({ name, image, state }) => [name.startsWith(`${appName}.1.`), image, state]);
    assert.ok(names.some(([isWeb, image, state]) => isWeb && image === "acme/web:1" && state === "running"));
    assert.ok(
      value.every(({ name }) => name.startsWith(String(appName))),
      "those of the other machine are its own",
    );
    const other = await run(server, () => seen(dokploy.getContainersOutput({ serverId })));
    assert.equal((other.value.value as typeof value).length, 1);
    assert.match(
      await messageOf(server, () => dokploy.getContainers({ serverId: missing })),
      /^getContainers: Dokploy has no server with the id/,
    );
  });

  it("getContainers: Docker that does not respond is reported, and not treated as none", async () => {
    server.emulator.faults.add({ endpoint: "docker.getContainers", status: 200, body: "" });
    assert.match(
      await messageOf(server, () => dokploy.getContainers()),
      /^getContainers: Dokploy could not list the containers: Docker does not answer there/,
    );
    server.emulator.faults.clear();
    server.emulator.denyPermission("docker.getContainers");
    assert.match(
      await messageOf(server, () => dokploy.getContainers()),
      /^getContainers: Dokploy docker\.getContainers .*the API key lacks the permission/,
    );
    server.emulator.allowPermission("docker.getContainers");
  });

  it("getMembers: names and roles, and nothing else", async () => {
    const added = { email: "ana@acme.example", password: "canary-password", role: "member" };
    await server.byHand("user.createUserWithCredentials", added);
    const { value, calls } = await run(server, () => dokploy.getMembers());
    assert.deepEqual(calls, ["user.all"]);
    const all = await server.byHand<{ userId: string; user: { email: string } }[]>("user.all", {});
    assert.equal(value.length, all.length);
    const userId = all.find(({ user }) => user.email === added.email)?.userId;
    assert.deepEqual(
      value.find(({ email }) => email === added.email),
      { userId, email: added.email, role: "member" },
    );
    assert.ok(value.some(({ role }) => role === "owner"));
    const later = await run(server, () => seen(dokploy.getMembersOutput()));
    assert.deepEqual(later.value, { value, isSecret: false });
    server.emulator.denyPermission("user.all");
    assert.match(
      await messageOf(server, () => dokploy.getMembers()),
      /^getMembers: Dokploy user\.all .*the API key lacks the permission/,
    );
    server.emulator.allowPermission("user.all");
  });

  it("getApiKeys: those of the user without their texts, by name", async () => {
    const { id, outs } = await server.of("ApiKey").create({ name: "ci", prefix: "ci_", expiresInDays: 30 });
    const { value, calls } = await run(server, () => dokploy.getApiKeys());
    assert.deepEqual(calls, ["user.get"]);
    assert.deepEqual(
      value.map(({ name }) => name),
      ["ci", "emulator"],
    );
    const [ci, own] = value;
    assert.ok(ci && own && Date.parse(ci.createdAt) > 0);
    const { createdAt, ...rest } = ci;
    const expiresAt = outs["expiresAt"];
    assert.deepEqual(rest, { id, name: "ci", prefix: "ci_", isEnabled: true, expiresAt });
    assert.deepEqual([own.prefix, own.expiresAt], [undefined, undefined]);
    const later = await run(server, () => seen(dokploy.getApiKeysOutput()));
    assert.deepEqual(later.value, { value, isSecret: false });
    const key = { id: "k", name: "off", prefix: null, enabled: false, expiresAt: null, createdAt };
    const body = JSON.stringify({ userId: "u", user: { apiKeys: [{ ...key, key: "canary" }] } });
    server.emulator.faults.add({ endpoint: "user.get", status: 200, body });
    const off = await run(server, () => dokploy.getApiKeys());
    assert.deepEqual(off.value, [
      { id: "k", name: "off", prefix: undefined, isEnabled: false, expiresAt: undefined, createdAt },
    ]);
    server.emulator.faults.clear();
  });

  it("getVersion: as Dokploy reports it, without the leading v", async () => {
    assert.deepEqual(await run(server, () => dokploy.getVersion()), {
      value: "0.30.2",
      calls: ["settings.getDokployVersion"],
    });
    const { value } = await run(server, () => seen(dokploy.getVersionOutput()));
    assert.deepEqual(value, { value: "0.30.2", isSecret: false });
  });
});
