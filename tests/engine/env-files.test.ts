import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { runInline } from "./inline";
import { hasLine, Story } from "./story";

const canary = (name: string) => `${name}-${randomBytes(12).toString("hex")}`;

describe("files of variables in a program", function () {
  this.timeout(180_000);
  let story: Story;
  let service: string;
  const values = {
    fromConfig: canary("config"),
    fromProcess: canary("process"),
    byName: canary("name"),
    byForm: canary("form"),
    inClear: canary("clear"),
  };
  let printed = "";

  before(async () => {
    story = await Story.begin({ stack: "test" });
    service = await story.existingApplication("api");
    write("envs/base/api.yaml", [
      "LOG_LEVEL: info",
      "REGION: eu",
      "API_TOKEN: !secret",
      "SMTP_LOGIN: !secret mail:login",
      "WEBHOOK: !env HOOK_FROM_CI",
      `DB_PASSWORD: ${values.byName}`,
      `CACHE_URL: redis://:${values.byForm}@cache:6379`,
      "CSRF_TOKEN: !plain visible",
      "CACHE_HOST: !ref project.CACHE_HOST",
    ]);
    write("envs/test/api.yaml", ["LOG_LEVEL: debug", "CACHE_HOST: cache-test"]);
    story.program(program());
  });
  after(() => story?.end());

  const program = () => `
    new dokploy.EnvironmentBlock("api", {
      target: { applicationId: "${service}" },
      env: dokploy.loadEnv(["envs/base/api.yaml", \`envs/\${pulumi.getStack()}/api.yaml\`]),
    });
  `;

  function write(name: string, lines: string[]): void {
    const file = path.join(story.workspace.dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${lines.join("\n")}\n`);
  }

  async function run(...args: string[]) {
    const result = await story.run(...args);
    printed += result.output;
    return result;
  }

  it("fail the plan with every missing value, and the commands that set them", async () => {
    const { code, output } = await run("preview");
    assert.notEqual(code, 0, output);
    const expected = [
      "envs/base/api.yaml:3:1: API_TOKEN: the stack has no secret shop:API_TOKEN; set it with: pulumi config set --secret shop:API_TOKEN --stack test",
      "envs/base/api.yaml:4:1: SMTP_LOGIN: the stack has no secret mail:login; set it with: pulumi config set --secret mail:login --stack test",
      "envs/base/api.yaml:5:1: WEBHOOK: the process environment has no HOOK_FROM_CI; run export HOOK_FROM_CI=…",
    ];
    for (const line of expected) assert.ok(output.includes(line), `${line}\nis not in\n${output}`);
    assert.doesNotMatch(output, /\n +at |node_modules|FileError/);
  });

  it("report all missing values of a program in one plan, and stop an update at the first", async () => {
    write("envs/test/web.yaml", ["WEB_TOKEN: !secret", "WEB_HOOK: !env WEB_HOOK_FROM_CI"]);
    story.program(`
      for (const name of ["api", "web"]) {
        const env = dokploy.loadEnv(name === "api" ? "envs/base/api.yaml" : "envs/test/web.yaml");
        new dokploy.EnvironmentBlock(name, { target: { applicationId: "${service}" }, mode: "additive", env });
      }
      const { web } = dokploy.loadEnvs("envs/test");
    `);
    const { code, output } = await story.run("preview");
    assert.notEqual(code, 0, output);
    for (const line of [
      "base/api.yaml:3:1: API_TOKEN",
      "test/web.yaml:1:1: WEB_TOKEN",
      "test/web.yaml:2:1: WEB_HOOK",
    ])
      assert.ok(output.includes(line), `${line}\nis not in\n${output}`);
    assert.doesNotMatch(output, /\n +at |node_modules|FileError/);
    const up = await story.run("up", "--skip-preview");
    assert.notEqual(up.code, 0, up.output);
    assert.match(up.output, /API_TOKEN/);
    assert.doesNotMatch(up.output, /WEB_TOKEN/);
    assert.deepEqual(
      up.calls.filter((call) => /save|update|deploy/.test(call)),
      [],
    );
    fs.rmSync(path.join(story.workspace.dir, "envs/test/web.yaml"));
    story.program(program());
  });

  it("fail the plan of an inline program, which ends", async () => {
    const output = await runInline(
      story,
      "preview",
      `new dokploy.EnvironmentBlock("api", { target: { applicationId: "${service}" }, env: dokploy.loadEnv("envs/base/api.yaml") });`,
    );
    assert.match(output, /envs\/base\/api\.yaml:5:1: WEBHOOK: the process environment has no HOOK_FROM_CI/);
  });

  it("take values from the stack and the process, once the commands are run unchanged", async () => {
    const commands = [...new Set(printed.match(/(?<=set it with: pulumi )config set --secret .*/g))];
    assert.equal(commands.length, 2);
    for (const [i, command] of commands.entries()) {
      const value = i === 0 ? values.fromConfig : values.inClear;
      // The other one stands in clear, against the advice.
      const args = command
        .trim()
        .split(" ")
        .map((arg) => (i === 1 && arg === "--secret" ? "--plaintext" : arg));
      const set = await run(...args, value);
      assert.equal(set.code, 0, set.output);
    }
    story.workspace.env["HOOK_FROM_CI"] = values.fromProcess;
    printed = "";

    const preview = await run("preview", "--diff");
    assert.equal(preview.code, 0, preview.output);
    for (const key of ["API_TOKEN", "SMTP_LOGIN", "WEBHOOK", "DB_PASSWORD", "CACHE_URL"]) {
      assert.ok(hasLine(preview.stdout, key, "[secret]"), `${key}\n${preview.stdout}`);
    }
    for (const [key, value] of [
      ["LOG_LEVEL", "debug"],
      ["REGION", "eu"],
      ["CSRF_TOKEN", "visible"],
      ["CACHE_HOST", "cache-test"],
    ] as const) {
      assert.ok(hasLine(preview.stdout, key, `"${value}"`), `${key}\n${preview.stdout}`);
    }
    assert.match(preview.output, /warning: mail:login is in the stack's configuration in plain text/);

    const up = await run("up", "--skip-preview");
    assert.equal(up.code, 0, up.output);
    assert.deepEqual(story.emulator.containerEnv(service), {
      LOG_LEVEL: "debug",
      REGION: "eu",
      API_TOKEN: values.fromConfig,
      SMTP_LOGIN: values.inClear,
      WEBHOOK: values.fromProcess,
      DB_PASSWORD: values.byName,
      CACHE_URL: `redis://:${values.byForm}@cache:6379`,
      CSRF_TOKEN: "visible",
      CACHE_HOST: "cache-test",
    });
  });

  it("show no secret in the output, and keep none in the state in plain text", () => {
    for (const [name, value] of Object.entries(values)) {
      assert.equal(printed.includes(value), false, `the output shows ${name}`);
      // What stands in the configuration in clear, Pulumi keeps so beside the resources.
      const kept = name === "inClear" ? JSON.stringify(story.resource("api")) : story.workspace.stateText();
      assert.equal(kept.includes(value), false, `the state shows ${name}`);
    }
  });

  it("change nothing when nothing changed", async () => {
    const { code, output, calls } = await run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
    assert.deepEqual(calls, []);
  });

  it("fail the plan with the place of each mistake in a file", async () => {
    write("envs/test/api.yaml", ["LOG_LEVEL: debug", `NESTED: { a: ${values.byName} }`]);
    const { code, output } = await run("preview");
    assert.notEqual(code, 0, output);
    assert.ok(output.includes("envs/test/api.yaml:2:9: NESTED: has a nested value"), output);
    assert.equal(output.includes(values.byName), false);
    assert.doesNotMatch(output, /\n +at |node_modules|FileError/);
  });
});
