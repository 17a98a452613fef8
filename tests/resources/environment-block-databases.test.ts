import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { databaseKinds } from "../../provider/dokploy/kinds";
import { existing } from "../../provider/engine/variable-targets/find";
import type { Service } from "../../provider/engine/variable-targets/host";
import { secret } from "../../provider/pulumi/secret";
import { isGone, makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("EnvironmentBlock of a database", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ projectId, environmentId } = await makeProject(server));
    await server.byHand("project.update", { projectId, env: "ZONE=Europe/Berlin" });
  });
  after(() => server.close());
  beforeEach(() => {
    server.emulator.faults.clear();
    server.newRun();
    server.warnings.length = 0;
  });

  async function make(kind: string, env?: string, deployed = true): Promise<string> {
    const credentials = { databaseName: "db", databaseUser: "u", databasePassword: "Passw0rd" };
    const libsql = {
      appName: "db",
      description: null,
      sqldNode: "primary",
      sqldPrimaryUrl: null,
      serverId: null,
    };
    await server.byHand(`${kind}.create`, {
      name: "orders",
      environmentId,
      ...credentials,
      ...(kind === "libsql" ? libsql : {}),
    });
    const lists = await server.byHand<Record<string, Record<string, string>[]>>("environment.one", {
      environmentId,
    });
    const id = lists[kind]?.at(-1)?.[`${kind}Id`] ?? "";
    if (env !== undefined) await server.byHand(`${kind}.saveEnvironment`, { [`${kind}Id`]: id, env });
    if (deployed) await server.byHand(`${kind}.deploy`, { [`${kind}Id`]: id });
    server.newRun();
    return id;
  }

  const row = (id: string) => server.byHand<Values>("postgres.one", { postgresId: id });
  const block = (id: string, more: Values) => withProvider({ target: { postgresId: id }, ...more });
  const handlers = () => server.EnvironmentBlock;

  for (const kind of databaseKinds) {
    it(`${kind}: saves, deploys once, and proves that its container has the variables`, async () => {
      const id = await make(kind, "# by hand\nOLD=1\n");
      const inputs = withProvider({
        target: { [`${kind}Id`]: id },
        env: { TZ: "${{project.ZONE}}", BRACES: "{{x}}" },
      });
      const { id: blockId, outs } = await handlers().create(inputs);
      assert.equal(blockId, `${kind}/${id}`);
      assert.deepEqual(server.calls(), [`${kind}.one`, `${kind}.saveEnvironment`, `${kind}.deploy`]);
      assert.ok(server.emulator.calls.some(({ endpoint }) => endpoint === "docker.getConfig"));
      const { TZ, BRACES, OLD } = server.emulator.containerEnv(id) ?? {};
      assert.deepEqual({ TZ, BRACES, OLD }, { TZ: "Europe/Berlin", BRACES: "{{x}}", OLD: undefined });
      assert.equal(outs["status"], "done");
      assert.deepEqual(outs["lastDeployment"], { status: "done" });
    });
  }

  it("only reads, saves and deploys, and never calls rebuild, which deletes the data", async () => {
    const id = await make("postgres");
    const made = await handlers().create(block(id, { env: { A: "1" } }));
    const { outs } = await handlers().update(made.id, made.outs, block(id, { env: { A: "2" } }));
    await handlers().read(made.id, outs);
    await handlers().delete(made.id, outs);
    const touched = new Set(server.calls());
    assert.deepEqual([...touched].sort(), ["postgres.deploy", "postgres.one", "postgres.saveEnvironment"]);
  });

  it("deploys a database that was never deployed, as it does other services", async () => {
    const id = await make("postgres", undefined, false);
    await handlers().create(block(id, { env: { TZ: "UTC" } }));
    assert.equal(server.emulator.containerEnv(id)?.["TZ"], "UTC");
  });

  it("deploys nothing when the variables exist, whether it runs or is stopped", async () => {
    const id = await make("postgres", "TZ=UTC");
    await handlers().create(block(id, { env: { TZ: "UTC" } }));
    await server.byHand("postgres.stop", { postgresId: id });
    server.newRun();
    await handlers().create(block(id, { env: { TZ: "UTC" } }));
    assert.deepEqual(server.calls(), ["postgres.one"]);
  });

  it("deploys when its last deployment failed, though the variables exist", async () => {
    const id = await make("postgres", "TZ=UTC");
    await server.byHand("postgres.update", { postgresId: id, applicationStatus: "error" });
    server.newRun();
    await handlers().create(block(id, { env: { TZ: "UTC" } }));
    assert.deepEqual(server.calls(), ["postgres.one", "postgres.deploy"]);
  });

  it("deploy: false saves only, and the next update without it applies", async () => {
    const id = await make("postgres");
    const made = await handlers().create(block(id, { env: { TZ: "UTC" }, deploy: false }));
    assert.equal(server.emulator.containerEnv(id)?.["TZ"], undefined);
    assert.equal(made.outs["pending"], "deploy");
    const { outs } = await handlers().update(made.id, made.outs, block(id, { env: { TZ: "UTC" } }));
    assert.equal(server.emulator.containerEnv(id)?.["TZ"], "UTC");
    assert.equal(outs["pending"], undefined);
  });

  it("additive: owns only its names, and on deletion removes only those", async () => {
    const id = await make("postgres", "# by hand\nKEEP=1\n");
    const made = await handlers().create(block(id, { mode: "additive", env: { MINE: "1" } }));
    assert.equal((await row(id))["env"], "# by hand\nKEEP=1\nMINE=1\n");
    server.newRun();
    await handlers().delete(made.id, made.outs);
    assert.equal((await row(id))["env"], "# by hand\nKEEP=1\n");
    assert.equal(server.calls().includes("postgres.deploy"), false);
  });

  it("shows drift key by key, as secret, and a database that is gone as gone", async () => {
    const id = await make("postgres");
    const made = await handlers().create(block(id, { env: { SAME: "1", CHANGED: "1" } }));
    await server.byHand("postgres.saveEnvironment", { postgresId: id, env: "SAME=1\nCHANGED=2\nADDED=3" });
    const { inputs } = await handlers().read(made.id, made.outs);
    assert.deepEqual(inputs?.["env"], { SAME: "1", CHANGED: secret("2"), ADDED: secret("3") });
    await server.byHand("postgres.remove", { postgresId: id });
    assert.ok(isGone(await handlers().read(made.id, made.outs)));
    await handlers().delete(made.id, made.outs);
  });

  it("may refer to the variables that Dokploy sets itself", async () => {
    const id = await make("postgres");
    const env = { URL: "postgres://u:${{POSTGRES_PASSWORD}}@localhost/db" };
    assert.deepEqual((await handlers().check({}, block(id, { env }))).failures, []);
    await handlers().create(block(id, { env }));
    assert.equal(server.emulator.containerEnv(id)?.["URL"], "postgres://u:Passw0rd@localhost/db");
  });

  it("checks only its own variables, since Dokploy's may differ in another version", async () => {
    const id = await make("postgres", "B=1\n");
    const database = (await existing({ postgresId: id }, server.context.api)) as Service;
    assert.deepEqual(database.withTexts({ env: "A=${{POSTGRES_DB}}" }).expected?.expectEnv, { A: "db" });
    assert.deepEqual(database.withTexts({}).expected?.expectEnv, { B: "1" });
  });

  it("refuses a reference that does not exist before anything is saved", async () => {
    const id = await make("postgres");
    await assert.rejects(
      handlers().create(block(id, { env: { URL: "${{project.NOPE}}" } })),
      /env\.URL: .*project\.NOPE/,
    );
    assert.deepEqual(server.calls(), ["postgres.one"]);
  });

  it("warns at preview, by name, of what it adopts", async () => {
    const id = await make("postgres", "GONE=canary-1\nOLD=canary-2");
    const { failures } = await handlers().check({}, block(id, { env: { OLD: "3" } }));
    assert.deepEqual(failures, []);
    assert.match(server.warnings.join(), /Postgres database "orders" \(.*\): removes GONE; changes OLD/);
    assert.doesNotMatch(server.warnings.join(), /canary/);
  });

  it("says at preview when there is no such database", async () => {
    for (const kind of databaseKinds) {
      const { failures } = await handlers().check(
        {},
        withProvider({ target: { [`${kind}Id`]: "nope00000000000000000" }, env: {} }),
      );
      assert.deepEqual(
        failures.map(({ property }) => property),
        [`target.${kind}Id`],
      );
      assert.match(failures[0]?.reason ?? "", /^Dokploy has no \w+ database nope00000000000000000/);
    }
  });

  for (const [what, more, property, reason] of [
    ["build arguments", { buildArgs: { A: "1" } }, "buildArgs", /a Postgres database has only env/],
    ["build secrets", { buildSecrets: { A: "1" } }, "buildSecrets", /a Postgres database has only env/],
    ["a reload", { deploy: { method: "reload" } }, "deploy.method", /only with a deployment: use "deploy"/],
    [
      "a redeploy",
      { deploy: { method: "redeploy" } },
      "deploy.method",
      /only with a deployment: use "deploy"/,
    ],
    ["a title", { deploy: { title: "t" } }, "deploy.title", /no record of a database's deployment/],
    ["redeployReferrers", { redeployReferrers: true }, "redeployReferrers", /projects and environments/],
  ] as const) {
    it(`refuses ${what}, with the reason`, async () => {
      const { failures } = await handlers().check({}, block("any000000000000000000", { env: {}, ...more }));
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }

  it("a failed deployment fails the update with Dokploy's reason, without a secret, and is repeated", async () => {
    const id = await make("postgres");
    server.emulator.setOutcome(id, {
      status: "error",
      log: "expanding env failed: TOKEN=canary-token Passw0rd",
    });
    const inputs = block(id, { env: { TOKEN: "canary-token" } });
    const failure = await handlers()
      .create(inputs)
      .then(
        () => assert.fail("it was refused"),
        (error: { reasons: string[]; properties: Values }) => error,
      );
    const message = failure.reasons.join();
    assert.match(message, /Deployment of postgres "orders" failed: expanding env failed: TOKEN=/);
    assert.doesNotMatch(message, /canary-token|Passw0rd/);
    assert.equal(failure.properties["pending"], "deploy");
    assert.equal(failure.properties["status"], "error");
    server.emulator.setOutcome(id, undefined);
    server.newRun();
    const { outs } = await handlers().update(`postgres/${id}`, failure.properties, inputs);
    assert.deepEqual(server.calls(), ["postgres.one", "postgres.deploy"]);
    assert.deepEqual(outs["lastDeployment"], { status: "done" });
  });

  it("explains a known cause: an image that does not exist", async () => {
    const id = await make("postgres");
    await server.byHand("postgres.update", { postgresId: id, dockerImage: "acme/postgres:missing" });
    await assert.rejects(handlers().create(block(id, { env: { A: "1" } })), (error: { reasons: string[] }) =>
      /failed: .*acme\/postgres:missing/.test(error.reasons.join()),
    );
  });

  it("a container that does not run fails the update, with what it printed", async () => {
    const id = await make("redis", undefined, false);
    server.emulator.setContainers(id, { kind: "crash-loop", exitCode: 3, output: "bad option MAXMEMORY" });
    await assert.rejects(
      handlers().create(withProvider({ target: { redisId: id }, env: { MAXMEMORY: "x" } })),
      (error: { reasons: string[] }) => {
        const message = error.reasons.join();
        assert.match(message, /Redis database "orders" is deployed, but does not run: .*exit code 3/);
        assert.match(message, /bad option MAXMEMORY/);
        return true;
      },
    );
  });

  it("sees that Swarm rolled back to the old version", async () => {
    const id = await make("postgres", "A=1");
    server.emulator.setContainers(id, { kind: "rolled-back" });
    await assert.rejects(handlers().create(block(id, { env: { A: "2" } })), (error: { reasons: string[] }) =>
      /Postgres database "orders" .*old version/s.test(error.reasons.join()),
    );
  });

  it("rollbackOnFailure restores the former variables and deploys them", async () => {
    const id = await make("postgres", "A=1");
    const made = await handlers().create(block(id, { env: { A: "1" } }));
    server.emulator.setContainers(id, { kind: "crash-loop" });
    const inputs = block(id, { env: { A: "2" }, deploy: { rollbackOnFailure: true } });
    const updating = handlers().update(made.id, made.outs, inputs);
    await assert.rejects(updating, /previous configuration was restored and deployed again/);
    assert.equal((await row(id))["env"], "A=1");
    assert.equal(server.emulator.containerEnv(id)?.["A"], "1");
  });

  describe("when the response to the deployment is lost", () => {
    const lost = (fault: { cut?: "before" | "after"; status?: number; acted?: boolean }) =>
      server.emulator.faults.add({ endpoint: "postgres.deploy", ...fault });
    const deployed = { waitFor: "deployed" };

    it("treats new containers as proof that it happened", async () => {
      const id = await make("postgres");
      lost({ cut: "after" });
      const { outs } = await handlers().create(block(id, { env: { A: "1" } }));
      assert.deepEqual(outs["lastDeployment"], { status: "done" });
    });

    it("does not treat it as done when the containers are the old ones", async () => {
      const id = await make("postgres");
      lost({ status: 502 });
      const creating = handlers().create(
        block(id, { env: { A: "1" }, deploy: { runningTimeoutSeconds: 20 } }),
      );
      await assert.rejects(creating, (error: { reasons: string[]; properties: Values }) => {
        assert.match(error.reasons.join(), /did not take place/);
        assert.equal(error.properties["pending"], "deploy");
        return true;
      });
    });

    it("waits while the status is running, and takes the status that follows", async () => {
      const id = await make("postgres");
      await server.byHand("postgres.saveEnvironment", { postgresId: id, env: "A=1" });
      for (const status of ["done", "error"]) {
        server.newRun();
        await server.byHand("postgres.update", { postgresId: id, applicationStatus: "running" });
        lost({ cut: "before" });
        const creating = handlers().create(block(id, { env: { A: "1" }, deploy: deployed }));
        const reads = () => server.calls().filter((call) => call === "postgres.one").length;
        while (reads() < 4) await new Promise((resolve) => setTimeout(resolve, 2));
        await server.byHand("postgres.update", { postgresId: id, applicationStatus: status });
        if (status === "done") await creating;
        else {
          await assert.rejects(creating, (error: { reasons: string[] }) =>
            /failed: the response with the reason was lost/.test(error.reasons.join()),
          );
        }
      }
    });

    it("knows that the first deployment happened by its status", async () => {
      const id = await make("postgres", undefined, false);
      lost({ cut: "after" });
      const { outs } = await handlers().create(block(id, { env: { A: "1" }, deploy: deployed }));
      assert.equal(outs["status"], "done");
    });

    it("says so when nothing can know, and deploys again with the next update", async () => {
      const id = await make("postgres");
      lost({ cut: "before" });
      const inputs = block(id, { env: { A: "1" }, deploy: deployed });
      const failure = await handlers()
        .create(inputs)
        .then(
          () => assert.fail("it was not told"),
          (error: { reasons: string[]; properties: Values }) => error,
        );
      assert.match(failure.reasons.join(), /may or may not have happened/);
      server.newRun();
      await handlers().update(`postgres/${id}`, failure.properties, inputs);
      assert.equal(server.emulator.containerEnv(id)?.["A"], "1");
    });

    it("gives up after the time that the program gives", async () => {
      const id = await make("postgres");
      await server.byHand("postgres.update", { postgresId: id, applicationStatus: "running" });
      lost({ cut: "before" });
      await assert.rejects(
        handlers().create(block(id, { env: { A: "1" }, deploy: { timeoutSeconds: 10 } })),
        (error: { reasons: string[] }) => /has not ended within/.test(error.reasons.join()),
      );
    });
  });

  it("checks no target that is not known yet", async () => {
    const target = { postgresId: runtime.unknownValue };
    const { failures } = await handlers().check({}, withProvider({ target, env: { A: "1" } }));
    assert.deepEqual(failures, []);
    assert.deepEqual(server.calls(), []);
  });
});
