import * as assert from "node:assert/strict";
import { inState, makeProject, type Server, startServer } from "./server";

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

  it("that the program has under another name is not deleted with the old name", async () => {
    const inputs = application("kept");
    const { id, outs } = await server.Application.create(inputs);
    server.newRun();
    await server.Application.diff(id, outs, inputs);
    server.warnings.length = 0;
    await server.Application.delete(id, outs);
    assert.match(server.warnings.join(), /is not deleted, since another resource of this program has it/);
    assert.ok(await isThere(id));
  });

  it("is deleted if a replacement asks for it, for reasons of its own or of Pulumi's", async () => {
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

  it("is deleted with the last resource of the stack that has it", async () => {
    const { id, outs } = await server.Application.create(application("twins"));
    server.stack = [inState("Application", "a", id), inState("Application", "b", id)];
    try {
      server.newRun();
      await server.Application.delete(id, outs);
      assert.match(server.warnings.at(-1) ?? "", /2 resources of this stack have it \("a", "b"\)/);
      assert.ok(await isThere(id));
      await server.Application.delete(id, outs);
      assert.ok(!(await isThere(id)));
    } finally {
      server.stack = undefined;
    }
  });

  it("cannot be adopted while a resource of the stack has it, and is not deleted in a run that tried", async () => {
    const { id, outs } = await server.Application.create(application("held"));
    server.stack = [inState("Application", "a", id)];
    try {
      server.newRun();
      const adopting = application("held", { import: id });
      const { failures } = await server.Application.check({}, adopting);
      assert.match(failures[0]?.reason ?? "", /as "a"\. .*aliases: \[\{ name: "a" \}\]/);
      await assert.rejects(server.Application.create(adopting), /aliases/);
      await assert.rejects(
        server.Application.delete(id, outs),
        /another resource of this program needs it and was refused/,
      );
      assert.ok(await isThere(id));
    } finally {
      server.stack = undefined;
    }
  });

  it("never changes by a new value of import, which may stay or be removed", async () => {
    const { id: other } = await server.Application.create(application("other"));
    const { id } = await server.Application.create(application("mine"));
    const adopting = (imported: string) => application("mine", { import: imported });
    server.newRun();
    const { outs } = await server.Application.create(adopting(id));
    for (const news of [adopting(id), application("mine")]) {
      assert.deepEqual(await server.Application.diff(id, outs, news), { changes: false });
    }
    for (const olds of [outs, application("mine", { appName: "mine-1", status: "done" })]) {
      server.newRun();
      await assert.rejects(
        server.Application.diff(id, olds, adopting(other)),
        new RegExp(
          `^UserError: import: the Application "mine" is ${id}, but the option names another one, ${other}`,
        ),
      );
      assert.deepEqual(
        server.calls().filter((call) => !call.endsWith(".one")),
        [],
      );
    }
    // What a replacement deleted is named by the program that adopted it.
    const olds = application("mine", { appName: "mine-1", status: "done" });
    assert.deepEqual(await server.Application.diff(id, olds, adopting("gone")), { changes: false });
    // An interrupted replacement has deleted what the state knows: the option names what it made.
    await server.byHand("application.delete", { applicationId: id });
    server.newRun();
    assert.deepEqual(await server.Application.diff(id, olds, adopting(other)), { changes: false });
  });

  it("of which a response was lost is not guessed if there are two of the name", async () => {
    const project = await server.byHand<{ project: { projectId: string } }>("project.create", {
      name: "two",
    });
    const { projectId } = project.project;
    const cases = [
      ["Project", "project.create", { name: "twice" }],
      ["Environment", "environment.create", { projectId, name: "twice" }],
      ["Application", "application.create", application("twice")],
      [
        "Compose",
        "compose.create",
        { environmentId, name: "twice", source: { type: "raw", composeFile: "services: {}" } },
      ],
    ] as const;
    for (const [kind, endpoint, inputs] of cases) {
      server.newRun();
      server.emulator.faults.add({ endpoint, cut: "after", delayMs: 1000 });
      const creation = assert.rejects(server[kind].create({ ...inputs }), /twice|answer|connection/i, kind);
      while (!server.calls().includes(endpoint)) await new Promise((resolve) => setTimeout(resolve, 5));
      const { source: _, ...columns } = inputs as { source?: unknown };
      await server.byHand(endpoint, columns);
      await creation;
    }
  });

  it("is deleted if nobody else has it", async () => {
    const { id, outs } = await server.Application.create(application("alone"));
    server.newRun();
    await server.Application.delete(id, outs);
    assert.ok(!(await isThere(id)));
  });
});
