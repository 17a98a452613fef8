import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commands } from "../../../../cli/commands";
import { runCommand, UsageError } from "../../../../cli/terminal";

const recorded = (name: string) => path.join(__dirname, "..", "plan", "previews", name);

describe("pulumi-dokploy plan-summary", function () {
  this.timeout(60_000);
  let folder: string;
  let output: string;
  const read = () => fs.readFileSync(output, "utf8");

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-summary-"));
    output = path.join(folder, "comment.md");
  });
  afterEach(() => {
    process.exitCode = undefined;
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** The exit code, as the whole command has it. */
  async function run(...args: string[]): Promise<number> {
    try {
      await runCommand(commands, "pulumi-dokploy", ["plan-summary", ...args, "--output", output]);
      return Number(process.exitCode ?? 0);
    } catch (error) {
      if (error instanceof UsageError) return 2;
      throw error;
    } finally {
      process.exitCode = undefined;
    }
  }

  it("reads stdin and writes to stdout, as a pipe needs it", () => {
    const main = path.join(__dirname, "..", "..", "..", "..", "cli", "main.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register", main, "plan-summary", "--title", "Stage *test* @team"],
      { input: fs.readFileSync(recorded("none.json")), encoding: "utf8" },
    );
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.equal(stdout, "**Plan for Stage &#42;test&#42; &#64;&#8203;team**: nothing to do.\n");
  });

  it("writes a file, with the stack's name if the plan does not contain it", async () => {
    const file = path.join(folder, "plan.json");
    fs.writeFileSync(file, '{"changeSummary": {}}');
    assert.equal(await run(file, "--stack", "prod"), 0);
    assert.equal(read(), "**Plan for `prod`**: nothing to do.\n");
  });

  it("also writes a page with --html, and one that says so when there is no plan", async () => {
    const page = path.join(folder, "plan.html");
    assert.equal(await run(recorded("change.json"), "--html", page), 0);
    assert.match(read(), /^## Plan for `shop\/dev`/);
    assert.match(
      fs.readFileSync(page, "utf8"),
      /^<!DOCTYPE html>[\s\S]*<h1>Plan for <code>shop\/dev<\/code><\/h1>/,
    );
    const empty = path.join(folder, "plan.json");
    fs.writeFileSync(empty, "");
    assert.equal(await run(empty, "--html", page, "--stack", "prod"), 2);
    assert.match(fs.readFileSync(page, "utf8"), /There is no plan\./);
  });

  it("reads what Windows PowerShell writes", async () => {
    const file = path.join(folder, "plan.json");
    fs.writeFileSync(file, `\ufeff${fs.readFileSync(recorded("none.json"), "utf8")}`, "utf16le");
    assert.equal(await run(file), 0);
    assert.match(read(), /nothing to do/);
  });

  it("ends with 0 for a failed preview, and with 3 when asked to fail on errors", async () => {
    assert.equal(await run(recorded("failed-check.json")), 0);
    assert.equal(await run(recorded("failed-check.json"), "--fail-on", "errors"), 3);
    assert.match(read(), /the preview failed/);
  });

  it("ends with 3 for warnings only when asked to", async () => {
    assert.equal(await run(recorded("drift.json"), "--fail-on", "errors"), 0);
    assert.equal(await run(recorded("drift.json"), "--fail-on", "warnings"), 3);
    assert.equal(await run(recorded("change.json"), "--fail-on", "warnings"), 0);
  });

  it("ends with 2 when there is no plan, and writes that, so that no comment shows an older one", async () => {
    const file = path.join(folder, "plan.json");
    fs.writeFileSync(file, "");
    assert.equal(await run(file, "--stack", "test"), 2);
    assert.equal(
      read(),
      "## Plan for `test`: the preview failed\n\n" +
        "> [!CAUTION]\n> **There is no plan.** The log of the job says more.\n> \n" +
        "> The plan is empty: `pulumi preview --json` printed nothing. Its error is on stderr of that command.\n",
    );
  });

  it("ends with 2 for the plan of another stack, and writes that", async () => {
    for (const name of ["dev", "acme/dev", "acme/shop/dev"])
      assert.equal(await run(recorded("change.json"), "--stack", name), 0, name);
    assert.equal(await run(recorded("change.json"), "--stack", "prod"), 2);
    assert.match(read(), /^## Plan for `prod`: the preview failed\n/);
    assert.match(
      read(),
      /> The plan is of stack `dev`, and --stack names `prod`\. Pass the plan of that stack\.\n$/,
    );
  });

  it("ends with 2, and writes nothing, for a wrong call", async () => {
    const plan = recorded("none.json");
    for (const args of [
      [folder],
      [path.join(folder, "missing.json")],
      [plan, plan],
      [plan, "--max-length", "10"],
      [plan, "--fail-on", "anything"],
      [plan, "--unknown"],
    ]) {
      assert.equal(await run(...args), 2, args.join(" "));
      assert.equal(fs.existsSync(output), false);
    }
    output = path.join(folder, "missing", "comment.md");
    assert.equal(await run(plan), 2);
  });
});
