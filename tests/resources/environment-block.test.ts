import * as assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { runtime } from "@pulumi/pulumi";
import { secret } from "../../provider/pulumi/secret";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("EnvironmentBlock", () => {
  let server: Server;
  let environmentId: string;
  let applicationId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(async () => {
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      name: "api",
      environmentId,
      sourceType: "docker",
    });
    applicationId = made.applicationId;
    await save({
      dockerImage: "acme/api:1",
      env: "# by hand\nKEEP=1\nOLD=2\n",
      buildArgs: "BA=1",
      buildSecrets: "BS=1",
      createEnvFile: false,
    });
    server.newRun();
  });

  const save = (columns: object) => server.byHand("application.update", { applicationId, ...columns });
  const row = () => server.byHand<Values>("application.one", { applicationId });
  const block = (more: Values) => withProvider({ target: { applicationId }, ...more });

  it("writes exactly the map, and leaves the other texts unchanged", async () => {
    const { id, outs } = await server.EnvironmentBlock.create(block({ env: { NEW: "a b", QUOTE: "it's" } }));
    assert.equal(id, `application/${applicationId}`);
    assert.deepEqual(server.calls(), [
      "application.one",
      "application.saveEnvironment",
      "application.deploy",
    ]);
    assert.deepEqual(server.emulator.containerEnv(applicationId), { NEW: "a b", QUOTE: "it's" });
    const { buildArgs, buildSecrets, createEnvFile } = await row();
    assert.deepEqual(
      { buildArgs, buildSecrets, createEnvFile },
      { buildArgs: "BA=1", buildSecrets: "BS=1", createEnvFile: false },
    );
    assert.equal(outs["status"], "done");
  });

  it("warns at preview, by name, of variables set by hand that it removes or changes", async () => {
    server.warnings.length = 0;
    const { failures } = await server.EnvironmentBlock.check({}, block({ env: { OLD: "3" } }));
    assert.deepEqual(failures, []);
    assert.match(server.warnings.join(), /application "api" .*: removes KEEP; changes OLD/);
    assert.doesNotMatch(server.warnings.join(), /=|"1"|"2"|"3"/);
  });

  describe("whose variables exist already", () => {
    const noticesFor = async (inputs: Values) => {
      server.newRun();
      server.notices.length = 0;
      const { failures } = await server.EnvironmentBlock.check({}, block(inputs));
      assert.deepEqual(failures, []);
      return [...server.notices];
    };
    const deploy = async () => {
      await server.byHand("application.deploy", { applicationId });
      for (let status = "running"; status === "running"; await delay(5)) {
        const [latest] = (await row())["deployments"] as { status: string }[];
        status = latest?.status ?? "running";
      }
    };
    beforeEach(deploy);
    const all = { KEEP: "1", OLD: "2" };
    const taken = (maps: string) => [
      `The variables of the application "api" (${applicationId}) are adopted as they are: ${maps}. Nothing to change.`,
    ];

    it("says so at preview, by name, and then saves and deploys nothing", async () => {
      assert.deepEqual(await noticesFor({ env: all }), taken("env (KEEP and 1 more)"));
      assert.deepEqual(
        await noticesFor({ env: all, buildArgs: { BA: "1" } }),
        taken("env (KEEP and 1 more), buildArgs (BA)"),
      );
      server.newRun();
      await server.EnvironmentBlock.create(block({ env: all }));
      assert.deepEqual(server.calls(), ["application.one"]);
    });

    it("deploys saved variables, if the containers run without them", async () => {
      await save({ env: "KEEP=1\nOLD=3\n" });
      server.warnings.length = 0;
      assert.deepEqual(await noticesFor({ env: { KEEP: "1", OLD: "3" } }), []);
      assert.match(
        server.warnings.join(),
        /application "api" \(\S+\) are adopted as they are: env \(KEEP and 1 more\)\. Its containers do not have all of them, so it is deployed\.$/,
      );
      server.newRun();
      const { outs } = await server.EnvironmentBlock.create(block({ env: { KEEP: "1", OLD: "3" } }));
      assert.deepEqual(server.calls(), ["application.one", "application.deploy"]);
      assert.deepEqual(server.emulator.containerEnv(applicationId), { KEEP: "1", OLD: "3" });
      assert.equal(outs["pending"], undefined);
    });

    it("leaves that deployment to others, if the program says so", async () => {
      await save({ env: "KEEP=1\nOLD=3\n" });
      const inputs = { mode: "additive", env: { OLD: "3" }, deploy: false };
      server.warnings.length = 0;
      assert.deepEqual(await noticesFor(inputs), []);
      assert.match(
        server.warnings.join(),
        /Its containers do not have all of them; not deployed \(deploy: false\)\.$/,
      );
      server.newRun();
      const { outs } = await server.EnvironmentBlock.create(block(inputs));
      assert.deepEqual(server.calls(), ["application.one"]);
      assert.equal(outs["pending"], "deploy");
    });

    it("says so of its own names alone when it is additive", async () => {
      assert.deepEqual(await noticesFor({ mode: "additive", env: { OLD: "2" } }), taken("env (OLD)"));
    });

    it("does not say so if something would change or be deployed", async () => {
      assert.deepEqual(await noticesFor({ env: { ...all, OLD: "3" } }), []);
      assert.deepEqual(await noticesFor({ env: { KEEP: "1" } }), []);
      assert.deepEqual(await noticesFor({ mode: "additive", env: { NEW: "1" } }), []);
      assert.deepEqual(await noticesFor({ env: all, buildSecrets: { BS: "2" } }), []);
      await server.byHand("application.update", { applicationId, dockerImage: "acme/none:1" });
      server.emulator.registry.missing.add("acme/none:1");
      await deploy();
      assert.deepEqual(await noticesFor({ env: all }), []);
    });
  });

  it("additive: owns only its names, and keeps every other byte", async () => {
    await server.EnvironmentBlock.create(block({ mode: "additive", env: { OLD: "3", NEW: "4" } }));
    const { env } = await row();
    assert.equal(env, "# by hand\nKEEP=1\nOLD=3\nNEW=4\n");
  });

  it("additive: removes names that left the program, and on deletion only its own", async () => {
    const first = block({ mode: "additive", env: { A: "1", B: "2" } });
    const made = await server.EnvironmentBlock.create(first);
    server.newRun();
    const news = block({ mode: "additive", env: { A: "1" } });
    const { outs } = await server.EnvironmentBlock.update(made.id, made.outs, news);
    assert.match(String((await row())["env"]), /^# by hand\nKEEP=1\nOLD=2\nA=1\n?$/);
    server.newRun();
    await server.EnvironmentBlock.delete(made.id, outs);
    assert.match(String((await row())["env"]), /^# by hand\nKEEP=1\nOLD=2\n?$/);
  });

  it("refuses a reference to a shared variable that does not exist, before anything is saved", async () => {
    await assert.rejects(
      server.EnvironmentBlock.create(block({ env: { URL: "http://${{project.HOST}}" } })),
      /env\.URL: .*project\.HOST/,
    );
    assert.deepEqual(server.calls(), ["application.one"]);
    assert.equal((await row())["env"], "# by hand\nKEEP=1\nOLD=2\n");
  });

  it("additive: warns of somebody else's line that will make the deployment fail, without its value", async () => {
    await save({ env: "THEIRS={{canary}}\n" });
    server.warnings.length = 0;
    await server.EnvironmentBlock.create(block({ mode: "additive", env: { MINE: "1" }, deploy: false }));
    assert.match(server.warnings.join(), /env\.THEIRS, which this program does not own/);
    assert.doesNotMatch(server.warnings.join(), /canary/);
  });

  it("two additive blocks on one service that run at once lose nothing", async () => {
    await Promise.all(
      ["A", "B", "C", "D", "E"].map((name) =>
        server.EnvironmentBlock.create(block({ mode: "additive", env: { [name]: "1" }, deploy: false })),
      ),
    );
    const { env } = await row();
    for (const name of ["KEEP", "OLD", "A", "B", "C", "D", "E"])
      assert.match(String(env), new RegExp(`^${name}=`, "m"));
  });

  it("two blocks that one deployment applies are both named in its title", async () => {
    await server.EnvironmentBlock.create(block({ mode: "additive", env: { FIRST: "1" }, deploy: false }));
    const { outs } = await server.EnvironmentBlock.create(block({ mode: "additive", env: { SECOND: "2" } }));
    const { title } = outs["lastDeployment"] as { title: string };
    assert.match(title, /: \+FIRST \+SECOND$/);
    const next = await server.EnvironmentBlock.create(block({ mode: "additive", env: { THIRD: "3" } }));
    assert.match((next.outs["lastDeployment"] as { title: string }).title, /: \+THIRD$/);
  });

  it("deploys nothing when the service has these variables already", async () => {
    const { outs } = await server.EnvironmentBlock.create(block({ env: { KEEP: "1", OLD: "2" } }));
    assert.deepEqual(server.calls(), ["application.one"]);
    assert.equal(outs["lastDeployment"], undefined);
  });

  it("owns build arguments and secrets too", async () => {
    await server.EnvironmentBlock.create(
      block({ buildArgs: { X: "1" }, buildSecrets: { Y: "2" }, deploy: false }),
    );
    const { env, buildArgs, buildSecrets } = await row();
    assert.deepEqual(
      { env, buildArgs, buildSecrets },
      { env: "# by hand\nKEEP=1\nOLD=2\n", buildArgs: "X=1", buildSecrets: "Y=2" },
    );
  });

  it("shows a variable changed, added and removed by hand on its own key, as secret", async () => {
    const { id, outs } = await server.EnvironmentBlock.create(
      block({ env: { SAME: "1", CHANGED: "1", GONE: "1" } }),
    );
    await save({ env: "SAME=1\nCHANGED=2\nADDED=3" });
    const { inputs } = await server.EnvironmentBlock.read(id, outs);
    assert.deepEqual(inputs?.["env"], { SAME: "1", CHANGED: secret("2"), ADDED: secret("3") });
  });

  it("additive: does not see what others add", async () => {
    const { id, outs } = await server.EnvironmentBlock.create(
      block({ mode: "additive", env: { MINE: "1" } }),
    );
    await save({ env: `${(await row())["env"]}\nOTHER=1` });
    const { inputs } = await server.EnvironmentBlock.read(id, outs);
    assert.deepEqual(inputs?.["env"], { MINE: "1" });
  });

  it("does not remove variables on deletion that another resource of the run claims", async () => {
    const env = { MOVED: "1", MINE: "2" };
    const made = await server.EnvironmentBlock.create(block({ mode: "additive", env }));
    server.newRun();
    const other = block({ mode: "additive", env: { MOVED: "1" } });
    await server.EnvironmentBlock.diff(made.id, other, other);
    await server.EnvironmentBlock.delete(made.id, made.outs);
    assert.match(String((await row())["env"]), /^# by hand\nKEEP=1\nOLD=2\nMOVED=1\n?$/);
  });

  it("leaves variables alone on deletion when the application's own resource has taken them over", async () => {
    const made = await server.EnvironmentBlock.create(block({ env: { A: "1" } }));
    server.newRun();
    const application = withProvider({
      environmentId,
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { A: "1" },
    });
    await server.Application.diff(applicationId, { ...application, appName: "x" }, application);
    await server.EnvironmentBlock.delete(made.id, made.outs);
    assert.equal((await row())["env"], "# by hand\nA=1\n");
  });

  it("keeps the block when the deployment fails, and deploys again with the next run", async () => {
    await save({ dockerImage: "acme/api:missing" });
    const failed = await server.EnvironmentBlock.create(block({ env: { A: "1" } })).then(
      () => assert.fail("it should have failed"),
      (error: Values & Error) => error,
    );
    assert.equal(failed["id"], `application/${applicationId}`);
    const state = failed["properties"] as Values;
    await save({ dockerImage: "acme/api:1" });
    server.newRun();
    assert.deepEqual(
      await server.EnvironmentBlock.diff(String(failed["id"]), state, block({ env: { A: "1" } })),
      { changes: true },
    );
    const { outs } = await server.EnvironmentBlock.update(
      String(failed["id"]),
      state,
      block({ env: { A: "1" } }),
    );
    // The plan looks for variables that somebody else set.
    assert.deepEqual(server.calls(), ["application.one", "application.one", "application.deploy"]);
    assert.equal(outs["status"], "done");
  });

  it("restores the former variables and deploys them when the new ones fail, on request, and reports both", async () => {
    const first = await server.EnvironmentBlock.create(block({ env: { A: "1" } }));
    const news = block({ env: { A: "${{vault.nope.x}}" }, deploy: { rollbackOnFailure: true } });
    const update = server.EnvironmentBlock.update(first.id, first.outs, news);
    const error = await update.then(
      () => assert.fail("it should have failed"),
      (failure: Values & Error) => failure,
    );
    assert.match(
      error.message,
      /failed after[\s\S]*The previous configuration was restored and deployed again \(deployment /,
    );
    assert.equal(
      error["id"],
      undefined,
      "the state stays as it was, so that the next plan shows the change again",
    );
    assert.equal((await row())["env"], "# by hand\nA=1\n");
    assert.deepEqual(server.emulator.containerEnv(applicationId), { A: "1" });
  });

  it("additive: restores only its own names, including new and removed ones", async () => {
    const additive = (env: Values, more: Values = {}) => block({ mode: "additive", env, ...more });
    const first = await server.EnvironmentBlock.create(additive({ OLD: "3", DROP: "1" }));
    server.newRun();
    const env = { OLD: "${{vault.nope.x}}", NEW: "1" };
    const news = additive(env, { deploy: { rollbackOnFailure: true } });
    await assert.rejects(
      server.EnvironmentBlock.update(first.id, first.outs, news),
      /The previous configuration was restored and deployed again/,
    );
    const saves = server.calls().filter((call) => call === "application.saveEnvironment");
    assert.equal(saves.length, 2);
    assert.equal((await row())["env"], "# by hand\nKEEP=1\nOLD=3\nDROP=1\n");
    assert.deepEqual(server.emulator.containerEnv(applicationId), { KEEP: "1", OLD: "3", DROP: "1" });
  });

  it("ends the plan of a change if its target was deleted, as its update would", async () => {
    const inputs = { mode: "additive", deploy: false };
    const { id, outs } = await server.EnvironmentBlock.create(block({ ...inputs, env: { MINE: "1" } }));
    await server.byHand("application.delete", { applicationId });
    server.newRun();
    const news = block({ ...inputs, env: { MINE: "2" } });
    for (const step of ["diff", "update"] as const)
      await assert.rejects(server.EnvironmentBlock[step](id, outs, news), /^\w+: target\.applicationId: /);
  });

  it("additive: leaves what somebody else saved while its deployment failed", async () => {
    const additive = (env: Values, more: Values = {}) => block({ mode: "additive", env, ...more });
    const first = await server.EnvironmentBlock.create(additive({ MINE: "1" }));
    server.newRun();
    server.emulator.holdBuilds();
    const news = additive({ MINE: "${{vault.nope.x}}", NEW: "1" }, { deploy: { rollbackOnFailure: true } });
    const update = server.EnvironmentBlock.update(first.id, first.outs, news).then(
      () => "done",
      (error: Error) => error.message,
    );
    while (!server.calls().includes("application.deploy")) await delay(2);
    await save({ env: `${(await row())["env"]}THEIRS=1\n` });
    server.emulator.releaseBuilds();
    assert.match(await update, /The previous configuration was restored/);
    assert.deepEqual(server.emulator.containerEnv(applicationId), {
      KEEP: "1",
      OLD: "2",
      MINE: "1",
      THEIRS: "1",
    });
  });

  it("exclusive: restores what others had in its text", async () => {
    const first = await server.EnvironmentBlock.create(block({ env: { A: "1" } }));
    await save({ env: "A=1\nHAND=1" });
    server.newRun();
    const agreed = { overwriteVariables: true, deploy: { rollbackOnFailure: true } };
    const news = block({ env: { A: "${{vault.nope.x}}" }, ...agreed });
    await assert.rejects(server.EnvironmentBlock.update(first.id, first.outs, news), /was restored/);
    assert.equal((await row())["env"], "A=1\nHAND=1");
  });

  it("stays pending if the response to its save was lost together with the save", async () => {
    const first = await server.EnvironmentBlock.create(block({ env: { A: "1" } }));
    server.newRun();
    server.emulator.faults.add({
      endpoint: "application.saveEnvironment",
      times: 9,
      status: 500,
      acted: false,
    });
    const error = await server.EnvironmentBlock.update(first.id, first.outs, block({ env: { A: "2" } })).then(
      () => assert.fail("it should have failed"),
      (failure: Values & Error) => failure,
    );
    server.emulator.faults.clear();
    const state = error["properties"] as Values;
    assert.equal(state["pending"], "deploy");
    assert.notDeepEqual(state["env"], { A: "2" }, "the next plan shows the change again");
    server.newRun();
    assert.notEqual(
      (await server.EnvironmentBlock.diff(first.id, state, block({ env: { A: "2" } }))).changes,
      false,
    );
  });

  it("restores nothing if it saved nothing, and stays pending", async () => {
    const first = await server.EnvironmentBlock.create(block({ env: { A: "1" } }));
    await save({ dockerImage: "acme/api:missing" });
    server.newRun();
    const due = { ...first.outs, pending: "deploy" };
    const again = block({ env: { A: "1" }, deploy: { rollbackOnFailure: true } });
    const error = await server.EnvironmentBlock.update(first.id, due, again).then(
      () => assert.fail("it should have failed"),
      (failure: Values & Error) => failure,
    );
    assert.doesNotMatch(error.message, /previous configuration/);
    assert.equal((error["properties"] as Values)["pending"], "deploy");
    assert.equal((await row())["env"], "# by hand\nA=1\n");
  });

  it("keeps its last deployment over an update that deploys nothing, and over a refresh", async () => {
    const { id, outs } = await server.EnvironmentBlock.create(block({ env: { A: "1" } }));
    const last = outs["lastDeployment"];
    assert.equal((last as Values)["status"], "done");
    server.newRun();
    const saved = block({ env: { A: "2" }, deploy: false });
    const { outs: updated } = await server.EnvironmentBlock.update(id, outs, saved);
    assert.deepEqual(
      [updated["lastDeployment"], updated["pending"], updated["appName"]],
      [last, "deploy", outs["appName"]],
    );
    const { props = {} } = await server.EnvironmentBlock.read(id, updated);
    assert.deepEqual([props["lastDeployment"], props["pending"]], [last, "deploy"]);
  });

  it("is replaced for another target, but not for an unknown id", async () => {
    const olds = block({ env: { A: "1" } });
    const other = withProvider({ target: { applicationId: "other0000000000000000" }, env: { A: "1" } });
    assert.deepEqual(await server.EnvironmentBlock.diff("application/x", olds, other), {
      replaces: ["target"],
      deleteBeforeReplace: true,
    });
    const unknown = withProvider({ target: { applicationId: runtime.unknownValue }, env: { A: "1" } });
    assert.deepEqual(await server.EnvironmentBlock.diff("application/x", olds, unknown), {
      deleteBeforeReplace: true,
    });
    const whole = withProvider({ target: runtime.unknownValue, env: { A: "1" } });
    assert.deepEqual(await server.EnvironmentBlock.diff("application/x", olds, whole), {
      deleteBeforeReplace: true,
    });
  });

  it("refuses a target that does not exist, at preview", async () => {
    const { failures } = await server.EnvironmentBlock.check(
      {},
      withProvider({ target: { applicationId: "nope00000000000000000" }, env: {} }),
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["target.applicationId"],
    );
    const compose = await server.EnvironmentBlock.check(
      {},
      withProvider({ target: { composeId: "nope00000000000000000" }, env: {} }),
    );
    assert.deepEqual(
      compose.failures.map(({ property }) => property),
      ["target.composeId"],
    );
  });

  describe("of a compose service", () => {
    let composeId: string;
    beforeEach(async () => {
      const made = await server.byHand<{ composeId: string }>("compose.create", {
        name: "cache",
        environmentId,
        sourceType: "raw",
      });
      composeId = made.composeId;
      await server.byHand("compose.update", {
        composeId,
        sourceType: "raw",
        composeFile: "services:\n  web:\n    image: acme/web:1\n    env_file: .env\n",
        env: "KEEP=1",
      });
      server.newRun();
    });

    it("saves by compose.update, deploys and follows", async () => {
      const news = withProvider({ target: { composeId }, env: { A: "${B} #1", B: "{{x}}" } });
      const { id, outs } = await server.EnvironmentBlock.create(news);
      assert.equal(id, `compose/${composeId}`);
      assert.deepEqual(server.calls(), ["compose.one", "compose.update", "compose.deploy"]);
      const {
        APP_NAME: _,
        COMPOSE_PROJECT_NAME: __,
        DOCKER_CONFIG: ___,
        ...seen
      } = server.emulator.containerEnv(composeId) ?? {};
      assert.deepEqual(seen, { A: "${B} #1", B: "{{x}}" });
      assert.deepEqual((await server.EnvironmentBlock.read(id, outs)).inputs, news);
    });

    it("has no build arguments and cannot be reloaded", async () => {
      const { failures } = await server.EnvironmentBlock.check(
        {},
        withProvider({ target: { composeId }, env: {}, buildArgs: { A: "1" }, deploy: { method: "reload" } }),
      );
      assert.deepEqual(failures.map(({ property }) => property).sort(), ["buildArgs", "deploy.method"]);
    });
  });
});
