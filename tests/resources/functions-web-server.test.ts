import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "../../sdk";
import { messageOf, run, seen } from "./lookups";
import { type Server, startServer } from "./server";

const missing = "PQqzqTGCVtx0St2SA3vCi";
const content = "http:\n  middlewares:\n    auth:\n      basicAuth: { users: [canary] }\n";

describe("functions that read Dokploy's web server", () => {
  let server: Server;
  let serverId: string;
  before(async () => {
    server = await startServer();
    serverId = server.emulator.connect("server");
    await server.of("TraefikFile").create({ path: "dynamic/headers.yml", content });
    await server
      .of("TraefikFile")
      .create({ path: "dynamic/there.yml", content: `${content}# there\n`, serverId });
  });
  after(() => server.close());
  afterEach(() => server.emulator.faults.clear());

  const file = (path: string, canBeManaged: boolean) => ({
    ...{ id: path, path, serverId: undefined, canBeManaged },
  });
  const headers = file("dynamic/headers.yml", true);
  const there = () => ({
    ...{ id: `${serverId}:dynamic/there.yml`, path: "dynamic/there.yml", serverId, canBeManaged: true },
  });

  it("getWebServerSettings: the inputs of a resource, and no key or token", async () => {
    const { value, calls } = await run(server, () => dokploy.getWebServerSettings());
    assert.deepEqual(calls, ["settings.getWebServerSettings"]);
    const fresh = {
      ...{ host: undefined, https: false, certificateType: "none", letsEncryptEmail: undefined },
      ...{
        serverIp: undefined,
        enableDockerCleanup: true,
        logCleanupCron: "0 0 * * *",
        buildsConcurrency: 1,
      },
    };
    assert.deepEqual(value, fresh);
    const inputs = {
      ...{ host: "dokploy.example.com", https: true, certificateType: "letsencrypt" },
      ...{ letsEncryptEmail: "ops@example.com", serverIp: "203.0.113.7", enableDockerCleanup: false },
      ...{ logCleanupCron: "never", buildsConcurrency: 3 },
    };
    await server.of("WebServerSettings").create(inputs);
    const set = await run(server, () => seen(dokploy.getWebServerSettingsOutput()));
    assert.deepEqual(set.value, { value: inputs, isSecret: false });
    await server.byHand("settings.assignDomainServer", { host: "", certificateType: "none" });
    assert.equal((await run(server, () => dokploy.getWebServerSettings())).value.host, undefined);
  });

  it("getWebServerSettings: of a Dokploy without its own web server, and out of reach", async () => {
    server.emulator.faults.add({ endpoint: "settings.getWebServerSettings", status: 200, body: "null" });
    assert.equal(
      await messageOf(server, () => dokploy.getWebServerSettings()),
      "getWebServerSettings: This Dokploy has no web server to configure, like Dokploy Cloud, so WebServerSettings " +
        "cannot be used.",
    );
    server.emulator.faults.clear();
    server.emulator.faults.add({ endpoint: "settings.getWebServerSettings", status: 403, body: "{}" });
    assert.match(
      await messageOf(server, () => dokploy.getWebServerSettings()),
      /^getWebServerSettings: Dokploy settings\.getWebServerSettings /,
    );
  });

  it("getTraefikFiles: of Dokploy's machine, or of a server, with what a resource may have", async () => {
    const { value, calls } = await run(server, () => dokploy.getTraefikFiles());
    assert.deepEqual(calls, ["settings.readDirectories"]);
    const own = ["dynamic/dokploy.yml", "dynamic/middlewares.yml", "traefik.yml"].map((path) =>
      file(path, false),
    );
    assert.deepEqual(value, [own[0], headers, ...own.slice(1)]);
    const other = await run(server, () =>
      seen(dokploy.getTraefikFilesOutput({ serverId: pulumi.output(serverId) })),
    );
    assert.equal(other.value.isSecret, false);
    assert.deepEqual(
      (other.value.value as typeof value).filter(({ canBeManaged }) => canBeManaged),
      [there()],
    );
    const unknown = pulumi.output(pulumi.unknown as string);
    const preview = await run(server, () => seen(dokploy.getTraefikFilesOutput({ serverId: unknown })), true);
    assert.deepEqual(preview, { value: { value: "unknown", isSecret: false }, calls: [] });
    assert.match(
      await messageOf(server, () => dokploy.getTraefikFiles({ serverId: missing })),
      /^getTraefikFiles: Dokploy has no server with the id "PQ/,
    );
    server.emulator.denyPermission("settings.readDirectories");
    assert.match(
      await messageOf(server, () => dokploy.getTraefikFiles()),
      /^getTraefikFiles: Dokploy settings\.readDirectories .*the API key lacks the permission/,
    );
    server.emulator.allowPermission("settings.readDirectories");
  });

  it("getTraefikFiles: those in folders too, and no folder", async () => {
    const root = "/etc/dokploy/traefik/dynamic";
    const folder = (id: string, children: object[]) => ({ id, name: "-", type: "directory", children });
    const inside = { id: `${root}/certificates/a/chain.crt`, name: "chain.crt", type: "file" };
    const tree = [
      folder(root, [
        folder(`${root}/certificates`, [folder(`${root}/certificates/a`, [inside])]),
        folder(`${root}/x`, []),
      ]),
    ];
    server.emulator.faults.add({
      endpoint: "settings.readDirectories",
      status: 200,
      body: JSON.stringify(tree),
    });
    const { value } = await run(server, () => dokploy.getTraefikFiles());
    assert.deepEqual(value, [file("dynamic/certificates/a/chain.crt", false)]);
  });

  it("getTraefikFile: by path and by id, with its content only as a secret output", async () => {
    const { path } = headers;
    const byPath = await run(server, () => dokploy.getTraefikFile({ path }));
    assert.deepEqual(byPath, {
      value: headers,
      calls: ["settings.readDirectories", "settings.readTraefikFile"],
    });
    assert.deepEqual((await run(server, () => dokploy.getTraefikFile({ id: path }))).value, headers);
    for (const args of [{ path: "dynamic/there.yml", serverId }, { id: there().id }] as const) {
      const { value } = await run(server, async () => {
        const output = dokploy.getTraefikFileOutput(args);
        return [await seen(output), await seen(output.content)];
      });
      assert.deepEqual(value, [
        { value: there(), isSecret: false },
        { value: `${content}# there\n`, isSecret: true },
      ]);
    }
    const unknown = pulumi.output(pulumi.unknown as string);
    const preview = await run(
      server,
      () => seen(dokploy.getTraefikFileOutput({ path: unknown }).content),
      true,
    );
    assert.deepEqual(preview, { value: { value: "unknown", isSecret: true }, calls: [] });
  });

  it("getTraefikFile: several share the list, and one that the program made is found", async () => {
    const { calls } = await run(server, async () => {
      await dokploy.getTraefikFile({ path: headers.path });
      await dokploy.getTraefikFile({ path: "traefik.yml" });
      await server.byHand("settings.updateTraefikFile", {
        ...{ path: "/etc/dokploy/traefik/dynamic/later.yml", traefikConfig: content },
      });
      await dokploy.getTraefikFile({ path: "dynamic/later.yml" });
    });
    assert.equal(calls.filter((name) => name === "settings.readDirectories").length, 2);
  });

  it("getTraefikFile: what does not exist, was deleted, or is no file", async () => {
    assert.match(
      await messageOf(server, () => dokploy.getTraefikFile({ path: "dynamic/header.yml" })),
      /^getTraefikFile: Traefik's folder has no file named "dynamic\/header\.yml"\. Did you mean "dynamic\/headers\.yml"\? It has: /,
    );
    const elsewhere = await messageOf(server, () =>
      dokploy.getTraefikFile({ path: "dynamic/headers.yml", serverId }),
    );
    assert.ok(elsewhere.includes(`Traefik's folder on the server ${serverId} has no file named`), elsewhere);
    for (const path of ["dynamic", "../../shadow"]) {
      assert.match(
        await messageOf(server, () => dokploy.getTraefikFile({ path })),
        /^getTraefikFile: Traefik's folder has no file named /,
      );
      assert.deepEqual(
        server.emulator.calls.map(({ endpoint }) => endpoint),
        ["settings.readDirectories"],
      );
    }
    const gone = { path: "dynamic/gone.yml", content };
    const { id, outs } = await server.of("TraefikFile").create(gone);
    await server.of("TraefikFile").delete(id, outs);
    assert.equal(
      await messageOf(server, () => dokploy.getTraefikFile({ path: gone.path })),
      `getTraefikFile: "dynamic/gone.yml" in Traefik's folder has no content: it is empty, or left over from a ` +
        "deleted file, since Dokploy does not remove files.",
    );
    assert.match(
      await messageOf(server, () => dokploy.getTraefikFile({ id: `${missing}:dynamic/headers.yml` })),
      /^getTraefikFile: Dokploy has no server with the id "PQ/,
    );
    const wrong: (() => Promise<unknown>)[] = [
      // @ts-expect-error both at once
      () => dokploy.getTraefikFile({ id: "dynamic/headers.yml", path: "dynamic/headers.yml" }),
      // @ts-expect-error nothing
      () => dokploy.getTraefikFile({}),
    ];
    for (const look of wrong)
      assert.match(await messageOf(server, look), /^getTraefikFile takes \{ .* \}; it got /);
    assert.match(
      await messageOf(server, () => dokploy.getTraefikFile({ path: "" })),
      /path must be a text, and not empty/,
    );
  });
});
