import * as assert from "node:assert/strict";
import { isGone, makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("Project", () => {
  let server: Server;
  let count = 0;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());
  beforeEach(() => {
    count += 1;
    server.emulator.faults.clear();
    server.newRun();
  });
  const inputs = (more: Values = {}) => withProvider({ name: `shop ${count}`, ...more });

  it("is created with one call between two looks for its name, and knows its default environment", async () => {
    const { id, outs } = await server.Project.create(inputs({ description: "d", env: { REGION: "eu" } }));
    assert.deepEqual(server.calls(), ["project.all", "project.create", "project.all"]);
    const row = await server.byHand<Values>("project.one", { projectId: id });
    assert.equal(row["env"], "REGION=eu");
    const [environment] = row["environments"] as Values[];
    assert.equal(outs["defaultEnvironmentId"], environment?.["environmentId"]);
  });

  it("reads back what it manages, and follows a change by hand down to the key", async () => {
    const news = inputs({ description: "d", env: { A: "1", B: "2" } });
    const { id, outs } = await server.Project.create(news);
    assert.deepEqual((await server.Project.read(id, outs)).inputs, news);
    await server.byHand("project.update", { projectId: id, env: "A=1\nB=3", description: null });
    const { inputs: live } = await server.Project.read(id, outs);
    assert.deepEqual(Object.keys(live?.["env"] ?? {}), ["A", "B"]);
    assert.equal((live?.["env"] as Values | undefined)?.["A"], "1");
    assert.notEqual((live?.["env"] as Values | undefined)?.["B"], "2");
    assert.equal(live?.["description"], undefined);
  });

  it("writes only what differs, and nothing when nothing does", async () => {
    const { id, outs } = await server.Project.create(inputs({ description: "d", env: { A: "1" } }));
    server.newRun();
    await server.Project.update(id, outs, inputs({ description: "d", env: { A: "1" } }));
    assert.deepEqual(server.calls(), ["project.one"]);
    await server.Project.update(id, outs, inputs({ env: { A: "1" } }));
    const row = await server.byHand<Values>("project.one", { projectId: id });
    assert.deepEqual([row["description"], row["env"]], [null, "A=1"]);
  });

  it("is not deleted while services are left in it, and names them", async () => {
    const { id, outs } = await server.Project.create(inputs());
    const environmentId = String(outs["defaultEnvironmentId"]);
    await server.byHand("application.create", { name: "web", environmentId });
    const { composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      name: "cache",
      environmentId,
    });
    await assert.rejects(
      server.Project.delete(id, outs),
      /not deleted.*application "web" \(production\), compose service "cache" \(production\)/s,
    );
    assert.ok(!server.calls().includes("project.remove"));
    await server.byHand("compose.delete", { composeId, deleteVolumes: false });
    const row = await server.byHand<{ environments: { applications: { applicationId: string }[] }[] }>(
      "project.one",
      { projectId: id },
    );
    await server.byHand("application.delete", {
      applicationId: row.environments[0]?.applications[0]?.applicationId ?? "",
    });
    await server.Project.delete(id, outs);
    await server.Project.delete(id, outs);
    assert.ok(isGone(await server.Project.read(id, outs)));
  });

  it("is planned with one call for its name, with or without variables", async () => {
    const news = inputs({ env: { A: "1" } });
    assert.deepEqual((await server.Project.check({}, news)).failures, []);
    assert.deepEqual(server.calls(), ["project.all"]);
    const { id, outs } = await server.Project.create(inputs());
    server.newRun();
    await server.Project.diff(id, outs, inputs({ description: "d" }));
    assert.deepEqual(server.calls(), []);
  });

  it("is adopted only where it exists, at preview and later", async () => {
    const nobodys = "PQqzqTGCVtx0St2SA3vCi";
    const { failures } = await server.Project.check({}, inputs({ import: nobodys }));
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["import"],
    );
    assert.match(
      failures[0]?.reason ?? "",
      /^Dokploy has no project PQqzqTGCVtx0St2SA3vCi \(or this key cannot see it\)\. Look the id up in Dokploy; without the option import, a new project is created$/,
    );
    await assert.rejects(
      server.Project.create(inputs({ import: nobodys })),
      /import: Dokploy has no project/,
    );
    const { id, outs } = await server.Project.create(inputs());
    server.newRun();
    const other = { ...inputs(), import: nobodys };
    assert.deepEqual(
      await server.Project.diff(id, outs, other),
      { changes: false },
      "the option names what is gone",
    );
  });

  it("is saved by one resource at a time: a block of its variables waits", async () => {
    const { id, outs } = await server.Project.create(inputs());
    server.newRun();
    const block = withProvider({ target: { projectId: id }, mode: "additive", env: { B: "1" } });
    server.emulator.faults.add({ endpoint: "project.update", delayMs: 30 });
    await Promise.all([
      server.EnvironmentBlock.create(block),
      server.Project.update(id, outs, inputs({ description: "d" })),
    ]);
    const row = await server.byHand<Values>("project.one", { projectId: id });
    assert.deepEqual([row["description"], row["env"]], ["d", "B=1"]);
  });

  it("says that it is gone, when it was deleted by hand, and what to do", async () => {
    const { id, outs } = await server.Project.create(inputs());
    await server.byHand("project.remove", { projectId: id });
    server.newRun();
    await assert.rejects(
      server.Project.update(id, outs, inputs({ description: "d" })),
      new RegExp(
        `^UserError: The project "shop ${count}" \\(${id}\\) no longer exists: it was deleted outside of this ` +
          "program\\. Run `pulumi refresh`: the next plan then names its remains, and `pulumi up` creates it again\\.$",
      ),
    );
    assert.ok(isGone(await server.Project.read(id, outs)));
  });

  it("treats saved values as saved when the response is lost, and uncertain ones as unfinished", async () => {
    const { id, outs } = await server.Project.create(inputs({ env: { A: "1" } }));
    server.newRun();
    server.emulator.faults.add({ endpoint: "project.update", times: 9, status: 500, acted: true });
    const { outs: updated } = await server.Project.update(id, outs, inputs({ env: { A: "2" } }));
    assert.equal(updated["defaultEnvironmentId"], outs["defaultEnvironmentId"]);
    server.emulator.faults.clear();
    server.newRun();
    server.emulator.faults.add({ endpoint: "project.update", times: 9, status: 500, acted: false });
    const news = inputs({ env: { A: "3" }, redeployReferrers: true });
    const error = await server.Project.update(id, updated, news).then(
      () => assert.fail("it should have failed"),
      (failure: Values & Error) => failure,
    );
    const state = error["properties"] as Values;
    assert.equal(state["defaultEnvironmentId"], outs["defaultEnvironmentId"]);
    assert.deepEqual(state["pendingReferrers"], ["A"]);
    assert.notDeepEqual(state["env"], { A: "3" }, "the next plan shows the change again");
  });

  it("names each kind of service that is left in it", async () => {
    const { id, outs } = await server.Project.create(inputs());
    const environmentId = String(outs["defaultEnvironmentId"]);
    const database = { databaseName: "d", databaseUser: "u", databasePassword: "p4ssw0rd", environmentId };
    await server.byHand("postgres.create", { name: "orders", ...database });
    await server.byHand("mysql.create", { name: "old", databaseRootPassword: "r00tpassw0rd", ...database });
    await server.byHand("redis.create", { name: "cache", databasePassword: "p4ssw0rd", environmentId });
    await assert.rejects(server.Project.delete(id, outs), (error: Error) => {
      assert.equal(
        error.message,
        `The project "shop ${count}" (${id}) is not deleted, since it still contains services: Postgres database "orders" (production), ` +
          'MySQL database "old" (production), Redis database "cache" (production). Delete or move them first; deleting the project would leave their containers running ' +
          "without an owner.",
      );
      return true;
    });
  });

  it("refuses a name that is taken, and adopts on request", async () => {
    const { projectId } = await makeProject(server, `shop ${count}`);
    server.newRun();
    const { failures } = await server.Project.check({}, inputs());
    assert.match(failures[0]?.reason ?? "", new RegExp(`import: "${projectId}"`));
    const adopted = await server.Project.create(inputs({ import: projectId, description: "mine" }));
    assert.equal(adopted.id, projectId);
    assert.equal((await server.byHand<Values>("project.one", { projectId }))["description"], "mine");
  });

  it("suggests another stack first if a name is taken", async () => {
    const { projectId } = await makeProject(server, "books");
    await makeProject(server, "books-test");
    const reasonFor = async (name: string) => {
      server.newRun();
      return (await server.Project.check({}, inputs({ name }))).failures[0]?.reason ?? "";
    };
    assert.equal(
      await reasonFor("books"),
      `Dokploy already has a project named "books" (${projectId}). Another stack or program may have created it: ` +
        "two projects must not have the same name, so add the stack to its name: name: `books-${pulumi.getStack()}` " +
        'is "books-test" here. Only if it belongs to this stack, for instance because an interrupted run left it, ' +
        `give this resource the option { import: "${projectId}" }`,
    );
    assert.match(
      await reasonFor("books-test"),
      /the same name, so choose another name\. Only if it belongs to this stack/,
    );
  });

  it("finds the project that was created though the response was lost", async () => {
    server.emulator.faults.add({ endpoint: "project.create", cut: "after" });
    const { id } = await server.Project.create(inputs());
    const all = await server.byHand<{ projectId: string; name: string }[]>("project.all", {});
    assert.deepEqual(
      all.filter(({ name }) => name === `shop ${count}`).map(({ projectId }) => projectId),
      [id],
    );
  });

  it("fails with the reason where the response is lost, and no project was created", async () => {
    server.emulator.faults.add({ endpoint: "project.create", cut: "before" });
    await assert.rejects(server.Project.create(inputs()), /project\.create .*failed: the connection to/);
  });

  for (const [what, fault] of Object.entries({
    "a key that is refused": { status: 401 },
    "a server error": { status: 500 },
    "an answer that is no JSON": { html: true as const, status: 200 },
  })) {
    it(`is not treated as deleted because of ${what}`, async () => {
      const { id, outs } = await server.Project.create(inputs());
      server.emulator.faults.add({ endpoint: "project.one", times: Number.POSITIVE_INFINITY, ...fault });
      await assert.rejects(server.Project.read(id, outs));
      await assert.rejects(server.Project.delete(id, outs));
    }).timeout(30_000);
  }
});

