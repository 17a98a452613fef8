import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import { runtime } from "@pulumi/pulumi";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("references to shared variables, at preview", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  let apps: readonly string[];
  let composeId: string;
  let count = 0;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    count += 1;
    server.emulator.faults.clear();
    const made = await server.byHand<{ project: Values; environment: Values }>("project.create", {
      name: `shop ${count}`,
      env: "HOST=db\nREGION=eu\nVIA=${{environment.STAGE}}\nOWN=${{PORT}}",
    });
    projectId = String(made.project["projectId"]);
    environmentId = String(made.environment["environmentId"]);
    await server.byHand("environment.update", { environmentId, env: "STAGE=test\nLOOP=${{project.HOST}}" });
    // A plan of a change reads the service.
    const services = ["one", "two", "three"].map((name) =>
      server.byHand<{ applicationId: string }>("application.create", { name, environmentId }),
    );
    apps = (await Promise.all(services)).map(({ applicationId }) => applicationId);
    const compose = { name: "b", environmentId, composeType: "docker-compose" };
    ({ composeId } = await server.byHand<{ composeId: string }>("compose.create", compose));
    server.warnings.length = 0;
    server.newRun();
  });

  const app = (env: Values, more: Values = {}) =>
    withProvider({
      name: "api",
      environmentId,
      source: { type: "docker", image: "acme/api:1" },
      env,
      ...more,
    });
  const project = (env: Values, more: Values = {}) => withProvider({ name: `shop ${count}`, env, ...more });
  const problemsOf = async (inputs: Values) => {
    // The program marks nothing as secret.
    const { failures } = await server.Application.check({}, { ...inputs, __secrets: [] });
    return failures.map(({ property, reason }) => `${property} ${reason}`);
  };

  it("are fine if the project and the environment have them, even through each other", async () => {
    const env = {
      A: "${{project.HOST}}:${{environment.STAGE}}",
      B: "${{project.VIA}}",
      C: "${{project.OWN}}",
      PORT: "1",
    };
    assert.deepEqual(await problemsOf(app(env)), []);
    assert.deepEqual(server.calls(), ["environment.one"]);
  });

  it("end the plan of a service whose project is new too if they make a template together", async () => {
    server.newRun();
    await server.Project.check({}, { ...project({ H1: "{" }), name: `new ${count}` });
    const env = { A: "{${{project.H1}}.Service.Name}}", B: "${{project.ELSEWHERE}}" };
    const [problem, ...others] = await problemsOf(app(env, { environmentId: runtime.unknownValue }));
    assert.match(problem ?? "", /^env\.A contains \{\{ once its references are resolved/);
    assert.deepEqual(others, []);
  });

  for (const [what, env, expected] of [
    [
      "a name that the project lacks",
      { A: "${{project.NOPE}}" },
      /^env\.A contains \$\{\{project\.NOPE\}\}.*in the project.*add NOPE/,
    ],
    ["a name in other letters", { A: "${{project.host}}" }, /the project has HOST/],
    [
      "a name that the environment lacks",
      { A: "${{environment.HOST}}" },
      /^env\.A .*in the environment.*add HOST/,
    ],
    [
      "what a variable of the project needs of the service",
      { A: "${{project.OWN}}" },
      /^env\.A refers to a shared variable that contains \$\{\{PORT\}\}.*add PORT/,
    ],
    [
      "what Dokploy does not follow in an environment",
      { A: "${{environment.LOOP}}" },
      /^env\.A refers to a shared variable that contains \$\{\{project\.HOST\}\}.*write the value itself/,
    ],
    [
      "blanks",
      { A: "${{ project.HOST }}" },
      /^env\.A contains a reference with spaces.*\$\{\{project\.HOST\}\}/,
    ],
  ] as const) {
    it(`name ${what}`, async () => {
      const problems = await problemsOf(app(env));
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", expected);
    });
  }

  it("are checked in build arguments and secrets too", async () => {
    const problems = await problemsOf(
      app({}, { buildArgs: { A: "${{project.NOPE}}" }, buildSecrets: { B: "${{environment.NOPE}}" } }),
    );
    assert.deepEqual(
      problems.map((problem) => problem.split(" ")[0]),
      ["buildArgs.A", "buildSecrets.B"],
    );
  });

  it("are checked even if other values are not known yet", async () => {
    const problems = await problemsOf(app({ A: "${{project.NOPE}}", B: runtime.unknownValue }));
    assert.match(problems.join(), /^env\.A /);
  });

  it("cost one read of the environment for all services that change, and nothing without a change", async () => {
    const olds = { ...app({ A: "1" }), appName: "api-1", status: "done" };
    await server.Application.diff(apps[0] ?? "", olds, app({ A: "1" }));
    assert.deepEqual(server.calls(), []);
    await server.Application.diff(apps[0] ?? "", olds, app({ A: "2" }));
    assert.deepEqual(server.calls(), ["application.one"]);
    await server.Application.diff(apps[0] ?? "", olds, app({ A: "${{project.HOST}}" }));
    await server.Compose.diff(
      composeId,
      { name: "b", environmentId, env: {} },
      {
        name: "b",
        environmentId,
        env: { A: "${{environment.STAGE}}" },
      },
    );
    assert.equal(server.calls().filter((call) => call === "environment.one").length, 1);
  });

  it("end the plan of a change, naming the variable", async () => {
    const olds = { ...app({ A: "1" }), appName: "api-1", status: "done" };
    await assert.rejects(
      server.Application.diff(apps[0] ?? "", olds, app({ A: "${{project.NOPE}}" })),
      /env\.A: contains \$\{\{project\.NOPE\}\}/,
    );
  });

  it("that the program marks as secret are nowhere in the error of a plan, inspected or not", async () => {
    const olds = { ...app({ A: "1" }), appName: "api-1", status: "done" };
    const news = app({ A: "${{project.CANARY_4711}}" });
    await server.Application.check(olds, { ...news, __secrets: [["env", "A"]] });
    const error = await server.Application.diff(apps[0] ?? "", olds, news).catch((error: Error) => error);
    assert.match(inspect(error), /env\.A: contains .*\[secret\]/);
    assert.doesNotMatch(inspect(error), /CANARY/);
  });

  it("are only warned of, or left alone, by the setting", async () => {
    const inputs = app({ A: "${{project.NOPE}}", B: "${{MISSING}}" });
    server.newRun({ references: "warn" });
    assert.deepEqual(await problemsOf(inputs), []);
    assert.match(server.warnings.join("\n"), /Application "api": env\.B refers to MISSING/);
    assert.match(server.warnings.join("\n"), /Application "api": env\.A contains \$\{\{project\.NOPE\}\}/);
    server.warnings.length = 0;
    server.newRun({ references: "off" });
    assert.deepEqual(await problemsOf(inputs), []);
    assert.deepEqual(server.warnings, []);
    assert.throws(() => {
      server.newRun({ references: "maybe" });
    }, /references must be error, warn or off/);
    server.newRun();
  });

  it("are saved all the same with the setting warn, and refused with error", async () => {
    server.newRun({ references: "warn" });
    const inputs = app({ A: "${{project.NOPE}}" }, { deploy: false });
    const { id, outs } = await server.Application.create(inputs);
    server.newRun({ references: "warn" });
    const changed = app({ A: "${{project.NOPE}}/v2" }, { deploy: false });
    const saved = await server.Application.update(id, outs, changed);
    assert.match(server.warnings.join("\n"), /env\.A contains \$\{\{project\.NOPE\}\}/);
    const row = await server.byHand<Values>("application.one", { applicationId: id });
    assert.equal(row["env"], "A=${{project.NOPE}}/v2");
    server.newRun();
    const again = app({ A: "${{project.NOPE}}/v3" }, { deploy: false });
    await assert.rejects(server.Application.update(id, saved.outs, again), /Nothing was saved/);
  });

  for (const [what, env, expected] of [
    ["a reference to itself", { A: "${{A}}" }, /^env\.A refers to itself.*\$\{\{project\.A\}\}/],
    [
      "a circle",
      { A: "${{B}}", B: "${{C}}", C: "${{A}}" },
      /^env\.A refers to B, which leads back to it \(A → B → C → A\)/,
    ],
    ["a chain", { A: "${{B}}", B: "${{C}}", C: "1" }, /^env\.A refers to B, which contains a reference too/],
  ] as const) {
    it(`of the same text: ${what} is a problem for compose too`, async () => {
      const { failures } = await server.Compose.check(
        {},
        withProvider({
          name: "c",
          environmentId,
          source: { type: "raw", composeFile: "services:\n  c:\n    image: acme/c:1\n    env_file: .env\n" },
          env,
        }),
      );
      assert.match(`${failures[0]?.property} ${failures[0]?.reason}`, expected);
    });
  }

  it("see variables that the same run gives to the project, or removes", async () => {
    const olds = { ...project({ HOST: "db", REGION: "eu" }), defaultEnvironmentId: environmentId };
    await server.Project.diff(projectId, olds, {
      ...project({ HOST: "db", NEW: runtime.unknownValue }),
      overwriteVariables: true,
    });
    assert.deepEqual(await problemsOf(app({ A: "${{project.NEW}}" })), []);
    const problems = await problemsOf(app({ A: "${{project.REGION}}" }));
    assert.match(problems.join(), /\$\{\{project\.REGION\}\}.*does not find in the project/);
  });

  it("see variables that blocks of the same run give to the project and its environment", async () => {
    const ofProject = { target: { projectId }, mode: "additive", env: { NEW: "1" } };
    const ofEnvironment = { target: { environmentId }, env: { ONLY: "1" } };
    for (const inputs of [ofProject, ofEnvironment]) {
      const { failures } = await server.EnvironmentBlock.check({}, withProvider(inputs));
      assert.deepEqual(failures, []);
    }
    const env = { A: "${{project.NEW}}${{project.HOST}}${{environment.ONLY}}" };
    assert.deepEqual(await problemsOf(app(env)), []);
    // The block of the environment is exclusive.
    assert.match((await problemsOf(app({ A: "${{environment.STAGE}}" }))).join(), /environment\.STAGE/);
  });

  it("wait for the shared variables that the same run saves, before they are deployed", async () => {
    const shared = withProvider({ target: { projectId }, mode: "additive", env: { NEW: "fresh" } });
    await server.EnvironmentBlock.check({}, shared);
    const inputs = app({ A: "${{project.NEW}}" });
    await server.Application.check({}, inputs);
    const making = server.Application.create(inputs);
    await server.EnvironmentBlock.create(shared);
    const { id } = await making;
    assert.deepEqual(server.emulator.containerEnv(id), { A: "fresh" });
  });

  it("of an additive block may use the lines of others, and no more", async () => {
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: `by hand ${count}`,
      environmentId,
    });
    await server.byHand("application.update", { applicationId, env: "THEIRS=1" });
    const block = (env: Values) => withProvider({ target: { applicationId }, mode: "additive", env });
    const check = async (env: Values) => (await server.EnvironmentBlock.check({}, block(env))).failures;
    assert.deepEqual(await check({ A: "${{THEIRS}}", B: "${{project.HOST}}" }), []);
    const failures = await check({ A: "${{MISSING}}", B: "${{project.NOPE}}" });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["env.A", "env.B"],
    );
  });

  it("of an additive block may use variables that another block of the run gives to the service", async () => {
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: `shared by hand ${count}`,
      environmentId,
    });
    await server.byHand("application.update", { applicationId, env: "FIRST=1" });
    const block = (env: Values) => withProvider({ target: { applicationId }, mode: "additive", env });
    const check = async (env: Values) =>
      (await server.EnvironmentBlock.check({}, { ...block(env), __secrets: [] })).failures;
    assert.deepEqual(await check({ HOST: "db", PORT: runtime.unknownValue }), []);
    assert.deepEqual(await check({ URL: "http://${{HOST}}:${{PORT}}" }), []);
    assert.match(JSON.stringify(await check({ OTHER: "${{HOSTS}}" })), /env\.OTHER.*HOSTS.*does not find/);

    // One that is there already gains a variable.
    const olds = block({ FIRST: "1" });
    await server.EnvironmentBlock.diff(
      `application/${applicationId}`,
      olds,
      block({ FIRST: "1", SECOND: "2" }),
    );
    assert.deepEqual(await check({ BOTH: "${{FIRST}}${{SECOND}}" }), []);
  });

  it("see variables that the same run gives to a project that it adopts", async () => {
    const adopted = { ...project({ GIVEN: "1" }), import: projectId };
    assert.deepEqual((await server.Project.check({}, adopted)).failures, []);
    assert.deepEqual(await problemsOf(app({ A: "${{project.GIVEN}}" })), []);
    const problems = await problemsOf(app({ A: "${{project.HOST}}" }));
    assert.match(problems.join(), /\$\{\{project\.HOST\}\}.*does not find in the project/);
  });

  it("in an environment's own variables cannot name the environment", async () => {
    const inputs = withProvider({ projectId, name: "staging", env: { A: "${{environment.B}}", B: "1" } });
    const { failures } = await server.Environment.check({}, inputs);
    assert.match(
      `${failures[0]?.property} ${failures[0]?.reason}`,
      /^env\.A refers to a variable of the environment/,
    );
  });

  for (const status of [401, 500]) {
    it(`end the plan of a change when the server says ${status}, which is asked once`, async () => {
      server.emulator.faults.add({ endpoint: "environment.one", times: Number.POSITIVE_INFINITY, status });
      const olds = { ...app({ A: "1" }), appName: "api-1", status: "done" };
      for (const id of apps) {
        await assert.rejects(
          server.Application.diff(id, olds, app({ A: "${{project.HOST}}" })),
          /^UserError: There are changes, but a request to Dokploy failed, .* environment\.one on/,
        );
      }
      assert.deepEqual(server.warnings, []);
      assert.equal(server.calls().filter((call) => call === "environment.one").length, 1);
    }).timeout(30_000);
  }

  it("are a warning that they were not checked, reported once, when the key cannot look there", async () => {
    const body = { message: "You don't have access to this environment", code: "FORBIDDEN" };
    server.emulator.faults.add({
      endpoint: "environment.one",
      times: Number.POSITIVE_INFINITY,
      status: 403,
      body,
    });
    const olds = { ...app({ A: "1" }), appName: "api-1", status: "done" };
    for (const id of apps.slice(0, 2)) {
      const plan = await server.Application.diff(id, olds, app({ A: "${{project.HOST}}" }));
      assert.notEqual(plan.changes, false);
    }
    assert.equal(server.warnings.length, 1);
    assert.match(
      server.warnings.join("\n"),
      /^References to shared variables are not checked, since the API key cannot read them/,
    );
  });

  it("let no plan with changes pass if the key is refused; without a change there is no call", async () => {
    server.emulator.faults.add({ endpoint: /.*/, times: Number.POSITIVE_INFINITY, status: 401 });
    const olds = { ...app({ A: "1" }), appName: "api-1", status: "done" };
    assert.deepEqual(await server.Application.diff(apps[0] ?? "", olds, app({ A: "1" })), { changes: false });
    assert.deepEqual(server.calls(), []);
    for (const id of apps.slice(0, 2)) {
      await assert.rejects(server.Application.diff(id, olds, app({ A: "2" })), /The API key|the API key/);
    }
    const { failures } = await server.Application.check(
      {},
      app({ A: "1" }, { environmentId: runtime.unknownValue }),
    );
    assert.match(failures[0]?.reason ?? "", /the API key was refused/);
  });
});

describe("references to a vault", () => {
  for (const [version, isRefused] of [
    ["v0.29.14", true],
    ["v0.30.2", false],
  ] as const) {
    it(`are ${isRefused ? "refused" : "taken"} with Dokploy ${version}`, async () => {
      const server = await startServer({ version });
      try {
        const { failures } = await server.Application.check(
          {},
          withProvider({
            name: "api",
            environmentId: runtime.unknownValue,
            source: { type: "docker", image: "a" },
            env: { A: "${{vault.main.db/password}}" },
          }),
        );
        assert.equal(failures.length, isRefused ? 1 : 0);
        if (isRefused)
          assert.match(
            `${failures[0]?.property} ${failures[0]?.reason}`,
            /^env\.A refers to a vault.*0\.30\.0/,
          );
      } finally {
        await server.close();
      }
    });
  }
});
