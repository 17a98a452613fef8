import * as assert from "node:assert/strict";
import { warnOfOverwriting } from "../../../../provider/engine/adoption/overwriting";
import {
  hasSaved,
  overwritten,
  reportSaved,
  reportUnapplied,
  unapplied,
} from "../../../../provider/engine/blocks/adopted-variables";
import { blockProblems } from "../../../../provider/engine/blocks/check";
import type { BlockInputs } from "../../../../provider/engine/blocks/model";
import { outputsOf } from "../../../../provider/engine/blocks/reconcile";
import { releaseBlock } from "../../../../provider/engine/blocks/release";
import { claimTexts, OwnVariables } from "../../../../provider/engine/blocks/texts";
import {
  type Service,
  type SharedVariables,
  textKey,
} from "../../../../provider/engine/variable-targets/host";
import { Run } from "../../../../provider/lifecycle";
import type { StackResource } from "../../../../provider/pulumi";
import { environmentBlock } from "../../../../provider/resources";
import { Mapping } from "../../../../provider/schema";

describe("the rules of a block", () => {
  const problems = (inputs: object) =>
    blockProblems(inputs as BlockInputs).map(({ property, reason }) => `${property} ${reason}`);
  const env = { A: "1" };
  const applicationId = "a";
  const database = { target: { redisId: "r" }, env };

  for (const [inputs, ...expected] of [
    [{ target: { applicationId }, env, buildArgs: env, buildSecrets: env, deploy: { method: "reload" } }],
    [{ target: { applicationId }, buildArgs: {} }],
    [{ target: { applicationId } }, "env is missing: a block needs env, buildArgs or buildSecrets"],
    [{ target: "unknown" }, "env is missing: a block needs env, buildArgs or buildSecrets"],
    [{ target: { composeId: "c" } }, "env is missing: the block sets no variables"],
    [
      { target: { composeId: "c" }, env, buildArgs: env },
      "buildArgs is for applications; a compose service has only env",
    ],
    [
      { target: { environmentId: "e" }, env, buildSecrets: env },
      "buildSecrets is for applications; an environment has only env",
    ],
    [{ target: { projectId: "p" }, env, redeployReferrers: true }],
    [
      { target: { applicationId }, env, redeployReferrers: false },
      "redeployReferrers is for the shared variables of projects and environments; nothing refers to the variables " +
        "of an application",
    ],
    [
      { target: { projectId: "p" }, env, deploy: false },
      "deploy is for services: the variables of a project take effect with the next deployment of each service that " +
        "refers to them, and redeployReferrers: true starts those deployments",
    ],
    [{ ...database, deploy: true }],
    [{ ...database, deploy: { timeoutSeconds: 5, method: "deploy" } }],
    [
      { ...database, deploy: { method: "reload", title: "t", description: "d" } },
      'deploy.method a Redis database applies changes only with a deployment: use "deploy", or leave the method out',
      "deploy.title is for applications and compose services: Dokploy keeps no record of a database's deployment",
      "deploy.description is for applications and compose services: Dokploy keeps no record of a database's deployment",
    ],
    [
      { ...database, deploy: { method: "redeploy" } },
      'deploy.method a Redis database applies changes only with a deployment: use "deploy", or leave the method out',
    ],
  ] as [object, ...string[]][]) {
    it(`${JSON.stringify(inputs)}: ${expected.join("; ") || "nothing"}`, () => {
      assert.deepEqual(problems(inputs), expected);
    });
  }

  it("a compose service takes no reload", () => {
    const [problem, ...others] = problems({ target: { composeId: "c" }, env, deploy: { method: "reload" } });
    assert.match(problem ?? "", /^deploy\.method /);
    assert.deepEqual(others, []);
  });
});

