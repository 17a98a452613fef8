import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("patches that a service lists", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  afterEach(() => server.close());

  const git = { type: "git", url: "https://git.example.com/acme/web.git", branch: "main" };
  const patches = { "app.toml": { filePath: "app.toml", content: "a = 1\n" } };
  const service = (more: Values) => withProvider({ environmentId, name: "web", source: git, ...more });

  it("are refused without code", async () => {
    const failuresOf = async (kind: string, source: Values, given: Values = patches) => {
      const { failures } = await server.of(kind).check({}, service({ source, patches: given }));
      return failures.map(({ property, reason }) => `${property} ${reason}`);
    };
    const image = { type: "docker", image: "acme/web:1" };
    assert.deepEqual(await failuresOf("Application", image), [
      "patches have no effect: an image has no code to patch",
    ]);
    const raw = { type: "raw", composeFile: "services:\n  web:\n    image: acme/web:1\n" };
    assert.deepEqual(await failuresOf("Compose", raw), [
      "patches have no effect: the program gives the compose file, so change it there",
    ]);
    assert.deepEqual(await failuresOf("Application", image, {}), []);
    assert.deepEqual(await failuresOf("Application", git), []);
    assert.deepEqual(await failuresOf("Compose", git), []);
  });

  it("are asked for by a refresh if the program lists them, and nowhere else", async () => {
    const without = await server.Application.create(service({ ports: {} }));
    server.newRun();
    await server.Application.read(without.id, without.outs);
    assert.deepEqual(server.calls(), ["application.one"]);
    await server.byHand("patch.create", { ...patches["app.toml"], applicationId: without.id });
    server.newRun();
    const { inputs } = await server.Application.read(without.id, without.outs);
    assert.deepEqual(inputs?.["patches"], undefined);

    const listed = await server.Application.create(service({ name: "api", patches }));
    server.newRun();
    const read = await server.Application.read(listed.id, listed.outs);
    assert.deepEqual(server.calls(), ["application.one", "patch.byEntityId"]);
    assert.deepEqual(read.inputs?.["patches"], patches);
  });
});