describe("Environment", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  let count = 0;
  before(async () => {
    server = await startServer();
    ({ projectId, environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(() => {
    count += 1;
    server.emulator.faults.clear();
    server.newRun();
  });
  const inputs = (more: Values = {}) => withProvider({ projectId, name: `staging ${count}`, ...more });
  const row = (id: string) => server.byHand<Values>("environment.one", { environmentId: id });

  it("is created with its variables, which need a second call", async () => {
    const news = inputs({ description: "d", env: { A: "1" } });
    const { id, outs } = await server.Environment.create(news);
    assert.deepEqual(server.calls(), [
      "environment.byProjectId",
      "environment.create",
      "project.one",
      "environment.update",
    ]);
    assert.equal((await row(id))["env"], "A=1");
    assert.deepEqual((await server.Environment.read(id, outs)).inputs, news);
  });

  it("is kept when the second call fails, and finished by the next run", async () => {
    server.emulator.faults.add({ endpoint: "environment.update", status: 400 });
    const failed = await server.Environment.create(inputs({ env: { A: "1" } })).then(
      () => assert.fail("it should have failed"),
      (error: Values) => error,
    );
    const state = failed["properties"] as Values;
    await server.Environment.update(String(failed["id"]), state, inputs({ env: { A: "1" } }));
    assert.equal((await row(String(failed["id"])))["env"], "A=1");
  });

  it("changes in place, clears a description with an empty text, and is a new one in another project", async () => {
    const { id, outs } = await server.Environment.create(inputs({ description: "d" }));
    await server.Environment.update(id, outs, inputs({ name: `renamed ${count}` }));
    assert.deepEqual([(await row(id))["name"], (await row(id))["description"]], [`renamed ${count}`, ""]);
    const other = await makeProject(server, "other");
    const diff = await server.Environment.diff(id, outs, { ...inputs(), projectId: other.projectId });
    assert.deepEqual(diff.replaces, ["projectId"]);
  });

  it("refuses the name production, and to adopt the default environment, at preview", async () => {
    const named = await server.Environment.check({}, inputs({ name: "production" }));
    assert.deepEqual(
      named.failures.map(({ property }) => property),
      ["name"],
    );
    const adopted = await server.Environment.check({}, inputs({ import: environmentId }));
    assert.match(adopted.failures[0]?.reason ?? "", /default environment/);
  });

  it("mentions no loss if there is none", async () => {
    const { id, outs } = await server.Environment.create(inputs());
    await server.byHand("application.create", { name: "web", environmentId: id });
    await assert.rejects(
      server.Environment.delete(id, outs),
      /it still contains services: application "web" \(staging \d+\)\. Delete or move them first\.$/,
    );
  });

  it("owns variables that others of the run must keep, and none without env", async () => {
    const { id, outs } = await server.Environment.create(inputs());
    await server.byHand("environment.update", { environmentId: id, env: "HAND=1" });
    const block = withProvider({ target: { environmentId: id }, mode: "additive", env: { HAND: "1" } });
    server.newRun();
    await server.Environment.diff(id, outs, inputs());
    await server.EnvironmentBlock.delete(`environment/${id}`, block);
    assert.equal((await row(id))["env"], "");
    await server.byHand("environment.update", { environmentId: id, env: "HAND=1" });
    server.newRun();
    await server.Environment.diff(id, outs, inputs({ env: { HAND: "1" } }));
    await server.EnvironmentBlock.delete(`environment/${id}`, block);
    assert.equal((await row(id))["env"], "HAND=1");
  });

  it("is not deleted while services are left in it, and names them", async () => {
    const { id, outs } = await server.Environment.create(inputs());
    await server.byHand("application.create", { name: "web", environmentId: id });
    await assert.rejects(server.Environment.delete(id, outs), /not deleted.*application "web"/s);
    assert.ok(!server.calls().includes("environment.remove"));
  });
});
