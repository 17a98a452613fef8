import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

/** As Dokploy makes ids; there is nothing of this one. That each input is looked at, `every-kind.test.ts` tells. */
const NOTHING = "NothingHasThisIdAtAll";

describe("an id among the inputs", () => {
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
    server.newRun();
  });
  afterEach(() => server.close());

  const web = (more: Values = {}): Values => ({
    environmentId,
    name: "web",
    source: { type: "docker", image: "acme/web:1" },
    deploy: false,
    ...more,
  });
  const reasons = async (kind: string, inputs: Values) =>
    (await server.of(kind).check({}, withProvider(inputs))).failures.map(
      ({ property, reason }) => `${property}: ${reason}`,
    );
  const git = (sshKeyId: string) => ({
    type: "git",
    url: "git@git.example.com:acme/web.git",
    branch: "main",
    sshKeyId,
  });

  it("that names nothing is reported with all others of the resource, each once and in the same words", async () => {
    const given = { buildServerId: NOTHING, registryId: NOTHING, source: git(NOTHING) };
    assert.deepEqual((await reasons("Application", web(given))).sort(), [
      `buildServerId: Dokploy has no server ${NOTHING} (or this key cannot see it)`,
      `registryId: Dokploy has no registry ${NOTHING} (or this key cannot see it)`,
      `source.sshKeyId: Dokploy has no SSH key ${NOTHING} (or this key cannot see it)`,
    ]);
  });

  it("that a change adds is refused, and an unchanged one is not looked up", async () => {
    const buildServerId = server.emulator.connect("server");
    const inputs = web({ buildServerId });
    const { id, outs } = await server.Application.create(inputs);
    const planned = async (news: Values) => {
      server.newRun();
      await server.Application.check(outs, news);
      return await server.Application.diff(id, outs, news).catch((error: Error) => error.message);
    };
    assert.match(
      String(await planned({ ...inputs, source: git(NOTHING) })),
      /source\.sshKeyId: Dokploy has no SSH key NothingHasThisIdAtAll/,
    );
    assert.equal(typeof (await planned({ ...inputs, replicas: 2 })), "object");
    assert.ok(!server.calls().includes("server.one"));
    await planned(inputs);
    assert.deepEqual(server.calls(), []);
  });

  it("that a list contains is reported separately, and earlier ones are skipped", async () => {
    const { id: live } = await server.of("Tag").create({ name: "live" });
    server.newRun();
    const found = await reasons("Project", { name: "wiki", tagIds: [live, NOTHING] });
    assert.deepEqual(found, [`tagIds: Dokploy has no tag ${NOTHING} (or this key cannot see it)`]);

    const { id, outs } = await server.Project.create({ name: "wiki", tagIds: [live] });
    await server.byHand("tag.remove", { tagId: live });
    const { id: other } = await server.of("Tag").create({ name: "other" });
    server.newRun();
    const news = { name: "wiki", tagIds: [live, other] };
    await server.Project.check(outs, news);
    assert.equal((await server.Project.diff(id, outs, news)).changes, undefined);
  });

  it("that is not known yet, or that the program leaves out, is not asked for", async () => {
    const open = {
      serverId: runtime.unknownValue,
      registryId: runtime.unknownValue,
      source: git(runtime.unknownValue),
    };
    assert.deepEqual(await reasons("Application", web(open)), []);
    assert.deepEqual(await reasons("Application", web()), []);
    assert.ok(
      !server.calls().some((call) => /^(server|registry|sshKey)\./.test(call)),
      server.calls().join(),
    );
  });

  it("is asked for once for all resources of a run", async () => {
    const serverId = server.emulator.connect("server");
    for (const name of ["web", "api"])
      assert.deepEqual(await reasons("Application", web({ name, serverId })), []);
    assert.equal(server.calls().filter((call) => call === "server.one").length, 1);
  });

  for (const [status, message, code] of [
    [403, "You don't have access to this server.", "FORBIDDEN"],
    [401, "Permission denied", "UNAUTHORIZED"],
    [401, "UNAUTHORIZED", "UNAUTHORIZED"],
    [404, "Not found", "NOT_FOUND"],
  ] as const) {
    it(`stops nothing if the key, or the server, has no such lookup (${status} ${message})`, async () => {
      const body = { message, code };
      server.emulator.faults.add({ endpoint: "server.one", times: 9, status, body });
      assert.deepEqual(await reasons("Application", web({ serverId: NOTHING })), []);
    });
  }

  it("of an organization is refused if the user of the key is no member of it", async () => {
    assert.deepEqual(await reasons("ApiKey", { name: "ci", organizationId: NOTHING }), [
      `organizationId: Dokploy has no organization ${NOTHING} (or this key cannot see it)`,
    ]);
  });

  it("ends a plan if Dokploy fails during the lookup", async () => {
    server.emulator.faults.add({
      endpoint: "server.one",
      times: 9,
      status: 500,
      body: { message: "broken" },
    });
    const [found = ""] = await reasons("Application", web({ serverId: NOTHING }));
    assert.match(found, /^: There are changes, but a request to Dokploy failed, .*server\.one/);
  });
});
