import * as assert from "node:assert/strict";
import type { Kind } from "../faults/world";
import { type Declared, Program } from "./program";
import { makeProject, type Server, startServer, until } from "./server";

const COUNT = 10;
const composeFile = "services:\n  web:\n    image: acme/web:1\n";

/** Ten domains of a compose service are ten resources; Pulumi works on as many at a time as it has workers. */
describe("a change by several resources of a run around a service", function () {
  this.timeout(60_000);
  let server: Server;
  let composeId: string;
  let applicationId: string;
  beforeEach(async () => {
    server = await startServer();
    const { environmentId } = await makeProject(server);
    ({ id: composeId } = await server.Compose.create({
      environmentId,
      name: "wiki",
      source: { type: "raw", composeFile },
    }));
    ({ id: applicationId } = await server.Application.create({
      environmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
    }));
    server.newRun();
  });
  afterEach(() => server.close());

  const resources = (kind: string, inputs: (n: number) => object): Record<string, Declared> =>
    Object.fromEntries(
      Array.from({ length: COUNT }, (_, n) => [
        `${kind}-${n}`,
        { kind: kind as Kind, inputs: { ...inputs(n) } },
      ]),
    );
  const domains = (port: number) =>
    resources("Domain", (n) => ({ composeId, host: `wiki-${n}.example.com`, serviceName: "web", port }));
  const ports = (first: number) =>
    resources("Port", (n) => ({ applicationId, publishedPort: first + n, targetPort: 80 }));
  const deployments = () => server.calls().filter((call) => /\.(deploy|redeploy|reload)$/.test(call));
  /** Runs the program; a build lasts until all domains are saved, as it does on a server, however slow this machine is. */
  const upWhileBuilding = async (program: Program, port: number, parallel: number) => {
    server.emulator.holdBuilds();
    let hasEnded = false;
    const run = program.up(domains(port), { parallel }).finally(() => {
      hasEnded = true;
    });
    const saved = () => server.calls().filter((call) => /^domain\.(create|update)$/.test(call)).length;
    await until(() => hasEnded || saved() >= COUNT);
    server.emulator.releaseBuilds();
    return await run;
  };
  const live = async () => {
    const row = await server.byHand<{ domains: { port: number }[] }>("compose.one", { composeId });
    return row.domains.map(({ port }) => port);
  };

  it("reloads an application for an adopted port only if Docker does not run it with that port yet", async () => {
    for (const publishMode of ["host", "ingress"]) {
      const port = { applicationId, publishedPort: 2525, targetPort: 25, publishMode };
      const made = await server.byHand<{ portId: string }>("port.create", { ...port, protocol: "tcp" });
      const adopt = async () => {
        server.newRun();
        await server.of("Port").create({ ...port, import: made.portId });
        return deployments();
      };
      assert.deepEqual(await adopt(), ["application.reload"]);
      assert.deepEqual(await adopt(), []);
      await server.byHand("port.delete", { portId: made.portId });
    }
  });

  // Each part has a worker with 64. With fewer, those that are saved during a deployment share the next one.
  for (const [parallel, most] of [
    [64, 1],
    [8, 2],
    [2, 2],
  ] as const) {
    it(`takes effect with at most ${most} deployments when it is created, and when it changes, by ${parallel} workers`, async () => {
      const program = new Program(server);
      const assertFew = () => {
        const made = deployments();
        assert.ok(made.length >= 1 && made.length <= most, made.join());
        assert.deepEqual(new Set(made), new Set(["compose.deploy"]));
      };
      assert.deepEqual(await upWhileBuilding(program, 80, parallel), {});
      assertFew();
      server.newRun();
      assert.deepEqual(await upWhileBuilding(program, 8080, parallel), {});
      assertFew();
      assert.deepEqual(
        await live(),
        Array.from({ length: COUNT }, () => 8080),
      );
      server.newRun();
      assert.deepEqual(await program.up(domains(8080), { parallel }), {});
      assert.deepEqual(server.calls(), []);
    });
  }

  it("takes effect with a single worker too, which cannot know what comes next", async () => {
    const program = new Program(server);
    assert.deepEqual(await program.up(domains(80), { parallel: 1 }), {});
    assert.equal((await live()).length, COUNT);
    assert.ok(deployments().length >= 1 && deployments().length <= COUNT);
  });

  it("of two services takes effect with one deployment of each, and a reload if that is enough", async () => {
    const program = new Program(server);
    assert.deepEqual(await program.up({ ...domains(80), ...ports(2000) }, { parallel: 4 }), {});
    assert.deepEqual(deployments().sort(), ["application.reload", "compose.deploy"]);
  });

  it("fails with the deployment, in one resource that continues with it in the next run", async () => {
    const program = new Program(server);
    server.emulator.setOutcome(composeId, { status: "error" });
    const errors = await program.up(domains(80));
    assert.equal(Object.keys(errors).length, 1, JSON.stringify(errors));
    assert.match(Object.values(errors)[0] ?? "", /wiki/);
    server.emulator.setOutcome(composeId, undefined);
    server.newRun();
    assert.deepEqual(await program.up(domains(80)), {});
    assert.deepEqual(deployments(), ["compose.deploy"]);
    server.newRun();
    assert.deepEqual(await program.up(domains(80)), {});
    assert.deepEqual(server.calls(), []);
  });

  it("takes effect with one deployment when a part is removed", async () => {
    const made = await Promise.all(
      Object.values(domains(80)).map(({ inputs }) => server.of("Domain").create({ ...inputs })),
    );
    server.newRun();
    await Promise.all(made.map(({ id, outs }) => server.of("Domain").delete(id, outs)));
    assert.deepEqual(deployments(), ["compose.deploy"]);
    assert.deepEqual(await live(), []);
  });

  it("fails the deletion of a part only once, so that a service that cannot be deployed can be deleted next", async () => {
    const { id, outs } = await server
      .of("Domain")
      .create({ composeId, host: "wiki.example.com", serviceName: "web" });
    server.emulator.setOutcome(composeId, { status: "error" });
    server.newRun();
    await assert.rejects(server.of("Domain").delete(id, outs), /Deployment of compose "wiki" failed/);
    server.newRun();
    await server.of("Domain").delete(id, outs);
    assert.deepEqual(deployments(), ["compose.deploy"]);
    assert.match(
      server.warnings.join(),
      /was already deleted, but its service cannot be deployed without it\. Deployment of compose "wiki" failed/,
    );
    server.emulator.setOutcome(composeId, undefined);
  });

  const byHand: [Kind, () => object, string][] = [
    ["Domain", () => ({ composeId, host: "wiki.example.com", serviceName: "web" }), "compose.deploy"],
    ["Port", () => ({ applicationId, publishedPort: 2525, targetPort: 25 }), "application.reload"],
  ];
  for (const [kind, inputs, deployment] of byHand) {
    const router = kind.toLowerCase();
    const one = () => ({ one: { kind, inputs: { ...inputs() } } });
    const deleteByHand = (program: Program) =>
      server.byHand(`${router}.delete`, { [`${router}Id`]: program.id("one") });

    it(`takes effect with one deployment if a ${kind} that somebody deleted by hand is recreated`, async () => {
      const program = new Program(server);
      assert.deepEqual(await program.up(one()), {});
      await deleteByHand(program);
      server.newRun();
      assert.deepEqual(await program.up(one(), { refresh: true }), {});
      assert.deepEqual(deployments(), [deployment]);
      server.newRun();
      assert.deepEqual(await program.up(one(), { refresh: true }), {});
      assert.deepEqual(deployments(), []);
    });

    it(`takes effect with the deletion if a ${kind} is not recreated after it`, async () => {
      const program = new Program(server);
      assert.deepEqual(await program.up(one()), {});
      await deleteByHand(program);
      server.newRun();
      server.emulator.faults.add({ endpoint: `${router}.create`, status: 403 });
      assert.deepEqual(Object.keys(await program.up(one(), { refresh: true })), ["one"]);
      assert.deepEqual(deployments(), [deployment]);
    });
  }

  it("takes effect with one deployment of each service if a part goes from one to the other", async () => {
    const program = new Program(server);
    const of = (target: object) => ({
      one: { kind: "Domain" as Kind, inputs: { ...target, host: "a.example.com" } },
    });
    assert.deepEqual(await program.up(of({ composeId, serviceName: "web" })), {});
    server.newRun();
    assert.deepEqual(await program.up(of({ applicationId })), {});
    assert.deepEqual(deployments(), ["compose.deploy"]);
    assert.deepEqual(await live(), []);
  });

  it("waits for the first deployment of a service that never had one", async () => {
    const { environmentId } = await makeProject(server, "never");
    const { id } = await server.Compose.create({
      environmentId,
      name: "never",
      source: { type: "raw", composeFile },
      deploy: false,
    });
    server.newRun();
    const inputs = { composeId: id, host: "never.example.com", serviceName: "web" };
    const { outs } = await server.of("Domain").create(inputs);
    assert.deepEqual(deployments(), []);
    assert.equal(outs["pending"], undefined);
  });

  it("is kept back by deploy: false, and takes effect when that is removed", async () => {
    const inputs = { composeId, host: "held.example.com", serviceName: "web", deploy: false };
    const { id, outs } = await server.of("Domain").create(inputs);
    assert.deepEqual(deployments(), []);
    assert.equal(outs["pending"], "deploy");
    const { deploy: _, ...news } = inputs;
    server.newRun();
    assert.notEqual((await server.of("Domain").diff(id, outs, news)).changes, false);
    const { outs: applied } = await server.of("Domain").update(id, outs, news);
    assert.deepEqual(deployments(), ["compose.deploy"]);
    assert.equal(applied["pending"], undefined);
  });
});

