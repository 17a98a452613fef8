import * as assert from "node:assert/strict";
import { secret } from "../../provider/pulumi/secret";
import { inState, isGone, type Server, startServer, withProvider } from "./server";

const content = "http:\n  middlewares:\n    hsts:\n      headers:\n        stsSeconds: 31536000\n";
const absolute = "/etc/dokploy/traefik/dynamic/headers.yml";

describe("TraefikFile", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const handlers = () => server.of("TraefikFile");
  const inputs = withProvider({ path: "dynamic/headers.yml", content });
  const live = (path = absolute) => server.byHand<string>("settings.readTraefikFile", { path });
  const reasons = async (given: object) =>
    (await handlers().check({}, { ...inputs, ...given })).failures.map(({ reason }) => reason).join("\n");

  it("is written, compared without a call, changed, read back, and emptied in the end", async () => {
    assert.equal(await reasons({}), "");
    const { id, outs } = await handlers().create(inputs);
    assert.equal(id, "dynamic/headers.yml");
    assert.equal(await live(), content);
    server.newRun();
    await handlers().check(outs, inputs);
    assert.equal((await handlers().diff(id, outs, inputs)).changes, false);
    assert.deepEqual(server.calls(), []);

    const news = { ...inputs, content: `${content}# more\n` };
    server.newRun();
    await handlers().check(outs, news);
    assert.notEqual((await handlers().diff(id, outs, news)).changes, false);
    const { outs: changed } = await handlers().update(id, outs, news);
    assert.equal(await live(), news.content);
    server.newRun();
    assert.deepEqual((await handlers().read(id, changed)).inputs, news);

    await handlers().delete(id, changed);
    assert.match(await live(), /^# Nothing is left/);
    assert.match(server.warnings.join(), /is emptied, and stays/);
    assert.ok(isGone(await handlers().read(id, changed)));
    server.newRun();
    await handlers().delete(id, changed);
    assert.deepEqual(server.calls(), ["settings.readTraefikFile"]);
    // What was emptied is no obstacle.
    assert.equal((await handlers().create(inputs)).id, id);
  });

  it("on another server is read from its list of files first", async () => {
    const serverId = server.emulator.connect("server");
    const remote = { ...inputs, serverId };
    assert.equal(await reasons({ serverId }), "");
    const { id, outs } = await handlers().create(remote);
    assert.equal(id, `${serverId}:dynamic/headers.yml`);
    assert.deepEqual((await handlers().read(id, outs)).inputs, remote);
    assert.equal(await live(), null);
    await handlers().delete(id, outs);
  });

  it("shows changes by hand as a secret, and undoes them", async () => {
    const { id, outs } = await handlers().create(inputs);
    await server.byHand("settings.updateTraefikFile", { path: absolute, traefikConfig: "tcp: {}\n" });
    server.newRun();
    const { inputs: read, props = {} } = await handlers().read(id, outs);
    assert.deepEqual(read?.["content"], secret("tcp: {}\n"));
    await handlers().diff(id, props, inputs);
    await handlers().update(id, props, inputs);
    assert.equal(await live(), content);
  });

  it("that the stack has under another name is reported with the alias that renames it, and not with an import", async () => {
    const { id } = await handlers().create(inputs);
    server.newRun();
    server.stack = [inState("TraefikFile", "old", id)];
    const said = await reasons({});
    assert.match(
      said,
      /This stack has it as "old"\. .*aliases: \[\{ name: "old" \}\].*, or choose another path/,
    );
    assert.doesNotMatch(said, /import: /);
  });

  it("that already exists is adopted by import alone, by its own path", async () => {
    await server.byHand("settings.updateTraefikFile", { path: absolute, traefikConfig: "tcp: {}\n" });
    assert.match(await reasons({}), /already has this file\. .*import: "dynamic\/headers.yml"/);
    await assert.rejects(handlers().create(inputs), /already/);
    assert.equal(await live(), "tcp: {}\n");
    server.newRun();
    assert.match(await reasons({ import: "dynamic/other.yml" }), /must be "dynamic\/headers.yml"/);
    const adopting = { ...inputs, import: "dynamic/headers.yml" };
    server.newRun();
    assert.equal(await reasons(adopting), "");
    assert.match(server.warnings.join(), /is adopted: changes content/);
    await handlers().create(adopting);
    assert.equal(await live(), content);
    server.newRun();
    assert.match(
      await reasons({ path: "dynamic/none.yml", import: "dynamic/none.yml" }),
      /Traefik has no such file/,
    );
  });

  it("must be YAML, in the folder, and not one of Dokploy's own", async () => {
    for (const path of ["dynamic/dokploy.yml", "dynamic/middlewares.yml", "dynamic/shop-web-a1b2c3.yml"])
      assert.match(await reasons({ path }), /rewrites/, path);
    for (const path of [
      "traefik.yml",
      "dynamic/../x.yml",
      "dynamic/certificates/x.yml",
      "/etc/passwd",
      "dynamic/x.txt",
    ])
      assert.match(await reasons({ path }), /is not a file such as/, path);
    assert.match(await reasons({ content: "http:\n  a: [1\n" }), /is not valid YAML, at line/);
    assert.equal(await reasons({ content: "{{ range $i }}\n- [\n" }), "");
    assert.equal(await reasons({ path: "dynamic/x.toml", content: "[http" }), "");
    assert.match(await reasons({ content: `# ${"a".repeat(1_000_000)}` }), /is longer than the 1 MB/);
  });

  it("that Dokploy's disk refuses is an error, although the response reports success", async () => {
    server.emulator.faults.add({ endpoint: "settings.updateTraefikFile", status: 200, body: true });
    await assert.rejects(handlers().create(inputs), /but the file has other content/);
  });

  it("counts as written when the response is lost", async () => {
    server.emulator.faults.add({ endpoint: "settings.updateTraefikFile", cut: "after" });
    await handlers().create(inputs);
    assert.equal(await live(), content);
    server.newRun();
    server.emulator.faults.add({ endpoint: "settings.updateTraefikFile", cut: "before", times: 9 });
    const news = { ...inputs, content: "tcp: {}\n" };
    await assert.rejects(handlers().update("dynamic/headers.yml", inputs, news));
    assert.equal(await live(), content);
  });
});
