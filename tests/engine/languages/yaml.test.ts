import * as assert from "node:assert/strict";
import { essential, type Story } from "../story";
import { filesOf } from "./page";
import { beginWith, createsIt, hostMilliseconds, secret, toolOrSkip, write } from "./story";

const program = filesOf("YAML");

describe("a program in YAML", function () {
  this.timeout(120_000);
  let story: Story;
  before(async function () {
    this.timeout(hostMilliseconds);
    const host = await toolOrSkip(this, "yaml");
    story = await beginWith(host);
    write(story, program);
  });
  after(() => story?.end());

  const changed = () => ({
    "Pulumi.yaml": (program["Pulumi.yaml"] ?? "").replace("LOG_LEVEL: info", "LOG_LEVEL: debug"),
  });

  it("has a plan by key that hides secrets, and changes nothing in Dokploy", async () => {
    const { output, calls } = await story.succeeds("preview", "--diff");
    assert.match(output, /\+ dokploy-native:index\/?\w*:Project: \(create\)/);
    assert.match(output, /LOG_LEVEL\s*: "info"/);
    assert.match(output, /SESSION_SECRET\s*: \[secret\]/);
    assert.match(output, /host\s*: "api\.example\.com"/);
    assert.doesNotMatch(output, new RegExp(secret));
    const { host } = new URL(story.emulator.url);
    assert.equal(output.split(`Dokploy: this plan is for http://${host}`).length, 2, output);
    assert.deepEqual(
      calls.filter((call) => /create|update|deploy|delete/.test(call)),
      [],
    );
  });

  it("creates what it says, calls a function, and leaves no secret in the state", () => createsIt(story));

  it("has plans that approve-check compares, with the values of secrets", async () => {
    story.workspace.env["DOKPLOY_PLAN_KEY"] = "canary-key-of-the-plans";
    /** Plans a new value of the secret, in addition to another change. */
    const plan = async (value: string) => {
      await story.succeeds("config", "set", "--secret", "sessionSecret", value);
      story.write("plan.json", (await story.succeeds("preview", "--json")).stdout);
    };
    const check = () => story.command(["approve-check", "plan.json", "--approved", "comment.md"]);
    try {
      write(story, changed());
      await plan("canary-of-the-next-session");
      const made = await story.command([
        "plan-summary",
        "plan.json",
        "--fingerprint",
        "--output",
        "comment.md",
      ]);
      assert.equal(made.code, 0, made.output);
      const same = await check();
      assert.match(same.output, /^The plan of shop\/dev is the approved one: /);
      assert.equal(same.code, 0);
      await plan("canary-of-another-session");
      const differs = await check();
      assert.equal(
        differs.output,
        "The plan of shop/dev is not the approved one:\n" +
          "  api (Application): gets a secret that differs from the approved plan\n",
      );
      assert.equal(differs.code, 1);
    } finally {
      delete story.workspace.env["DOKPLOY_PLAN_KEY"];
      await story.succeeds("config", "set", "--secret", "sessionSecret", secret);
    }
  });

  it("plans the change of one variable under its key, and deploys it", async () => {
    write(story, changed());
    const { stdout } = await story.succeeds("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; detailedDiff?: object }[] };
    const updates = steps.filter(({ op }) => op === "update");
    assert.deepEqual(
      updates.map(({ detailedDiff }) => Object.keys(detailedDiff ?? {})),
      [["env.LOG_LEVEL"]],
    );
    const { output, calls } = await story.succeeds("up", "--skip-preview", "--diff");
    assert.match(output, /~ LOG_LEVEL\s*: "info" => "debug"/);
    assert.ok(essential(calls).includes("application.deploy"), calls.join(" "));
  });

  it("sees at refresh that a variable was changed by hand, and sets it again", async () => {
    write(story, changed());
    const { id } = story.resource("api");
    const { env } = await story.application(id);
    await story.byHand("application.saveEnvironment", {
      applicationId: id,
      env: env?.replace("debug", "trace"),
      buildArgs: "",
      buildSecrets: "",
      createEnvFile: true,
    });
    const { output } = await story.succeeds("refresh", "--diff");
    assert.match(output, /~ LOG_LEVEL\s*: "debug" => \[secret\]/);
    assert.doesNotMatch(output, new RegExp(secret));
    await story.succeeds("up", "--skip-preview");
    assert.match((await story.application(id)).env ?? "", /LOG_LEVEL=debug/);
  });

  it("deletes it all", async () => {
    await story.succeeds("destroy");
    assert.deepEqual(await story.byHand("project.all", {}), []);
  });
});
