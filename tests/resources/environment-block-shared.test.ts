import * as assert from "node:assert/strict";
import { secret } from "../../provider/pulumi/secret";
import { isGone, makeProject, plain, type Server, startServer, until, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("EnvironmentBlock of shared variables", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  let applicationId: string;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    ({ projectId, environmentId } = await makeProject(server));
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      name: "api",
      environmentId,
      sourceType: "docker",
    });
    applicationId = made.applicationId;
    server.emulator.faults.clear();
    server.newRun();
    server.warnings.length = 0;
  });

  const handlers = () => server.EnvironmentBlock;
  const calls = (endpoint: string) => server.calls().filter((call) => call === endpoint).length;
  const deployments = () =>
    server.byHand<unknown[]>("deployment.all", { applicationId }).then(({ length }) => length);

  /** An application that runs, with these variables. */
  async function running(env: string): Promise<void> {
    await server.byHand("application.update", { applicationId, dockerImage: "acme/api:1", env });
    await server.byHand("application.deploy", { applicationId });
    while (server.emulator.containerEnv(applicationId) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 2));
    server.newRun();
  }

  for (const kind of ["project", "environment"] as const) {
    describe(`of ${kind === "project" ? "a project" : "an environment"}`, () => {
      const idOf = () => (kind === "project" ? projectId : environmentId);
      const block = (more: Values) => withProvider({ target: { [`${kind}Id`]: idOf() }, ...more });
      const text = async () => (await server.byHand<Values>(`${kind}.one`, { [`${kind}Id`]: idOf() }))["env"];
      const save = (env: string) => server.byHand(`${kind}.update`, { [`${kind}Id`]: idOf(), env });

      it("saves the variables and nothing else, and deploys nothing", async () => {
        await save("OLD=1");
        server.newRun();
        const { id, outs } = await handlers().create(block({ env: { REGION: "eu", NAME: "a b" } }));
        assert.equal(id, `${kind}/${idOf()}`);
        assert.deepEqual(server.calls(), [`${kind}.one`, `${kind}.update`]);
        assert.deepEqual(
          Object.keys(
            server.emulator.calls.find(({ endpoint }) => endpoint === `${kind}.update`)?.input as Values,
          ).sort(),
          ["env", `${kind}Id`],
        );
        assert.equal(await text(), "REGION=eu\nNAME=a b");
        for (const name of ["status", "appName", "pending", "lastDeployment"])
          assert.equal(outs[name], undefined);
      });

      it("saves nothing when the variables exist", async () => {
        await save("# by hand\nB=2\nA=1");
        server.newRun();
        await handlers().create(block({ env: { A: "1", B: "2" } }));
        assert.deepEqual(server.calls(), [`${kind}.one`]);
      });

      it("additive: keeps every other byte, and on deletion removes only its own", async () => {
        await save("# by hand\r\nKEEP=1\r\n");
        const made = await handlers().create(block({ mode: "additive", env: { A: "1", B: "2" } }));
        server.newRun();
        const { outs } = await handlers().update(
          made.id,
          made.outs,
          block({ mode: "additive", env: { A: "3" } }),
        );
        assert.equal(await text(), "# by hand\r\nKEEP=1\r\nA=3\r\n");
        server.newRun();
        await handlers().delete(made.id, outs);
        assert.equal(await text(), "# by hand\r\nKEEP=1\r\n");
      });

      it("exclusive: deletion removes only what it gave", async () => {
        const made = await handlers().create(block({ env: { A: "1" } }));
        await save("A=1\nBY_HAND=2");
        server.newRun();
        await handlers().delete(made.id, made.outs);
        assert.equal(await text(), "BY_HAND=2");
      });

      it("two additive blocks that run at once lose nothing", async () => {
        await Promise.all(
          ["A", "B", "C"].map((name) => handlers().create(block({ mode: "additive", env: { [name]: "1" } }))),
        );
        for (const name of ["A", "B", "C"]) assert.match(String(await text()), new RegExp(`^${name}=1`, "m"));
      });

      it("shows drift key by key, as secret; a missing one is dropped, and its deletion succeeds", async () => {
        const made = await handlers().create(block({ env: { SAME: "1", CHANGED: "1", GONE: "1" } }));
        await save("SAME=1\nCHANGED=2\nADDED=3");
        const { inputs, props } = await handlers().read(made.id, made.outs);
        assert.deepEqual(inputs?.["env"], { SAME: "1", CHANGED: secret("2"), ADDED: secret("3") });
        assert.equal(props?.["pending"], undefined);
        await server.byHand("application.delete", { applicationId });
        await server.byHand("project.remove", { projectId });
        assert.ok(isGone(await handlers().read(made.id, made.outs)));
        await handlers().delete(made.id, made.outs);
      });

      it("undoes changes by hand since the plan, if the program agrees to that", async () => {
        const made = await handlers().create(block({ env: { A: "1" } }));
        await save("A=by-hand");
        const news = { env: { A: "1", B: "2" } };
        await assert.rejects(
          handlers().update(made.id, made.outs, block(news)),
          /would overwrite A: nothing/,
        );
        assert.equal(await text(), "A=by-hand");
        await handlers().update(made.id, made.outs, block({ ...news, overwriteVariables: true }));
        assert.equal(await text(), "A=1\nB=2");
      });

      it("warns at preview, by name, of what it adopts", async () => {
        await save("GONE=canary-1\nOLD=canary-2");
        const { failures } = await handlers().check({}, block({ env: { OLD: "3" } }));
        assert.deepEqual(failures, []);
        const warnings = server.warnings.join();
        assert.match(warnings, new RegExp(`of the ${kind} ".*\\): removes GONE; changes OLD`));
        assert.doesNotMatch(warnings, /canary/);
      });

      it("says at preview when it does not exist", async () => {
        const { failures } = await handlers().check(
          {},
          withProvider({ target: { [`${kind}Id`]: "nope00000000000000000" }, env: {} }),
        );
        assert.deepEqual(failures, [
          {
            property: `target.${kind}Id`,
            reason: `Dokploy has no ${kind} nope00000000000000000 (or this key cannot see it)`,
          },
        ]);
      });

      it("treats saved values as saved when the response is lost", async () => {
        server.emulator.faults.add({ endpoint: `${kind}.update`, status: 500, acted: true });
        await handlers().create(block({ env: { A: "1" } }));
        assert.equal(await text(), "A=1");
      });

      it("keeps the former values in the state when new ones may have been saved without a response", async () => {
        await save("THEIRS=1");
        const olds = block({ mode: "additive", env: { A: "1" } });
        const { id, outs } = await handlers().create(olds);
        server.newRun();
        server.emulator.faults.add({ endpoint: `${kind}.update`, times: 99, cut: "after", delayMs: 100 });
        const failing = handlers()
          .update(id, outs, block({ mode: "additive", env: { A: "2" } }))
          .then(
            () => assert.fail("the response was lost"),
            (error: { properties: Values }) => error.properties,
          );
        await until(() => calls(`${kind}.update`) > 0);
        // The look that would show it fails as well.
        server.emulator.faults.add({ endpoint: `${kind}.one`, times: 99, status: 401 });
        const left = plain(await failing);
        assert.deepEqual([left["env"], left["unconfirmed"]], [{ A: "1" }, ["env.A"]]);
      });

      it("leaves variables to a resource that adopts them in the same run", async () => {
        const made = await handlers().create(block({ env: { A: "1", B: "2" } }));
        server.newRun();
        const env = { A: "1" };
        const owner =
          kind === "project"
            ? server.Project.diff(
                projectId,
                withProvider({ name: "shop" }),
                withProvider({ name: "shop", env }),
              )
            : server.Environment.diff(
                environmentId,
                withProvider({ projectId, name: "production" }),
                withProvider({ projectId, name: "production", env }),
              );
        await owner;
        await handlers().delete(made.id, made.outs);
        assert.equal(await text(), "A=1\nB=2");
      });

      for (const [what, more, property, reason] of [
        ["build arguments", { buildArgs: {} }, "buildArgs", / has only env/],
        ["build secrets", { buildSecrets: {} }, "buildSecrets", / has only env/],
        ["a deployment", { deploy: true }, "deploy", /next deployment of each service that refers to them/],
      ] as const) {
        it(`refuses ${what}, with the reason`, async () => {
          const { failures } = await handlers().check({}, block({ env: {}, ...more }));
          assert.deepEqual(
            failures.map((failure) => failure.property),
            [property],
          );
          assert.match(failures[0]?.reason ?? "", reason);
        });
      }

      it("needs variables", async () => {
        const { failures } = await handlers().check({}, block({}));
        assert.deepEqual(
          failures.map((failure) => failure.property),
          ["env"],
        );
      });

      it("refuses values that a shared variable cannot hold", async () => {
        const { failures } = await handlers().check({}, block({ env: { A: "${{project.B}}", "B C": "1" } }));
        assert.deepEqual(failures.map((failure) => failure.property).sort(), ["env.A", "env.B C"]);
      });

      it("a change reaches no service alone; redeployReferrers deploys those that refer to it", async () => {
        const reference = `\${{${kind}.REGION}}`;
        await save("REGION=eu\nOTHER=1");
        await running(`WHERE=${reference}`);
        const base = { mode: "additive", env: { REGION: "eu" } };
        const made = await handlers().create(block(base));
        const next = { ...base, env: { REGION: "us" } };
        const saved = await handlers().update(made.id, made.outs, block(next));
        assert.equal(server.emulator.containerEnv(applicationId)?.["WHERE"], "eu");
        assert.equal(await deployments(), 1);

        const deploying = { ...base, env: { REGION: "asia" }, redeployReferrers: true };
        const { outs } = await handlers().update(made.id, saved.outs, block(deploying));
        assert.equal(server.emulator.containerEnv(applicationId)?.["WHERE"], "asia");
        assert.equal(calls("application.deploy"), 1);

        const unrelated = { ...deploying, env: { REGION: "asia", MORE: "2" } };
        await handlers().update(made.id, outs, block(unrelated));
        assert.equal(calls("application.deploy"), 1, "nobody refers to MORE");
      });

      it("keeps in the state which service was not deployed, and deploys it with the next update", async () => {
        await save("REGION=eu");
        await running(`WHERE=\${{${kind}.REGION}}`);
        const inputs = block({ env: { REGION: "us" }, redeployReferrers: true });
        server.emulator.setOutcome(applicationId, { status: "error", log: "no space left" });
        const failure = await handlers()
          .create(inputs)
          .then(
            () => assert.fail("the deployment failed"),
            (error: { reasons: string[]; properties: Values }) => error,
          );
        assert.match(failure.reasons.join(), /application "api"/);
        const left = failure.properties["pendingReferrers"] as string[];
        assert.match(left.join(), new RegExp(`^application/${applicationId}/[\\w-]+$`));
        const { props } = await handlers().read(`${kind}/${idOf()}`, failure.properties);
        assert.deepEqual(props?.["pendingReferrers"], left);
        server.emulator.setOutcome(applicationId, undefined);
        server.newRun();
        const diff = await handlers().diff(`${kind}/${idOf()}`, failure.properties, inputs);
        assert.equal(diff.changes, true);
        const { outs } = await handlers().update(`${kind}/${idOf()}`, failure.properties, inputs);
        assert.equal(server.emulator.containerEnv(applicationId)?.["WHERE"], "us");
        assert.equal(outs["pendingReferrers"], undefined);
      });
    });
  }

  it("redeployReferrers deploys a database that refers to what changed, too", async () => {
    await server.byHand("project.update", { projectId, env: "ZONE=UTC" });
    const { postgresId } = await server.byHand<{ postgresId: string }>("postgres.create", {
      name: "orders",
      environmentId,
      databaseName: "db",
      databaseUser: "u",
      databasePassword: "Passw0rd",
    });
    await server.byHand("postgres.saveEnvironment", { postgresId, env: "TZ=${{project.ZONE}}" });
    await server.byHand("postgres.deploy", { postgresId });
    server.newRun();
    await handlers().create(
      withProvider({ target: { projectId }, env: { ZONE: "Europe/Berlin" }, redeployReferrers: true }),
    );
    assert.equal(server.emulator.containerEnv(postgresId)?.["TZ"], "Europe/Berlin");
    assert.equal(calls("postgres.deploy"), 1);
  });

  it("names the default environment with its project, and never sends its name", async () => {
    await server.byHand("environment.update", { environmentId, env: "GONE=1" });
    const inputs = withProvider({ target: { environmentId }, env: { A: "1" } });
    await handlers().check({}, inputs);
    assert.match(server.warnings.join(), /environment "production" of project "shop"/);
    await handlers().create(inputs);
  });

  it("redeployReferrers is refused if nothing can refer to the variables", async () => {
    for (const target of [{ applicationId }, { composeId: "c00000000000000000000" }]) {
      const { failures } = await handlers().check(
        {},
        withProvider({ target, env: {}, redeployReferrers: true }),
      );
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["redeployReferrers"],
      );
    }
  });
});