describe("the texts of a block", () => {
  const texts = { env: "# mine\nA=1\nB=2", buildArgs: null, buildSecrets: undefined };
  const host = {
    kind: "application",
    rules: { env: "application", buildArgs: "build", buildSecrets: "secret" },
    texts,
    read: (text: string) => `OWN=1\n${text}`,
    pendingApply: "none",
  } as unknown as Service;
  const block = (more: Partial<BlockInputs>): BlockInputs => ({ target: { applicationId: "a" }, ...more });
  const next = (news: Partial<BlockInputs>, olds?: Partial<BlockInputs>) =>
    new OwnVariables(block(news), olds && block(olds)).missing(host).env;

  it("are all of it, or its lines alone", () => {
    assert.equal(next({ env: { A: "1", B: "2" } }), undefined);
    assert.equal(next({ env: { A: "1" } }), "# mine\nA=1");
    assert.equal(next({ env: {} }), "# mine");
    const additive = { mode: "additive" } as const;
    assert.equal(next({ ...additive, env: { A: "1" } }), undefined);
    assert.equal(next({ ...additive, env: { A: "3" } }), "# mine\nA=3\nB=2");
    assert.equal(next({ ...additive, env: { A: "1" } }, { env: { A: "1", B: "2" } }), "# mine\nA=1");
    assert.equal(next({ ...additive, env: { A: "1" } }, { env: { A: "1", C: "3" } }), undefined);
    assert.equal(next({}, { env: { B: "2" } }), "# mine\nA=1", "taken out of the program");
    assert.equal(next({}), undefined);
    assert.deepEqual(new OwnVariables(block({ buildArgs: { X: "1" } }), undefined).missing(host), {
      buildArgs: "X=1",
    });
  });

  it("are saved as a deployment reads them, with the names that are the program's", () => {
    const news = block({ env: { A: "1" }, buildArgs: { X: "1" }, buildSecrets: { S: "1" } });
    const own = new OwnVariables(news, undefined);
    assert.deepEqual(own.asRead(host, { env: "A=1", buildArgs: "X=1" }), [
      { input: "env", text: "OWN=1\nA=1", target: "application", owned: ["A"] },
      { input: "buildArgs", text: "X=1", target: "build", owned: ["X"] },
    ]);
    assert.deepEqual(own.asRead(host, { buildSecrets: "S=1" })[0]?.target, "secret");
  });

  it("are restored without the names that another resource of the run now has", () => {
    const run = new Run();
    const news = block({ mode: "additive", env: { A: "9" } });
    const olds = block({ mode: "additive", env: { A: "1", B: "2" } });
    claimTexts(block({ env: { B: "3" } }), { run });
    const now = { ...host, id: "a", texts: { ...texts, env: "# mine\nA=9\nB=3" } } as Service;
    const own = new OwnVariables(news, olds).withoutMoved(now, { run });
    assert.deepEqual(own.restored(now, texts, { env: "changed" }), { env: "# mine\nA=1\nB=3" });
    assert.deepEqual(own.restored(now, texts, {}), {});
    const whole = new OwnVariables(block({ env: {} }), undefined);
    assert.deepEqual(whole.restored(now, texts, { env: "changed" }), { env: texts.env });
  });

  it("are claimed name by name, once their target is known", () => {
    const run = new Run();
    claimTexts(block({ env: { A: "1" }, buildArgs: { X: "1" } }), { run });
    claimTexts({ target: "unknown" as never, env: { A: "1" } }, { run });
    assert.deepEqual([...run.ownership.claimed(textKey("application", "a", "env"))], ["A"]);
    assert.deepEqual([...run.ownership.claimed(textKey("application", "a", "buildArgs"))], ["X"]);
    assert.deepEqual([...run.ownership.claimed(textKey("application", "a", "buildSecrets"))], []);
  });

  it("adopt what the block gives from the start, by name", () => {
    const lost = (more: Partial<BlockInputs>) => overwritten(host, block(more), "env");
    assert.deepEqual(lost({ env: { A: "3" } }), ["removes B", "changes A"]);
    assert.deepEqual(lost({ mode: "additive", env: { A: "3" } }), ["changes A"]);
    const said: unknown[] = [];
    const notice = (...message: unknown[]) => void said.push(message);
    const context = { inform: notice, warn: notice, resource: "R4cNh0_q" };
    const service = { ...host, label: 'application "api" (a)' };
    reportSaved(service, block({ env: { B: "2", A: "1" }, buildArgs: {} }), context);
    reportUnapplied(service, block({ env: { A: "1" } }), "deploy", context);
    const failed = { ...service, pendingApply: "deploy" } as const;
    reportUnapplied(failed, block({ env: { A: "1" }, deploy: false }), "deploy", context);
    const adopted = 'The variables of the application "api" (a) are adopted as they are:';
    assert.deepEqual(said, [
      [`${adopted} env (A and 1 more), buildArgs (none). Nothing to change.`, "unchanged", "R4cNh0_q"],
      [
        `${adopted} env (A). Its containers do not have all of them, so it is deployed.`,
        "adopts",
        "R4cNh0_q;deploy",
      ],
      [
        `${adopted} env (A). Its last deployment has not succeeded; not deployed (deploy: false).`,
        "adopts",
        "R4cNh0_q;held",
      ],
    ]);
  });

  it("are reported as the block's, if it adopts existing variables", () => {
    const warnings: string[] = [];
    const context = { warn: (line: string) => void warnings.push(line) };
    warnOfOverwriting("The block", 'application "api" (a)', [], context);
    assert.deepEqual(warnings, []);
    warnOfOverwriting("The block", 'application "api" (a)', ["removes B"], context);
    assert.deepEqual(warnings, ['The block adopts variables of the application "api" (a): removes B.']);
  });

  it("of a project leave to be deployed what an earlier update left", () => {
    const project = { kind: "project", texts } as unknown as SharedVariables;
    const left = { pendingReferrers: ["application/a"] };
    assert.deepEqual(outputsOf(project, left), left);
    assert.deepEqual(outputsOf(project, undefined), {});
  });

  it("are saved already if the block would save nothing", () => {
    const same = block({ env: { A: "1", B: "2" } });
    assert.equal(hasSaved(host, same), true);
    assert.equal(hasSaved(host, block({ env: { A: "1" } })), false);
    const project = { ...host, kind: "project", rules: { ...host.rules, env: "shared" } };
    assert.equal(hasSaved(project as never, same), true);
    assert.equal(hasSaved(host, block({ env: { A: "'`\"\n" } })), false, "cannot be written");
  });

  it("that are saved already need a deployment if the last one failed, or the containers have others", async () => {
    const inputs = block({ env: { A: "1" } });
    const mapping = new Mapping(environmentBlock.schema);
    const need = async (pendingApply: string, live: string | undefined, more: Partial<BlockInputs> = {}) => {
      const api = {
        call: async (endpoint: string) =>
          endpoint === "docker.getConfig"
            ? { Config: { Env: [live] } }
            : live === undefined
              ? []
              : [{ containerId: "c", name: "api", state: "running" }],
      };
      const target = { kind: "application", id: "a", name: "api", appName: "api" };
      const withTexts = () => ({ ...target, expected: { expectEnv: { A: "1" } } });
      return await unapplied(
        { ...host, pendingApply, withTexts } as never,
        { ...inputs, ...more },
        mapping,
        api as never,
      );
    };
    assert.equal(await need("deploy", "A=1"), "deploy");
    assert.equal(await need("none", "A=1"), "none");
    assert.equal(await need("none", "A=0"), "deploy");
    assert.equal(
      await need("none", "A=0", { deploy: { method: "reload" } }),
      "reload",
      "as the program says",
    );
    assert.equal(await need("none", "A=0", { deploy: false }), "deploy", "which waits");
    assert.equal(await need("none", undefined), "none", "nothing runs");
    assert.equal(await need("none", "A=0", { env: { X: "1" } }), "none", "not known what it should have");
    assert.equal(await need("none", "A=0", { env: undefined, buildArgs: { B: "1" } }), "none");
  });
});

