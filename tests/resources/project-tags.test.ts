import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

describe("the tags of a project", () => {
  let server: Server;
  let [live, eu, paid] = ["", "", ""];
  beforeEach(async () => {
    server = await startServer();
    const make = async (name: string) =>
      (await server.byHand<{ tagId: string }>("tag.create", { name, color: null })).tagId;
    [live, eu, paid] = [await make("live"), await make("eu"), await make("paid")];
  });
  afterEach(() => server.close());

  const tagsOf = async (projectId: string) => {
    const { projectTags } = await server.byHand<{ projectTags: Values[] }>("project.one", { projectId });
    return projectTags.map(({ tag }) => (tag as Values)["name"]).sort();
  };

  it("are all that the program gives, in any order, and none are touched if it gives none", async () => {
    const { id, outs } = await server.Project.create({ name: "shop", tagIds: [live, eu, live] });
    assert.deepEqual(await tagsOf(id), ["eu", "live"]);
    server.newRun();
    const turned = { name: "shop", tagIds: [eu, live] };
    assert.equal((await server.Project.diff(id, outs, turned)).changes, false);

    await server.byHand("tag.assignToProject", { projectId: id, tagId: paid });
    server.newRun();
    const { inputs, props = {} } = await server.Project.read(id, outs);
    assert.deepEqual(new Set(inputs?.["tagIds"] as string[]), new Set([live, eu, paid]));
    await server.Project.diff(id, props, turned);
    const { outs: back } = await server.Project.update(id, props, turned);
    assert.deepEqual(await tagsOf(id), ["eu", "live"]);
    assert.deepEqual(
      server.calls().filter((call) => /update|Assign/.test(call)),
      ["tag.bulkAssign"],
    );

    server.newRun();
    const { outs: free } = await server.Project.update(id, back, { name: "shop", description: "x" });
    assert.deepEqual(await tagsOf(id), ["eu", "live"]);
    await server.Project.update(id, free, { name: "shop", description: "x", tagIds: [] });
    assert.deepEqual(await tagsOf(id), []);
  });

  it("are adopted with the project", async () => {
    const { projectId } = await makeProject(server);
    await server.byHand("tag.assignToProject", { projectId, tagId: paid });
    const inputs = { name: "shop", tagIds: [live], import: projectId };
    assert.deepEqual((await server.Project.check({}, inputs)).failures, []);
    assert.match(server.warnings.join(), /adopted: .*tagIds/);
    await server.Project.create(inputs);
    assert.deepEqual(await tagsOf(projectId), ["live"]);
  });

  it("that do not exist leave a created project, and the next run continues with it", async () => {
    const inputs = { name: "shop", tagIds: ["PQqzqTGCVtx0St2SA3vCi"] };
    await assert.rejects(
      server.Project.create(inputs),
      (error: Error & { id?: string; properties?: Values }) => {
        assert.match(error.message, /One or more tags not found/);
        assert.ok(error.id);
        return true;
      },
    );
    assert.equal((await server.byHand<Values[]>("project.all", {})).length, 1);
  });

  it("need a server that has tags, and the plan says so", async () => {
    await server.close();
    server = await startServer({ version: "v0.28.8" });
    // As a server answers that has no such procedure.
    const body = { message: "Not found", code: "NOT_FOUND" };
    server.emulator.faults.add({ endpoint: "tag.one", status: 404, body });
    const { failures } = await server.Project.check({}, { name: "shop", tagIds: [live] });
    assert.equal(failures[0]?.property, "tagIds");
    assert.match(failures[0]?.reason ?? "", /^needs Dokploy 0\.29\.0, the first version with tags/);
    server.emulator.faults.add({ endpoint: "tag.all", status: 404, body });
    const tag = await server.of("Tag").check({}, { name: "live" });
    assert.match(
      tag.failures[0]?.reason ?? "",
      /this Dokploy has no tag\.all .*It was added in Dokploy 0\.29\.0/s,
    );
    assert.deepEqual((await server.Project.check({}, { name: "shop", tagIds: [] })).failures, []);
  });
});
