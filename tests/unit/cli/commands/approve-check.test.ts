import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commands } from "../../../../cli/commands";
import { runCommand, UsageError } from "../../../../cli/terminal";

const recorded = (name: string) => path.join(__dirname, "..", "plan", "previews", name);
type CommandName = "plan-summary" | "approve-check";
const planKey = "canary-key-of-the-tests";

interface Ended {
  readonly status: number;
  readonly stdout: string;
  /** Message of a usage error. */
  readonly stderr: string;
}

/** Runs a command in this process, as `cli/main.ts` does. */
async function run(
  name: "plan-summary" | "approve-check",
  args: string[],
  key: string = planKey,
): Promise<Ended> {
  const { write } = process.stdout;
  const former = process.env["DOKPLOY_PLAN_KEY"];
  let stdout = "";
  process.env["DOKPLOY_PLAN_KEY"] = key;
  process.stdout.write = (text) => {
    stdout += String(text);
    return true;
  };
  try {
    await runCommand(commands, "pulumi-dokploy", [name, ...args]);
    return { status: Number(process.exitCode ?? 0), stdout, stderr: "" };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { status: 2, stdout, stderr: error.message };
  } finally {
    process.stdout.write = write;
    process.exitCode = undefined;
    if (former === undefined) delete process.env["DOKPLOY_PLAN_KEY"];
    else process.env["DOKPLOY_PLAN_KEY"] = former;
  }
}