describe("a block that is deleted", () => {
  const inStack = (
    kind: string,
    name: string,
    id: string,
    variables: StackResource["variables"],
  ): StackResource => ({
    urn: `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`,
    kind,
    name,
    id,
    variables,
  });
  const state = (more: Partial<BlockInputs> = {}): BlockInputs => ({
    target: { composeId: "c" },
    env: { A: "1", B: "2" },
    buildArgs: { X: "1" },
    ...more,
  });
  async function release(block: BlockInputs, ...others: StackResource[]) {
    const names = (map: object | undefined) =>
      block.mode === "additive" ? Object.keys(map ?? {}) : ("all" as const);
    const own = inStack("EnvironmentBlock", "own", "compose/c", {
      env: names(block.env),
      buildArgs: names(block.buildArgs),
    });
    const warnings: string[] = [];
    const run = new Run(async () => [...others, own]);
    const warn = (line: string, code: string) => {
      assert.equal(code, "stays");
      warnings.push(line);
    };
    const isElsewhere = await releaseBlock(block, { run, warn });
    const kept = (["env", "buildArgs"] as const).flatMap((field) =>
      ["A", "B", "X"].filter((key) => isElsewhere(field, key)).map((key) => `${field}.${key}`),
    );
    return { kept, warnings };
  }

  it("leaves what others of the stack own: another block, and what makes the service", async () => {
    assert.deepEqual(await release(state()), { kept: [], warnings: [] });
    const other = inStack("EnvironmentBlock", "other", "compose/c", { env: ["B"], buildArgs: ["X"] });
    assert.deepEqual(await release(state({ mode: "additive" }), other), {
      kept: ["env.B", "buildArgs.X"],
      warnings: [
        "EnvironmentBlock of compose/c: B, buildArgs.X stay, since another resource of this stack owns them.",
      ],
    });
    assert.deepEqual((await release(state(), other)).kept, ["env.B", "buildArgs.X"]);
    const whole = inStack("Compose", "it", "c", { env: "all" });
    assert.deepEqual((await release(state({ mode: "additive" }), whole)).kept, ["env.A", "env.B", "env.X"]);
  });

  it("is distinguished from an equal one by what it owns", async () => {
    const duplicate = inStack("EnvironmentBlock", "twin", "compose/c", { env: ["A"] });
    assert.deepEqual(await release(state({ mode: "additive" }), duplicate), {
      kept: ["env.A"],
      warnings: ["EnvironmentBlock of compose/c: A stays, since another resource of this stack owns it."],
    });
    const elsewhere = inStack("EnvironmentBlock", "else", "compose/d", { env: "all" });
    assert.deepEqual((await release(state(), elsewhere)).kept, []);
  });

  it("knows no other owners if the state cannot be read", async () => {
    const isElsewhere = await releaseBlock(state(), { run: new Run(), warn: () => assert.fail() });
    assert.equal(isElsewhere("env", "A"), false);
  });
});

