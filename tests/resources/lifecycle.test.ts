import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer } from "./server";

/** What holds for every kind of resource, shown by one. */
describe("the life of a resource", () => {
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  beforeEach(() => server.newRun());
  afterEach(() => server.emulator.faults.clear());
  after(() => server?.close());

  const application = (name: string, more: object = {}) => ({
    environmentId,
    name,
    source: { type: "docker", image: "acme/api:1" },
    env: { A: "1" },
    ...more,
  });

  it("shows no secret that a refused call quotes, though it was sent with another one", async () => {
    const body = { message: "Invalid value: canary-value", code: "BAD_REQUEST" };
    server.emulator.faults.add({ endpoint: "application.create", status: 400, body });
    const inputs = application("quoted", { env: { KEY: "canary-value" } });
    const error = await server.Application.create(inputs).catch((error: Error) => error);
    assert.ok(error instanceof Error);
    assert.match(error.message, /Invalid value: \[secret\]/);
    assert.doesNotMatch(error.message + error.stack, /canary/);
  });

  it("shows no secret of other inputs that an aborted save quotes", async () => {
    const inputs = application("half", { env: { KEY: "canary-value" } });
    const { id, outs } = await server.Application.create(inputs);
    server.newRun();
    const body = { message: "No answer for canary-value", code: "INTERNAL_SERVER_ERROR" };
    const endpoint = "application.update";
    server.emulator.faults.add({ endpoint, times: Number.POSITIVE_INFINITY, status: 500, body });
    const moved = { ...inputs, description: "changed" };
    const error = await server.Application.update(id, outs, moved).catch((error: Error) => error);
    assert.ok(error instanceof Error && "reasons" in error, "what may have been saved is kept in the state");
    assert.match(error.message, /No answer for \[secret\]/);
    assert.doesNotMatch(error.message + String(error.reasons), /canary/);
  });

  it("is planned with all checks also after a refresh in the same run", async () => {
    const inputs = application("planned");
    const { id, outs } = await server.Application.create(inputs);
    server.newRun();
    const broken = application("planned", { env: { A: "${{project.NOWHERE}}" } });
    await server.Application.read(id, outs);
    await server.Application.diff(id, outs, broken);
    await server.Application.check(inputs, broken);
    await assert.rejects(server.Application.diff(id, outs, broken), /env\.A: .*NOWHERE/);
  });

  it("continues with an adoption that failed, when Pulumi calls once more", async () => {
    const { id } = await server.Application.create(application("adopted"));
    server.newRun();
    server.emulator.faults.add({ endpoint: "application.one", status: 403 });
    const adopting = application("adopted", { import: id });
    await assert.rejects(server.Application.create(adopting), /403/);
    assert.equal((await server.Application.create(adopting)).id, id);
  });

  it("deploys changes by hand after an adoption without a deployment", async () => {
    const { id } = await server.Application.create(application("by-hand"));
    server.newRun();
    const { outs } = await server.Application.create(application("by-hand", { import: id }));
    assert.deepEqual(
      server.calls().filter((call) => call.endsWith(".deploy")),
      [],
    );
    await server.byHand("application.update", { applicationId: id, env: "A=2" });
    server.newRun();
    const { props = {} } = await server.Application.read(id, outs);
    assert.equal(props["pending"], "deploy");
  });

  it("says what happens to unfinished work and to changes by hand", async () => {
    const { id, outs } = await server.Application.create(application("told"));
    const said = async (olds: Record<string, unknown>, isRefresh: boolean) => {
      server.newRun();
      server.warnings.length = 0;
      const inputs = application("told");
      if (isRefresh) await server.Application.read(id, outs);
      else await server.Application.check({ ...inputs, env: olds["env"] }, inputs);
      await server.Application.diff(id, olds, inputs);
      return server.warnings.join();
    };
    const left = { ...outs, pending: "deploy" };
    const byHand = { ...left, env: { A: "by hand" } };
    assert.match(
      await said(left, true),
      /"told": the configuration saved in Dokploy has not taken effect yet; an update applies it\.$/,
    );
    assert.match(
      await said(byHand, true),
      /"told": it was changed outside of this program; an update undoes that\.$/,
    );
    assert.deepEqual(server.codes.slice(-2), ["unfinished", "drift"]);
    assert.match(
      await said(left, false),
      /has not taken effect yet, so it is applied although no input changes\.$/,
    );
    assert.equal(await said(byHand, false), "");
  });

  it("attributes values that a failed update saved to that update, not to a person", async () => {
    const former = application("failing");
    const { id, outs } = await server.Application.create(former);
    server.newRun();
    server.emulator.setOutcome(id, { status: "error", log: "no" });
    const news = application("failing", { env: { A: "2" } });
    const error = await server.Application.update(id, outs, news).catch((error: object) => error);
    const { properties } = error as { properties: Record<string, unknown> };
    server.newRun();
    server.warnings.length = 0;
    const { props = {} } = await server.Application.read(id, properties);
    // The engine keeps the inputs of before a failed update, beside the outputs of it.
    await server.Application.diff(id, props, former);
    assert.match(
      server.warnings.join(),
      /"failing": changes saved by a failed update have not taken effect yet; the next update saves and applies the inputs of the program\.$/,
    );
    await server.byHand("application.update", { applicationId: id, env: "A=3" });
    server.newRun();
    server.warnings.length = 0;
    const { props: changed = {} } = await server.Application.read(id, properties);
    await server.Application.diff(id, changed, former);
    assert.match(server.warnings.join(), /it was changed outside of this program; an update undoes that\.$/);
  });

  it("names in a plan the values that it writes again after a failed update, and no unchanged inputs", async () => {
    const env = { LEVEL: "4", SAME: "1", TOKEN: "canary-4" };
    const former = application("reverted", { env });
    const { id, outs } = await server.Application.create(former);
    server.newRun();
    server.emulator.setOutcome(id, { status: "error", log: "no" });
    const image = { type: "docker", image: "acme/api:5" };
    const saved = { env: { LEVEL: "5", SAME: "1", TOKEN: "canary-5", NEW: "1" }, source: image };
    const error = await server.Application.update(id, outs, application("reverted", saved)).catch(
      (failure: object) => failure,
    );
    const { properties } = error as { properties: Record<string, unknown> };
    const said = async (news: Record<string, unknown>) => {
      server.newRun();
      server.warnings.length = 0;
      // The engine checks with the inputs of before a failed update, and compares with its outputs.
      await server.Application.check(former, news);
      await server.Application.diff(id, properties, news);
      return server.warnings.join("\n");
    };
    assert.equal(
      await said(former),
      'Application "reverted": a failed update saved changes that this plan does not show, and this update ' +
        "overwrites them: source.image, env.LEVEL, env.TOKEN, env.NEW.",
    );
    assert.equal(
      await said(application("reverted", { env: { ...env, LEVEL: "6", TOKEN: "canary-6" }, source: image })),
      'Application "reverted": a failed update saved changes that this plan does not show, and this update ' +
        "overwrites them: env.NEW.",
    );
    assert.equal(
      await said(application("reverted", saved)),
      'Application "reverted": a failed update has already saved this, but it has not taken effect yet, so it is ' +
        "applied now.",
    );
    const more = { env: { ...saved.env, LEVEL: "6" }, source: image };
    assert.equal(await said(application("reverted", more)), "");
  });

  it("leaves resources outside of the selection to another run, even if Pulumi retries failed ones", async () => {
    const inputs = application("left", { env: { A: "1" } });
    const { id, outs } = await server.Application.create(inputs);
    const due = { ...outs, pending: "deploy" };
    server.newRun({ only: "other" });
    assert.deepEqual(await server.Application.diff(id, due, inputs), { changes: false });
    const left = await server.Application.update(id, due, inputs);
    assert.deepEqual(server.calls(), []);
    assert.equal(left.outs["pending"], "deploy");
    server.newRun({ only: "left" });
    assert.deepEqual(await server.Application.diff(id, due, inputs), { changes: true });
    const done = await server.Application.update(id, due, inputs);
    assert.equal(done.outs["pending"], undefined);
  });
});
