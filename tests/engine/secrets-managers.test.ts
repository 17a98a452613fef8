import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { FakeTools, prints } from "../unit/sdk/env-files/fake-tools";
import { hasLine, Story } from "./story";

const canary = (name: string) => `${name}-${randomBytes(12).toString("hex")}`;

describe("secrets managers in files of variables", function () {
  this.timeout(120_000);
  let story: Story;
  let tools: FakeTools;
  let folder: string;
  let service: string;
  const values = {
    op: canary("op"),
    vault: canary("vault"),
    unused: canary("unused"),
    sops: canary("sops"),
    login: canary("login"),
  };
  let printed = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "managers-"));
    tools = new FakeTools(folder);
    tools.restore();
    story = await Story.begin({ stack: "test" });
    const { env } = story.workspace;
    env["PATH"] = `${tools.folder}${delimiter}${env["PATH"] ?? process.env["PATH"]}`;
    env["OP_SERVICE_ACCOUNT_TOKEN"] = values.login;
    service = await story.existingApplication("api");
    story.write("secrets.enc.yaml", "sops: {}\n");
    story.write(
      "envs/schema.yaml",
      "services:\n  api:\n    PORT: { type: integer }\n    LEVEL:\nadditional: true\n",
    );
    story.write(
      "envs/base/api.yaml",
      "LEVEL: info\nDB_PASS: !vault secret/shop\nPORT: !vault secret/shop#port\n",
    );
    story.write("envs/test/api.yaml", "A: !op op://shop/api/a\nB: !sops ../../secrets.enc.yaml#db.pass\n");
    story.write("envs/test/web.yaml", "C: !op op://shop/web/c\nD: !op op://shop/api/a\n");
    story.program(`
      const stage = pulumi.getStack();
      const target = { applicationId: "${service}" };
      const env = dokploy.loadEnv(["envs/base/api.yaml", \`envs/\${stage}/api.yaml\`]);
      new dokploy.EnvironmentBlock("api", { target, mode: "additive", env });
      const web = dokploy.loadEnv(\`envs/\${stage}/web.yaml\`);
      new dokploy.EnvironmentBlock("web", { target, mode: "additive", env: web });
    `);
  });
  after(async () => {
    await story?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(...args: string[]) {
    const result = await story.run(...args);
    printed += result.output;
    return result;
  }

  function install(vault: Record<string, string>): void {
    tools.install("op", `printf '%s of %s' '${values.op}' "$3"`);
    const data = { ...vault, UNUSED: values.unused };
    tools.install("vault", prints(JSON.stringify({ data: { data, metadata: { version: 1 } } })));
    tools.install("sops", prints(JSON.stringify({ db: { pass: values.sops } })));
  }

  it("fail the plan with all problems, and an update before anything is written", async () => {
    install({ DB_PASS: values.vault, port: values.vault });
    tools.install("op", `echo "[ERROR] not signed in: $OP_SERVICE_ACCOUNT_TOKEN" >&2; exit 1`);
    const reason =
      "`op` failed with: [ERROR] not signed in: [secret] (if the login is missing, run `op signin`";
    const preview = await run("preview");
    assert.notEqual(preview.code, 0, preview.output);
    for (const line of [
      "envs/base/api.yaml:3:1: PORT: is not an integer (envs/schema.yaml:3:5)",
      `envs/test/api.yaml:1:1: A: ${reason}`,
      `envs/test/web.yaml:1:1: C: ${reason}`,
      `envs/test/web.yaml:2:1: D: ${reason}`,
    ])
      assert.ok(preview.output.includes(line), `${line}\nis not in\n${preview.output}`);
    const up = await run("up", "--skip-preview");
    assert.notEqual(up.code, 0, up.output);
    assert.ok(up.output.includes(`envs/test/api.yaml:1:1: A: ${reason}`), up.output);
    assert.deepEqual(
      up.calls.filter((call) => /save|update|deploy/.test(call)),
      [],
    );
    for (const { output } of [preview, up]) assert.doesNotMatch(output, /\n +at |node_modules|FileError/);
  });

  it("give secrets that the plan knows, from one call for each source", async () => {
    install({ DB_PASS: values.vault, port: "5432" });
    tools.calls();
    const preview = await run("preview", "--diff");
    assert.equal(preview.code, 0, preview.output);
    for (const key of ["A", "B", "C", "D", "DB_PASS", "PORT"])
      assert.ok(hasLine(preview.stdout, key, "[secret]"), `${key}\n${preview.stdout}`);
    assert.deepEqual(tools.calls(), [
      "op read --no-newline op://shop/api/a",
      "op read --no-newline op://shop/web/c",
      `sops decrypt --output-type json ${join(story.workspace.dir, "secrets.enc.yaml")}`,
      "vault kv get -format=json secret/shop",
    ]);
    const up = await run("up", "--skip-preview");
    assert.equal(up.code, 0, up.output);
    assert.deepEqual(story.emulator.containerEnv(service), {
      LEVEL: "info",
      DB_PASS: values.vault,
      PORT: "5432",
      A: `${values.op} of op://shop/api/a`,
      B: values.sops,
      C: `${values.op} of op://shop/web/c`,
      D: `${values.op} of op://shop/api/a`,
    });
    const again = await run("preview", "--expect-no-changes");
    assert.equal(again.code, 0, again.output);
  });

  it("a value that changed in the manager is a change of the plan", async () => {
    install({ DB_PASS: `${values.vault}2`, port: "5432" });
    const { steps } = JSON.parse((await run("preview", "--json")).stdout) as {
      steps: { op: string; urn: string; detailedDiff?: object }[];
    };
    const changed = steps.flatMap(({ op, detailedDiff }) =>
      op === "update" ? Object.keys(detailedDiff ?? {}) : [],
    );
    assert.deepEqual(changed, ["env.DB_PASS"]);
  });

  it("give commands the same values, as secrets", async () => {
    const command = async (...args: string[]) => {
      const result = await story.command(args);
      printed += result.output;
      return result;
    };
    const path = process.execPath;
    const script = `process.exit(process.env.DB_PASS.length === ${values.vault.length + 1} ? 7 : 1)`;
    const ran = await command("env", "run", "--stage", "test", "--service", "api", "--", path, "-e", script);
    assert.equal(ran.code, 7, ran.output);
    const checked = await command("env", "check");
    assert.equal(checked.code, 0, checked.output);
    story.write("envs/prod/api.yaml", "DB_PASS: !vault secret/shop\nA: !op op://shop/prod/a\n");
    const diff = await command("env", "diff", "test", "prod", "--service", "api", "--all");
    assert.match(diff.output, /\n *\W? *A +.*\[?secret/, diff.output);
    const set = await command("env", "set", "A=x", "--stage", "test", "--service", "api");
    assert.match(
      set.output,
      /A takes its value from 1Password \(!op op:\/\/shop\/api\/a in envs\/test\/api\.yaml\)/,
    );
    assert.equal(set.code, 1);
  });

  it("show no value in the output, and keep none in the state in plain text", () => {
    for (const [name, value] of Object.entries(values)) {
      assert.equal(printed.includes(value), false, `the output shows ${name}`);
      assert.equal(story.workspace.stateText().includes(value), false, `the state shows ${name}`);
    }
  });
});