describe("a registry", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const inputs = { name: "ghcr", url: "ghcr.io", username: "bot", password: "canary-right" };

  it("is not deleted while an application uses it", async () => {
    const { environmentId } = await makeProject(server);
    const { id, outs } = await server.of("Registry").create(inputs);
    // Names come from the server, where somebody else may have chosen them.
    const application = { environmentId, name: "web", source: { type: "docker", image: "acme/web:1" } };
    const made = await server.Application.create({ ...application, registryId: id });
    await assert.rejects(server.of("Registry").delete(id, outs), /not deleted, since .*"web"/);
    await server.byHand("application.update", { applicationId: made.id, name: "web\n::error::x" });
    await assert.rejects(server.of("Registry").delete(id, outs), /"web\\n::error::x"/);
    await server.Application.delete(made.id, made.outs);
    await server.of("Registry").delete(id, outs);
    assert.deepEqual(await server.byHand("registry.all", {}), []);
  });

  it("with a login that does not work is an error, also in the next run, though Dokploy has saved it", async () => {
    server.emulator.registry.logins.set("ghcr.io", { username: "bot", password: "canary-right" });
    const wrong = { ...inputs, password: "canary-wrong" };
    await assert.rejects(server.of("Registry").create(wrong), (error: Error) => {
      assert.match(error.message, /unauthorized/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
    assert.deepEqual(await server.byHand("registry.all", {}), []);
    const { id, outs } = await server.of("Registry").create(inputs);
    const moved = { ...inputs, username: "other" };
    await assert.rejects(server.of("Registry").update(id, outs, moved), /unauthorized/);
    server.newRun();
    await assert.rejects(server.of("Registry").update(id, outs, moved), /unauthorized/);
    server.emulator.registry.logins.set("ghcr.io", { username: "other", password: "canary-right" });
    await server.of("Registry").update(id, outs, moved);
  });

  const refusedChanges: readonly [what: string, wrong: object][] = [
    ["password", { password: "canary-wrong" }],
    ["password and more", { password: "canary-wrong", imagePrefix: "acme", name: "other" }],
    ["user", { username: "other" }],
  ];
  for (const [what, wrong] of refusedChanges) {
    for (const refresh of [false, true]) {
      it(`is as it was once a change of its ${what} that did not work is removed again${refresh ? ", after a refresh too" : ""}`, async () => {
        server.emulator.registry.logins.set("ghcr.io", { username: "bot", password: "canary-right" });
        const program = new Program(server);
        const registry = (given: object): Record<string, Declared> => ({
          ghcr: { kind: "Registry" as Kind, inputs: { ...inputs, ...given } },
        });
        const row = async () => (await server.byHand<Record<string, unknown>[]>("registry.all", {}))[0];
        assert.deepEqual(await program.up(registry({})), {});
        const before = await row();
        server.newRun();
        assert.match((await program.up(registry(wrong)))["ghcr"] ?? "", /unauthorized/);
        assert.notDeepEqual(await row(), before);
        server.newRun();
        assert.deepEqual(await program.up(registry({}), { refresh }), {});
        assert.deepEqual(await row(), before);
        server.newRun();
        assert.deepEqual(await program.up(registry({}), { refresh }), {});
        assert.ok(!server.calls().includes("registry.update"), server.calls().join());
      });
    }
  }
});
