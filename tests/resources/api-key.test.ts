import * as assert from "node:assert/strict";
import { secret } from "../../provider/pulumi/secret";
import { parseStack } from "../../provider/pulumi/stack-state";
import { isGone, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

describe("API keys", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const keys = () => server.of("ApiKey");
  const listed = async () => {
    const url = `${server.emulator.url}/api/user.get`;
    const answer = await fetch(url, { headers: { "x-api-key": server.emulator.apiKey } });
    const { user } = (await answer.json()) as { user: { apiKeys: Values[] } };
    return user.apiKeys.filter(({ name }) => name !== "emulator");
  };
  const textOf = ({ key }: Values) => (key as { value: string }).value;

  it("are created without a limit, shown once as a secret, read back without a difference, and deleted", async () => {
    const { id, outs } = await keys().create({ name: "ci", prefix: "ci_" });
    const key = textOf(outs);
    assert.match(key, /^ci_\w{20}/);
    assert.deepEqual(outs["key"], secret(key));
    const works = () => fetch(`${server.emulator.url}/api/project.all`, { headers: { "x-api-key": key } });
    for (let request = 0; request < 8; request++) assert.equal((await works()).status, 200);

    server.newRun();
    // Pulumi takes the marks off before it calls.
    const state = { ...outs, key };
    const { props, inputs } = await keys().read(id, state);
    assert.deepEqual([inputs, props], [{ name: "ci", prefix: "ci_" }, outs]);
    assert.equal((await keys().diff(id, state, { name: "ci", prefix: "ci_" })).changes, false);
    await keys().delete(id, state);
    assert.deepEqual(await listed(), []);
    assert.equal((await works()).status, 401);
    await keys().delete(id, state);
    server.newRun();
    assert.ok(isGone(await keys().read(id, state)));
  });

  it("count a request as often as Dokploy does, and expire on time", async () => {
    const rateLimit = { requests: 2, windowSeconds: 60 };
    const { outs } = await keys().create({ name: "ci", rateLimit, expiresInDays: 30 });
    const headers = { "x-api-key": textOf(outs) };
    const answers = [];
    for (let request = 0; request < 3; request++)
      answers.push((await fetch(`${server.emulator.url}/api/project.all`, { headers })).status);
    assert.deepEqual(answers, [200, 200, 401]);
    const days = (Date.parse(String(outs["expiresAt"])) - Date.now()) / 86_400_000;
    assert.ok(days > 29 && days < 31.5, String(days));
    const sent = server.emulator.calls.find(({ endpoint }) => endpoint === "user.createApiKey");
    assert.ok(sent);
  });

  it("are created before the old ones are deleted, after any change, even of a trigger", async () => {
    const inputs = { name: "ci", triggers: { quarter: "1" } };
    const { id, outs } = await keys().create(inputs);
    server.newRun();
    for (const [news, input] of [
      [{ ...inputs, triggers: { quarter: "2" } }, "triggers"],
      [{ ...inputs, name: "build" }, "name"],
      [{ ...inputs, rateLimit: { requests: 1, windowSeconds: 1 } }, "rateLimit"],
    ] as const) {
      const diff = await keys().diff(id, outs, news);
      assert.deepEqual([diff.replaces, diff.deleteBeforeReplace], [[input], false]);
    }
    const { id: other } = await keys().create({ ...inputs, triggers: { quarter: "2" } });
    await keys().delete(id, outs);
    assert.deepEqual(
      (await listed()).map((key) => key["id"]),
      [other],
    );
  });

  it("that have expired are recreated", async () => {
    const { id, outs } = await keys().create({ name: "ci", expiresInDays: 1 });
    server.newRun();
    const now = Date.now;
    Date.now = () => now() + 2 * 86_400_000;
    try {
      const { props = {} } = await keys().read(id, outs);
      assert.match(server.warnings.join(), /^ApiKey "ci" \(\S+\) has expired\. It stays in the state: /);
      server.newRun();
      assert.equal((await keys().diff(id, props, { name: "ci", expiresInDays: 1 })).replaces?.length, 1);
      assert.match(server.warnings.join(), /has expired\. This update creates it again\.$/);
      await keys().delete(id, props);
      assert.deepEqual(await listed(), []);
    } finally {
      Date.now = now;
    }
    assert.deepEqual([...new Set(server.codes)], ["expired"]);
  });

  it("of another user are not treated as gone", async () => {
    const { id, outs } = await keys().create({ name: "ci" });
    await keys().delete(id, outs);
    server.newRun();
    await assert.rejects(
      keys().read(id, { ...outs, userId: "somebody else" }),
      /belongs to another user of Dokploy than the key in the settings/,
    );
  });

  it("whose response is lost are named, since nobody can use them", async () => {
    server.emulator.faults.add({ endpoint: "user.createApiKey", cut: "after" });
    const error = await keys()
      .create({ name: "ci" })
      .then(
        () => new Error("made"),
        (reason: Error) => reason,
      );
    const [left] = await listed();
    assert.ok(error.message.includes(`Dokploy has a new key of that name (${left?.["id"]})`), error.message);
    server.emulator.faults.add({ endpoint: "user.createApiKey", cut: "before" });
    await assert.rejects(
      keys().create({ name: "ci" }),
      (reason: Error) => !/new key of that name/.test(reason.message),
    );
    assert.equal((await listed()).length, 1);
  });

  it("of a name that already exists are reported in the plan of a new one, but for what the stack has", async () => {
    const { id } = await keys().create({ name: "ci" });
    server.newRun();
    assert.deepEqual((await keys().check({}, { name: "ci" })).failures, []);
    assert.match(
      server.warnings.join(),
      new RegExp(
        `Dokploy already has an API key named "ci" \\(${id}\\), and keeps .* nobody can use it: delete it in Dokploy`,
      ),
    );
    assert.deepEqual(server.codes, ["duplicate"]);
    const urn = "urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:ApiKey::ci";
    server.stack = parseStack(JSON.stringify({ version: 3, deployment: { resources: [{ urn, id }] } }));
    server.newRun();
    const before = server.warnings.length;
    await keys().check({}, { name: "ci" });
    assert.deepEqual(server.warnings.slice(before), []);
  });

  it("are checked before they are asked for", async () => {
    for (const [wrong, says] of [
      [{ name: "x".repeat(33) }, /must have at most 32 characters/],
      [{ prefix: "a b" }, /is not a prefix/],
      [{ expiresInDays: 366 }, /365/],
      [{ quota: { requests: 5, refill: { requests: 1 } } }, /missing|must be/],
    ] as const) {
      const inputs: Values = { name: "ci", ...(wrong as Values) };
      const { failures } = await keys().check({}, inputs);
      assert.match(failures[0]?.reason ?? "", says);
    }
    assert.deepEqual(server.calls(), []);
  });
});