describe("a block that adopts what a service has already", () => {
  it("is reported as unchanged, with the resource whose plan that is", async () => {
    const environment = { environmentId: "e", projectId: "p", env: null, project: { env: null } };
    const row = {
      applicationId: "a",
      name: "web",
      appName: "web",
      env: "A=1",
      buildArgs: null,
      buildSecrets: null,
    };
    const reads = { call: async () => ({ ...row, sourceType: "docker", environment, deployments: [] }) };
    const notices: unknown[][] = [];
    const context = {
      reads,
      resource: "R4cNh0_q",
      inform: (...notice: unknown[]) => notices.push(notice),
      warn: assert.fail,
    };
    const inputs = { target: { applicationId: "a" }, env: { A: "1" } };
    await environmentBlock.preflight?.(inputs, context as never, {});
    assert.deepEqual(notices, [
      [
        'The variables of the application "web" (a) are adopted as they are: env (A). Nothing to change.',
        "unchanged",
        "R4cNh0_q",
      ],
    ]);
  });
});

describe("the blocks that a server needs", () => {
  it("are those of default environments with variables, each of which may be a secret", async () => {
    const tree = {
      projects: async () => [
        {
          environments: [
            { environmentId: "default", isDefault: true, env: "A=1\nB=2" },
            { environmentId: "empty", isDefault: true, env: null },
            { environmentId: "staging", isDefault: false, env: "A=1" },
          ],
        },
      ],
    } as unknown as Parameters<NonNullable<typeof environmentBlock.list>>[0];
    assert.deepEqual(await environmentBlock.list?.(tree), [
      {
        id: "environment/default",
        inputs: { target: { environmentId: "default" }, env: { A: "1", B: "2" } },
        secrets: [],
        maybeSecrets: [
          ["env", "A"],
          ["env", "B"],
        ],
        hidden: [],
      },
    ]);
  });
});
