import * as assert from "node:assert/strict";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("WebServerSettings", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const handlers = () => server.of("WebServerSettings");
  const row = () => server.byHand<Values>("settings.getWebServerSettings", {});
  const all = {
    host: "dokploy.example.com",
    https: true,
    certificateType: "letsencrypt",
    letsEncryptEmail: "ops@example.com",
    serverIp: "203.0.113.7",
    enableDockerCleanup: false,
    logCleanupCron: "0 3 * * *",
    buildsConcurrency: 3,
  };

  it("adopt the existing settings, which the preview names, and are changed and read back", async () => {
    const inputs = withProvider(all);
    assert.deepEqual((await handlers().check({}, inputs)).failures, []);
    assert.match(
      server.warnings.join(),
      /The configuration of Dokploy's web server is adopted: changes host/,
    );
    const { id, outs } = await handlers().create(inputs);
    for (const [name, value] of Object.entries(all)) assert.deepEqual((await row())[name], value, name);
    server.newRun();
    assert.deepEqual((await handlers().read(id, outs)).inputs, inputs);
    server.newRun();
    await handlers().check(outs, inputs);
    assert.equal((await handlers().diff(id, outs, inputs)).changes, false);
    assert.deepEqual(server.calls(), []);

    const news = { ...inputs, https: false, certificateType: "none", logCleanupCron: "never" };
    await handlers().check(outs, news);
    assert.notEqual((await handlers().diff(id, outs, news)).changes, false);
    const { outs: changed } = await handlers().update(id, outs, news);
    const { host, https, logCleanupCron, letsEncryptEmail } = await row();
    assert.deepEqual(
      [host, https, logCleanupCron, letsEncryptEmail],
      ["dokploy.example.com", false, null, "ops@example.com"],
    );
    server.newRun();
    assert.deepEqual((await handlers().read(id, changed)).inputs, news);
  });

  it("are warned of where an address for Let's Encrypt is saved without a host, which Dokploy then forgets", async () => {
    const warned = async (given: Values) => {
      server.newRun();
      server.warnings.length = 0;
      await handlers().check({}, withProvider(given));
      return server.warnings.filter((line) => /they lose it/.test(line)).length;
    };
    const { letsEncryptEmail, host } = all;
    assert.equal(await warned({ letsEncryptEmail }), 1);
    assert.equal(await warned({ letsEncryptEmail, host }), 0);
    assert.equal(await warned({ buildsConcurrency: 3 }), 0);
    await handlers().create(withProvider({ host }));
    assert.equal(await warned({ letsEncryptEmail }), 0, "Dokploy knows of one");
  });

  it("leave alone inputs that are not given, or no longer given", async () => {
    const inputs = withProvider({ buildsConcurrency: 2, serverIp: "203.0.113.7" });
    const { id, outs } = await handlers().create(inputs);
    assert.deepEqual(server.calls(), [
      "settings.getWebServerSettings",
      "settings.updateServerIp",
      "settings.updateBuildsConcurrency",
      "settings.getWebServerSettings",
    ]);
    server.newRun();
    await handlers().update(id, outs, withProvider({ serverIp: "203.0.113.7" }));
    assert.deepEqual(server.calls(), ["settings.getWebServerSettings"]);
    assert.equal((await row())["buildsConcurrency"], 2);
  });

  for (const change of [
    { host: "other.example.com" },
    { https: false },
    { certificateType: "none" },
    { letsEncryptEmail: "dev@example.com" },
  ])
    it(`of the host are saved together, when ${Object.keys(change)} alone changes`, async () => {
      const { id, outs } = await handlers().create(withProvider(all));
      await handlers().update(id, outs, withProvider({ ...all, ...change }));
      const { host, https, certificateType, letsEncryptEmail } = { ...all, ...change };
      const saved = await row();
      assert.deepEqual(
        [saved["host"], saved["https"], saved["certificateType"], saved["letsEncryptEmail"]],
        [host, https, certificateType, letsEncryptEmail],
      );
    });

  it("show changes by hand, and undo them", async () => {
    const inputs = withProvider({ buildsConcurrency: 2 });
    const { id, outs } = await handlers().create(inputs);
    await server.byHand("settings.updateBuildsConcurrency", { buildsConcurrency: 7 });
    server.newRun();
    const { inputs: read, props = {} } = await handlers().read(id, outs);
    assert.equal(read?.["buildsConcurrency"], 7);
    await handlers().update(id, props, inputs);
    assert.equal((await row())["buildsConcurrency"], 2);
  });

  it("are only removed from the state, and say so", async () => {
    const { id, outs } = await handlers().create(withProvider(all));
    server.newRun();
    await handlers().delete(id, outs);
    assert.match(server.warnings.join(), /only removed from the state\. They stay in Dokploy as they are/);
    assert.equal(server.codes.at(-1), "stays");
    assert.deepEqual(server.calls(), []);
    assert.equal((await row())["host"], all.host);
  });

  it("never have a key or token in state", async () => {
    const { outs } = await handlers().create(withProvider({ buildsConcurrency: 2 }));
    assert.doesNotMatch(JSON.stringify(outs), /token|sshPrivateKey/);
  });

  it("are refused by a Dokploy without them", async () => {
    const wrong: [Values, RegExp][] = [
      [{ https: true }, /host is missing|is missing: https/],
      [{ host: "https://x" }, /host name/],
      [{ logCleanupCron: "daily" }, /cron expression/],
      [{ buildsConcurrency: 0 }, /1/],
      [{ serverIp: "x" }, /IP address/],
    ];
    for (const [inputs, says] of wrong) {
      const { failures } = await handlers().check({}, withProvider(inputs));
      assert.match(failures.map(({ reason }) => reason).join(), says);
    }
  });

  it("whose save got no response are read before anything is reported", async () => {
    server.emulator.faults.add({ endpoint: "settings.assignDomainServer", cut: "after" });
    await handlers().create(withProvider({ host: "dokploy.example.com" }));
    assert.equal((await row())["host"], "dokploy.example.com");
    server.newRun();
    server.emulator.faults.add({ endpoint: "settings.updateBuildsConcurrency", status: 200, body: true });
    await assert.rejects(
      handlers().create(withProvider({ buildsConcurrency: 9 })),
      /but it has another value/,
    );
  });
});
