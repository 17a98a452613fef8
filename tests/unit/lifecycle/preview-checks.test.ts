import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError, type ErrorKind, SettingsError } from "../../../provider/dokploy";
import { type Problem, UserError } from "../../../provider/errors";
import { type Context, Run } from "../../../provider/lifecycle";
import { absentServer } from "../../../provider/lifecycle/absent-server";
import { lifecycle } from "../../../provider/lifecycle/handlers";
import { PreviewChecks } from "../../../provider/lifecycle/preview-checks";
import { withoutServer } from "../../../provider/lifecycle/without-server";
import { application } from "../../../provider/resources";

describe("what a plan says before anything is changed", () => {
  const problem: Problem = { property: "env.A", reason: "refers to nothing" };
  const inputs = { name: "web" };
  const { schema } = application;

  function arrange(
    context: object = {},
    previewChecks?: (inputs: object, context: Context, planned: object) => Promise<Problem[]>,
  ) {
    const warnings: string[] = [];
    const warn = (text: string) => warnings.push(text);
    const reads: object = { snapshot: () => reads };
    const whole = { references: "error", api: {}, reads, run: new Run(), warn, ...context };
    const checks = new PreviewChecks(
      { kind: "Application", schema, ...(previewChecks ? { preview: previewChecks } : {}) },
      () => whole as unknown as Context,
    );
    return { checks, warnings, context: whole as unknown as Context };
  }
  const withoutContext = (error: Error) =>
    new PreviewChecks({ kind: "Application", schema }, () => {
      throw error;
    });
  const settings = new SettingsError(["no address"]);

  for (const [references, ended, reported] of [
    ["error", [problem], []],
    ["warn", [], ['Application "web": env.A refers to nothing.']],
    ["off", [], []],
  ] as const) {
    it(`ends with problems of references, or reports them, as the setting ${references} has it`, async () => {
      const { checks, warnings, context } = arrange({ references }, async () => [problem]);
      assert.deepEqual(checks.applySeverity(inputs, [problem]), ended);
      assert.deepEqual(await checks.preview(inputs, context, { changes: [] }), ended);
      assert.deepEqual(warnings, reported, "once");
    });
  }

  it("ends with them if there are no settings, and needs none if there is no problem", () => {
    const checks = withoutContext(settings);
    assert.deepEqual(checks.applySeverity(inputs, [problem]), [problem]);
    assert.deepEqual(checks.applySeverity(inputs, []), []);
    checks.report(inputs, problem, "variable");
  });

  it("puts the label of the resource before a warning of its check, and reports sentences as they are, each once", () => {
    const { checks, warnings } = arrange();
    for (const name of ["web", "web", undefined]) {
      checks.adviceFor({ name })?.warn("image has no tag.", "advice");
      checks.adviceFor({ name })?.say("Port 80/tcp is taken.", "advice");
    }
    const image = "image has no tag.";
    assert.deepEqual(warnings, [
      `Application "web": ${image}`,
      "Port 80/tcp is taken.",
      `Application: ${image}`,
    ]);
    assert.equal(withoutContext(settings).adviceFor(inputs), undefined);
  });

  it("calls a resource by its name, once that is known", () => {
    const { checks, warnings } = arrange();
    for (const name of ["web", runtime.unknownValue, 5, undefined]) {
      checks.report({ name }, problem, "variable");
    }
    assert.deepEqual(warnings, [
      'Application "web": env.A refers to nothing.',
      "Application: env.A refers to nothing.",
    ]);
  });

  it("gives checks a context that warns once; none without a connection; and no other fault is hidden", () => {
    const { checks, warnings } = arrange({ waitFor: "deployed" });
    const given = checks.context();
    given?.warn("one", "advice");
    checks.context()?.warn("one", "advice");
    assert.deepEqual(warnings, ["one"]);
    assert.equal(given?.waitFor, "deployed");
    assert.equal(withoutContext(settings).context(), undefined);
    assert.throws(() => withoutContext(new TypeError("ours")).context(), /ours/);
  });

  const refused = (kind: ErrorKind) =>
    new DokployError(`Dokploy said ${kind}.`, { kind, endpoint: "project.one", outcome: "refused" });
  const plan = async (ready: () => Promise<void>, look: () => Promise<Problem[]>) => {
    const { checks, warnings, context } = arrange({ api: { ready } }, look);
    try {
      return { problems: await checks.preview(inputs, context, { changes: [] }), warnings };
    } catch (error) {
      return { error: String(error), warnings };
    }
  };
  const fine = async () => {};
  const failing = (error: Error) => async () => {
    throw error;
  };

  it("asks the server what the plan means, with all that is planned", async () => {
    const seen: unknown[] = [];
    const { checks, context } = arrange({}, async (...args) => {
      seen.push(...args);
      return [];
    });
    assert.deepEqual(await checks.preview(inputs, context, { id: "i", changes: [] }), []);
    assert.deepEqual(seen, [inputs, context, { id: "i", changes: [] }]);
    const none = arrange();
    assert.deepEqual(await none.checks.preview(inputs, none.context, { changes: [] }), []);
  });

  it("ends if the server cannot be asked", async () => {
    const expected =
      /^UserError: There are changes, but a request to Dokploy failed, .*: Dokploy said \w+\.$/;
    assert.match((await plan(failing(refused("unreachable")), async () => [])).error ?? "", expected);
    assert.match((await plan(failing(refused("forbidden")), async () => [])).error ?? "", expected);
    assert.match((await plan(fine, failing(refused("unauthorized")))).error ?? "", expected);
    assert.equal((await plan(failing(new TypeError("ours")), async () => [])).error, "TypeError: ours");
    assert.equal((await plan(fine, failing(new TypeError("ours")))).error, "TypeError: ours");
  });

  it("only warns of what the key cannot see", async () => {
    assert.deepEqual(await plan(fine, failing(refused("forbidden"))), {
      problems: [],
      warnings: [
        "References to shared variables are not checked, since the API key cannot read them. Dokploy said forbidden.",
      ],
    });
  });
});

describe("a preview that does not know its server yet", () => {
  it("calls nothing, and says which provider it is", async () => {
    await assert.rejects(
      absentServer('the provider "eu"').call("project.all", {}),
      /^UserError: Dokploy project\.all was not called: the address or the key of the provider "eu" is known only/,
    );
  });

  it("checks all that needs no server, and asks none", async () => {
    const calls: unknown[] = [];
    const call = async (endpoint: unknown) => {
      calls.push(endpoint);
      throw new UserError("asked");
    };
    const reads = { snapshot: () => reads };
    const context = { references: "error", api: { call }, reads, warn: () => {} } as unknown as Context;
    const handlers = lifecycle(withoutServer(application), () => context, new Run());
    const inputs = {
      name: "web",
      environmentId: "e00000000000000000000",
      source: { type: "docker", image: "acme/web:1" },
      env: { A: "${{project.B}}" },
    };
    const problems = async (more: object) => (await handlers.check({}, { ...inputs, ...more })).failures;
    assert.deepEqual(await problems({}), []);
    assert.deepEqual(await problems({ name: "old", import: "a00000000000000000000" }), []);
    assert.equal((await problems({ name: "bad", env: { "A B": "1" } })).length, 1);
    const plan = await handlers.diff("a00000000000000000000", inputs, {
      ...inputs,
      import: "b00000000000000000000",
    });
    assert.deepEqual(plan, { changes: false });
    assert.notEqual(
      (await handlers.diff("a00000000000000000000", inputs, { ...inputs, replicas: 2 })).changes,
      false,
    );
    assert.deepEqual(calls, []);
  });
});
