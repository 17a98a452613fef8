import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer } from "./server";

/** What a run knows by itself, where Pulumi's state cannot be read. */
describe("an object and its resource", () => {
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  beforeEach(() => server.newRun());
  after(() => server?.close());

  const application = (name: string, more: object = {}) => ({
    environmentId,
    name,
    source: { type: "docker", image: "acme/api:1" },
    ...more,
  });
  const isThere = async (id: string) => {
    const row = await server.byHand<{ applications: { applicationId: string }[] }>("environment.one", {
      environmentId,
    });
    return row.applications.some(({ applicationId }) => applicationId === id);
  };

  it("that the program has under another name is not deleted with the old one", async () => {
    const inputs = application("kept");
    const { id, outs } = await server.Application.create(inputs);
    server.newRun();
    await server.Application.diff(id, outs, inputs);
    server.warnings.length = 0;
    await server.Application.delete(id, outs);
    assert.match(server.warnings.join(), /is not deleted, since another resource of this program has it/);
    assert.ok(await isThere(id));
  });

  it("is deleted where a replacement asks for it, for reasons of its own or of Pulumi's", async () => {
    const inputs = application("replaced");
    for (const news of [application("replaced", { appNamePrefix: "new" }), { ...inputs, replicas: 2 }]) {
      const { id, outs } = await server.Application.create(inputs);
      server.newRun();
      const { deleteBeforeReplace } = await server.Application.diff(id, outs, news);
      assert.equal(deleteBeforeReplace, true);
      const { failures } = await server.Application.check({}, news);
      assert.deepEqual(failures, []);
      await server.Application.delete(id, outs);
      assert.ok(!(await isThere(id)));
      server.newRun();
    }
  });

  it("is deleted where nobody else has it", async () => {
    const { id, outs } = await server.Application.create(application("alone"));
    server.newRun();
    await server.Application.delete(id, outs);
    assert.ok(!(await isThere(id)));
  });
});
