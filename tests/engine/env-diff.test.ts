import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Story } from "./story";

const canary = (name: string) => `${name}-${randomBytes(12).toString("hex")}`;

describe("pulumi-dokploy env diff", function () {
  this.timeout(120_000);
  let story: Story;
  const values = {
    test: canary("test"),
    prod: canary("prod"),
    both: canary("both"),
    byHand: canary("byHand"),
    job: canary("job"),
  };
  let printed = "";

  before(async () => {
    story = await Story.begin({ stack: "test" });
    const { workspace, emulator } = story;
    const init = await workspace.pulumi("stack", "init", "prod");
    assert.equal(init.code, 0, init.stderr);
    for (const stack of ["test", "prod"] as const) {
      const secrets = [`TOKEN=${values[stack]}`, `SAME=${values.both}`, `dokploy:apiKey=${emulator.apiKey}`];
      const flags = secrets.flatMap((secret) => ["--secret", secret]);
      const set = await workspace.pulumi("config", "set-all", "--stack", stack, ...flags);
      assert.equal(set.code, 0, set.stderr);
    }
    // The stacks' own key is used: this one would be refused.
    workspace.env["DOKPLOY_API_KEY"] = canary("environmentKey");
    workspace.env["CI_HOOK"] = values.job;
    write("envs/base/api.yaml", "TOKEN: !secret\nSAME: !secret\nHOOK: !env CI_HOOK\nTEMPLATE: '{{ x }}'\n");
    write("envs/test/api.yaml", "LOG_LEVEL: debug\nOLD: 1\n");
    write("envs/prod/api.yaml", "LOG_LEVEL: warn\n");
    write("envs/test/shared.yaml", "REGION: eu\n");
    write("envs/prod/shared.yaml", "REGION: eu\n");
    story.program(`
      const stage = pulumi.getStack();
      const { api, shared } = dokploy.loadEnvs(["envs/base", \`envs/\${stage}\`]);
      const project = new dokploy.Project("shop", { name: \`shop-\${stage}\`, env: shared });
      new dokploy.Application("api", {
        environmentId: project.defaultEnvironmentId,
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        env: api,
      });
    `);
    for (const stack of ["test", "prod"]) await story.succeeds("up", "--skip-preview", "--stack", stack);
  });
  after(() => story?.end());

  const write = (name: string, text: string) => story.write(name, text);

  async function diff(
    args: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number | null; output: string }> {
    const { code, output } = await story.command(["env", "diff", ...args.split(" ")], env);
    printed += output;
    return { code, output };
  }

  it("compares the files of two stages with the secrets of their stacks, and exits with 1", async () => {
    const { code, output } = await diff("test prod");
    assert.equal(
      output,
      [
        "api",
        "     KEY        test    prod",
        "  ?  HOOK       secret  secret  not compared (1)",
        "  ~  LOG_LEVEL  debug   warn    different",
        "  -  OLD        1               missing in prod",
        "  ~  TOKEN      secret  secret  different",
        "",
        "shared: the same (1)",
        "",
        "7 variables in 2 services: 2 different, 1 missing in prod, 1 not compared, 3 the same",
        "(1) both use !env, and the environment belongs to only one stage",
        "",
      ].join("\n"),
    );
    assert.equal(code, 1);
  });

  it("finds the server equal to the files, and exits with 0", async () => {
    const { code, output } = await diff("test --live");
    assert.equal(
      output,
      "api: the same (6)\n\nshared: the same (1)\n\n7 variables in 2 services: 7 the same\n",
    );
    assert.equal(code, 0);
  });

  it("finds changes by hand, and the variables of two servers", async () => {
    const { id } = story.resource("api");
    const { env } = await story.application(id);
    const others = { buildArgs: null, buildSecrets: null, createEnvFile: false };
    const changed = `${env?.replace(/^TOKEN=.*$/m, `TOKEN=${values.byHand}`)}\nBY_HAND=${values.byHand}`;
    // The environment's key is wrong on purpose; the emulator's own is used here.
    await story.byHand("application.saveEnvironment", { applicationId: id, env: changed, ...others });
    const { code, output } = await diff("test --live");
    assert.equal(
      output,
      [
        "api",
        "     KEY      test    live:test",
        "  +  BY_HAND          secret     only in live:test",
        "  ~  TOKEN    secret  secret     different",
        "",
        "shared: the same (1)",
        "",
        "8 variables in 2 services: 1 different, 1 only in live:test, 6 the same",
        "",
      ].join("\n"),
    );
    assert.equal(code, 1);

    const live = await diff("live:test live:prod --json");
    assert.equal(live.code, 1);
    const { counts, services } = JSON.parse(live.output) as {
      counts: Record<string, number>;
      services: { name: string; variables: { key: string; status: string; a?: string; b?: string }[] }[];
    };
    assert.deepEqual(counts, { different: 2, missing: 2, extra: 0, same: 4, notCompared: 0 });
    const logLevel = services[0]?.variables.find(({ key }) => key === "LOG_LEVEL");
    assert.deepEqual(logLevel, { key: "LOG_LEVEL", status: "different", a: "debug", b: "warn" });
  });

  it("compares names without the passphrase, and says what it cannot compare", async () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: undefined };
    assert.equal((await diff("test prod --keys-only --ignore OLD", env)).code, 0);
    const { code, output } = await diff("test prod --service api --fail-on missing", env);
    assert.equal(code, 1);
    assert.match(output, / {2}\? {2}TOKEN +secret +secret +not compared/);
    assert.match(
      output,
      /the secrets of stack test cannot be read: passphrase must be set with PULUMI_CONFIG_PASSPHRASE/,
    );
  });

  it("exits with 2 when an operand cannot be read, without a stack trace", async () => {
    for (const [args, message] of [
      [
        "test live:none",
        /^pulumi-dokploy: The state of stack none cannot be read: no stack named 'none' found\.\n$/,
      ],
      ["test tset", /^pulumi-dokploy: There is no folder envs\/tset /],
      [
        "test application/PQqzqTGCVtx0St2SA3vCi",
        /^pulumi-dokploy: Dokploy has no application PQqzqTGCVtx0St2SA3vCi/,
      ],
      [
        "envs/test/api.yaml application/PQqzqTGCVtx0St2SA3vCi --stack test",
        /^pulumi-dokploy: Dokploy has no application PQqzqTGCVtx0St2SA3vCi/,
      ],
      ["envs/test/api.yaml application/PQqzqTGCVtx0St2SA3vCi", /^pulumi-dokploy: .*API key/],
    ] as const) {
      const { code, output } = await diff(args);
      assert.match(output, message);
      assert.doesNotMatch(output, /\n +at /);
      assert.equal(code, 2);
    }
  });

  it("has shown no secret and no key", () => {
    for (const [name, value] of [...Object.entries(values), ["apiKey", story.emulator.apiKey] as const]) {
      assert.equal(printed.includes(value), false, `the output shows ${name}`);
    }
    assert.equal(printed.includes(story.workspace.env["DOKPLOY_API_KEY"] ?? ""), false);
  });
});
