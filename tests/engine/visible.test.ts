import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

/** What somebody writes where a job prints it: commands of three CI systems, terminal codes, hidden characters, Pulumi's tags. */
const attack = [
  "x",
  "::stop-commands::stopped",
  "  ::error::owned",
  "##[add-path]/tmp/evil",
  "##vso[task.setvariable variable=PATH]evil",
  "section_start:1700000000:evil[collapsed=true]\r\u001b[0Kowned",
  "\u001b[2J\u001b[31m\u009b31m\u202elia\u3164\u2800\u200b\u{e0041}<{%fg 1%}>\u0007end",
].join("\n");
/** The same where no line break can be. */
const attackLine = attack.replaceAll(/[\r\n]/g, " ");

const unseen = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{White_Space}/u;
const runnerCommand = /##[\w.-]*\[|^\s*::|section_start:\d+:\S+\r/m;

/** Nothing of an attack is left in what a job would log. */
function assertHarmless(output: string): void {
  // The CLI begins each line of a message with blanks or a tab.
  const found = unseen.exec(output.replaceAll("\n", "").replaceAll("\t", ""));
  assert.equal(found, null, `${JSON.stringify(found?.[0])} in ${JSON.stringify(output)}`);
  assert.doesNotMatch(output, runnerCommand);
}

describe("text by somebody else, in the output of the CLI", function () {
  this.timeout(180_000);
  let story: Story;
  let application: string;
  before(async () => {
    story = await Story.begin();
    application = await story.existingApplication("web", { env: "A=a" });
    await story.byHand("application.update", { applicationId: application, name: attack });
  });
  after(() => story?.end());

  const block = (level: string) => `
    new dokploy.EnvironmentBlock("web-env", {
      target: { applicationId: "${application}" }, mode: "additive", env: { LEVEL: "${level}" },
    });`;

  /** The command of this package, with a given stdin, in the folder of the program. */
  async function run(args: readonly string[], input = ""): Promise<{ output: string; stdout: string }> {
    const { dir, env } = story.workspace;
    const child = spawn(process.execPath, [command, ...args], { cwd: dir, env: { ...process.env, ...env } });
    const chunks: Record<"stdout" | "stderr", string> = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        chunks[name] += text;
      });
    }
    child.stdin.end(input);
    await new Promise((resolve) => child.on("close", resolve));
    return { output: chunks.stdout + chunks.stderr, stdout: chunks.stdout };
  }

  it("is shown if a deployment fails: the name on the server, and the end of the log", async () => {
    story.emulator.setOutcome(application, { status: "error", log: `Initializing\n${attack}\nfailed` });
    story.program(block("info"));
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(
      output,
      /Deployment of application "x\\n::stop-commands::stopped\\n {2}::error::owned\\n\\x23#\[add-path\]/,
    );
    assert.match(output, /^\s+\\x3a:stop-commands::stopped$/m);
    assert.match(output, /^\s+\\x23#vso\[task\.setvariable/m);
    assertHarmless(output);
  });

  it("is shown in warnings, notices and lists of what exists", async () => {
    story.program(`
      ${block("debug")}
      const found = dokploy.getApplication({ name: "nothing", environmentId: "${
        (await story.application(application))["environmentId"]
      }" });
      module.exports = { found: found.then(({ id }) => id) };
    `);
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(output, /stop-commands/);
    assertHarmless(output);
  });

  it("is shown in the names of files, and in their problems", async () => {
    const folder = path.join(story.workspace.dir, "envs");
    fs.mkdirSync(folder, { recursive: true });
    const file = `${attack.replaceAll("/", "-")}.yaml`;
    fs.writeFileSync(path.join(folder, file.slice(-200)), "a: [1]\nb: {c: 1}\n");
    fs.writeFileSync(path.join(folder, "::error::y.toml"), "");
    story.program(`process.chdir(${JSON.stringify(folder)}); dokploy.loadEnvs(".");`);
    const unknown = await story.fails("preview");
    assert.match(unknown.output, /\\x3a:error::y\.toml: is neither YAML nor dotenv/);
    assertHarmless(unknown.output);
    fs.rmSync(path.join(folder, "::error::y.toml"));
    const wrong = await story.fails("preview");
    assert.match(wrong.output, /end\.yaml:1:/);
    assertHarmless(wrong.output);
    fs.rmSync(folder, { recursive: true });
  });

  it("is shown in the Markdown of a plan, and by the comparison of variables", async () => {
    story.program(`
      new dokploy.EnvironmentBlock("web-env", {
        target: { applicationId: "${application}" }, mode: "additive",
        env: { LEVEL: ${JSON.stringify(attackLine)}, TEXT: "\\u3164" },
      });
      pulumi.log.warn(${JSON.stringify(attack)});
    `);
    const preview = await story.run("preview", "--json");
    assert.equal(preview.code, 0, preview.output);
    const summary = await run(["plan-summary"], preview.stdout);
    assert.match(summary.stdout, /`\\u\{3164\}`/);
    assert.match(summary.stdout, /stop-commands/);
    assertHarmless(summary.output);

    await story.byHand("application.saveEnvironment", {
      applicationId: application,
      env: `A=${JSON.stringify(attackLine)}\nB='${attack}'`,
      buildArgs: "",
      buildSecrets: "",
      createEnvFile: true,
    });
    fs.writeFileSync(path.join(story.workspace.dir, "web.env"), `A=b\nB=${JSON.stringify(attackLine)}\n`);
    for (const more of [[], ["--json"], ["--keys-only"]]) {
      const diff = await run(["env", "diff", "./web.env", `application/${application}`, "--all", ...more]);
      if (more[0] !== "--keys-only") assert.match(diff.output, /stop-commands|owned/);
      assertHarmless(diff.output);
    }
  });

  it("is shown by every command that gets it as an argument", async () => {
    for (const args of [
      [attack],
      ["plan-summary", attack],
      ["plan-summary", "--fail-on", attack],
      ["plan-summary", "--max-length", attack],
      ["env", "diff", attack, attack],
      ["env", "diff", "a", "b", "--fail-on", attack],
      ["emulator", "--port", attack],
      ["emulator", `--${attack}`],
    ]) {
      const { output } = await run(args, "{");
      assert.match(output, /^pulumi-dokploy: .*x\\?n?/s);
      assertHarmless(output);
    }
  });
});