describe("pulumi-dokploy plan-summary --fingerprint and approve-check", function () {
  this.timeout(60_000);
  const plan = recorded("change.json");
  let folder: string;
  let comment: string;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-approve-"));
    comment = path.join(folder, "comment.md");
    const { status, stderr } = await run("plan-summary", [plan, "--fingerprint", "--output", comment]);
    assert.equal(status, 0, stderr);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("agree on a plan, and read the comment from stdin too", async () => {
    const text = fs.readFileSync(comment, "utf8");
    assert.match(
      text,
      /\n\nFingerprint: `[0-9a-f]{4}(?:-[0-9a-f]{4}){3}`\n\n<!-- dokploy-plan:v1 [^\n]+ -->\n$/,
    );
    assert.doesNotMatch(text, /canary-key/);
    const { status, stdout } = await run("approve-check", [plan, "--approved", comment]);
    assert.match(stdout, /^The plan of shop\/dev is the approved one: [0-9a-f-]{19}\.\n$/);
    assert.equal(status, 0);
    const main = path.join(__dirname, "..", "..", "..", "..", "cli", "main.ts");
    const piped = spawnSync(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", main, "approve-check", plan, "--approved", "-"],
      { input: text, encoding: "utf8", env: { ...process.env, DOKPLOY_PLAN_KEY: planKey } },
    );
    assert.deepEqual([piped.status, piped.stdout, piped.stderr], [0, stdout, ""]);
  });

  it("say in a job of GitHub why a plan is refused: as an error of the run, and in its summary", () => {
    const main = path.join(__dirname, "..", "..", "..", "..", "cli", "main.ts");
    const summary = path.join(folder, "summary.md");
    const checked = (name: string, env: NodeJS.ProcessEnv = {}) => {
      fs.writeFileSync(summary, "");
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          "-r",
          "ts-node/register/transpile-only",
          main,
          "approve-check",
          recorded(name),
          "--approved",
          comment,
        ],
        {
          encoding: "utf8",
          env: {
            ...process.env,
            ...{ GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, DOKPLOY_PLAN_KEY: planKey },
            ...env,
          },
        },
      );
      return { status, stderr, summary: fs.readFileSync(summary, "utf8") };
    };
    assert.deepEqual(checked("change.json"), { status: 0, stderr: "", summary: "" });
    const title = "Not deployed: there is no approval of this plan";
    const other = checked("replace.json");
    assert.equal(other.status, 1);
    assert.match(
      other.stderr,
      /^::error title=Not deployed%3A there is no approval of this plan::The plan of shop\/dev is/,
    );
    assert.ok(
      other.summary.startsWith(`### ${title}\n\n    The plan of shop/dev is not the approved one:\n      `),
    );
    const unreadable = checked("change.json", { DOKPLOY_PLAN_KEY: "another-key-of-the-tests" });
    assert.equal(unreadable.status, 2);
    assert.match(unreadable.stderr, /^::error title=.*::The fingerprint in the approved text is not valid/);
    assert.ok(unreadable.summary.startsWith(`### ${title}\n\n    The fingerprint in the approved text`));
    assert.doesNotMatch(unreadable.summary + unreadable.stderr, /key-of-the-tests/);
  });

  it("end with 2 for the plan of another stack", async () => {
    for (const stack of ["dev", "acme/shop/dev"]) {
      const { status } = await run("approve-check", [plan, "--approved", comment, "--stack", stack]);
      assert.equal(status, 0, stack);
    }
    const { status, stderr } = await run("approve-check", [plan, "--approved", comment, "--stack", "prod"]);
    assert.equal(
      stderr,
      "The plan is of stack `dev`, and --stack names `prod`. Pass the plan of that stack.",
    );
    assert.equal(status, 2);
  });

  it("end with 1 for another plan, and say what differs", async () => {
    const other = path.join(folder, "plan.json");
    fs.writeFileSync(
      other,
      fs.readFileSync(recorded("change.json"), "utf8").replace("acme/api:2", "acme/api:3"),
    );
    const { status, stdout, stderr } = await run("approve-check", [other, "--approved", comment]);
    assert.equal(stderr, "");
    assert.equal(
      stdout,
      "The plan of shop/dev is not the approved one:\n" +
        "  api (Application): source.image gets a value that differs from the approved plan\n",
    );
    assert.equal(status, 1);

    const json = await run("approve-check", [other, "--approved", comment, "--commit", "abc", "--json"]);
    const { fingerprint, approved, ...rest } = JSON.parse(json.stdout) as Record<string, string>;
    assert.notEqual(fingerprint, approved);
    assert.deepEqual(rest, {
      version: 1,
      same: false,
      stack: "shop/dev",
      differences: [
        { text: "The approved plan names no commit; commit abc was expected." },
        {
          resource: "api",
          urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::api",
          path: "source.image",
          text: "gets a value that differs from the approved plan",
        },
      ],
    });
    assert.equal(json.status, 1);
  });

  it("print JSON for any name of a resource", async () => {
    const other = path.join(folder, "plan.json");
    fs.writeFileSync(
      other,
      fs.readFileSync(recorded("change.json"), "utf8").replaceAll("::api", "::##[x]\\u202e"),
    );
    const { stdout } = await run("approve-check", [other, "--approved", comment, "--json"]);
    const { differences } = JSON.parse(stdout) as { differences: { resource?: string }[] };
    assert.ok(differences.some(({ resource }) => resource === "##[x]\u202e"));
  });

  it("end with 2 and one line without a key, a fingerprint, a plan, or the right options", async () => {
    const none = path.join(folder, "none.md");
    fs.writeFileSync(none, "## Plan\n");
    const cases: readonly [string, [CommandName, ...string[]], RegExp][] = [
      ["", ["plan-summary", plan, "--fingerprint"], /is not set.*openssl rand -hex 32/],
      ["short", ["plan-summary", plan, "--fingerprint"], /needs at least 16 characters/],
      [planKey, ["plan-summary", plan, "--commit", "abc"], /--commit needs --fingerprint/],
      [
        planKey,
        ["plan-summary", plan, "--fingerprint", "--max-length", "3999"],
        /at least 4000 with --fingerprint/,
      ],
      ["", ["approve-check", plan, "--approved", comment], /is not set/],
      [`${planKey}2`, ["approve-check", plan, "--approved", comment], /is not valid/],
      [planKey, ["approve-check", plan, "--approved", none], /has no fingerprint/],
      [
        planKey,
        ["approve-check", plan, "--approved", path.join(folder, "missing.md")],
        /missing\.md cannot be read/,
      ],
      [
        planKey,
        ["approve-check", recorded("failed-check.json"), "--approved", comment],
        /This preview failed/,
      ],
      [planKey, ["approve-check", none, "--approved", comment], /This is not a plan/],
      [planKey, ["approve-check", plan], /--approved FILE/],
      [planKey, ["approve-check", "--approved", "-"], /Only one of the plan and the comment/],
      [planKey, ["approve-check", plan, plan, "--approved", comment], /takes one plan/],
    ];
    for (const [key, [name, ...args], message] of cases) {
      const { status, stdout, stderr } = await run(name, args, key);
      assert.equal(status, 2, args.join(" "));
      assert.equal(stdout, "");
      assert.doesNotMatch(stderr, /\n/);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /canary-key|"short"/);
    }
  });

  it("keep the limit of the comment, and write no fingerprint of a failed preview", async () => {
    const short = await run("plan-summary", [
      recorded("change.json"),
      "--fingerprint",
      "--max-length",
      "4000",
    ]);
    assert.equal(short.status, 0, short.stderr);
    assert.ok(short.stdout.length <= 4000);
    assert.match(short.stdout, /dokploy-plan:v1/);
    const failed = await run("plan-summary", [recorded("failed-check.json"), "--fingerprint"]);
    assert.equal(failed.status, 0);
    assert.doesNotMatch(failed.stdout, /dokploy-plan|Fingerprint/);
  });
});
