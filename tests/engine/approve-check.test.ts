import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
const canary = (name: string) => `${name}-${randomBytes(12).toString("hex")}`;

for (const plugin of [false, true])
  describe(`pulumi-dokploy approve-check before an update ${plugin ? "through the plugin" : "by the dynamic providers"}`, function () {
    this.timeout(300_000);
    let story: Story;
    const [first, second, third] = [canary("first"), canary("second"), canary("third")];
    const key = canary("key");

    before(async () => {
      story = await Story.begin(plugin ? { plugin } : {});
      story.workspace.env["DOKPLOY_PLAN_KEY"] = key;
    });
    after(() => story?.end());

    const program = (level: string, { token = first, image = "acme/api:1", more = "" } = {}) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "${image}" },
      env: { LEVEL: "${level}", TOKEN: pulumi.secret("${token}") },
    });
    ${more}
  `;

    function runCommand(args: string[], input = ""): { code: number | null; output: string } {
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
        input,
        encoding: "utf8",
        env: { ...process.env, DOKPLOY_PLAN_KEY: key },
      });
      for (const secret of [first, second, third, key])
        assert.ok(!(input + stdout + stderr).includes(secret));
      return { code: status, output: stdout + stderr };
    }

    /** Plans a program and returns the comment. */
    async function comment(body: string, ...args: string[]): Promise<string> {
      story.program(body);
      const preview = await story.succeeds("preview", "--json");
      const { code, output } = runCommand(["plan-summary", "--fingerprint", ...args], preview.stdout);
      assert.equal(code, 0, output);
      return output;
    }

    /** Plans a program as the job that deploys does it, and compares with the comment. */
    async function check(body: string, approved: string, ...args: string[]) {
      story.program(body);
      const preview = await story.succeeds("preview", "--json", "--save-plan", "update.plan");
      const file = path.join(story.workspace.dir, "comment.md");
      fs.writeFileSync(file, approved);
      return runCommand(["approve-check", "--approved", file, ...args], preview.stdout);
    }

    let approved: string;

    it("lets the approved plan pass", async () => {
      assert.match(await comment(program("info")), /^## Plan for `shop\/dev`/);
      await story.up(program("info"));
      const changed = program("debug", { token: second });
      approved = await comment(changed, "--commit", "abc");
      const { code, output } = await check(changed, approved, "--commit", "abc");
      assert.match(output, /^The plan of shop\/dev is the approved one: [0-9a-f-]{19}\.\n$/);
      assert.equal(code, 0);
    });

    it("refuses another plan, and names what differs", async () => {
      assert.deepEqual(await check(program("trace", { image: "acme/api:2" }), approved), {
        code: 1,
        output:
          "The plan of shop/dev is not the approved one:\n" +
          "  api (Application): env.LEVEL gets a value that differs from the approved plan\n" +
          "  api (Application): env.TOKEN stays as it is now; in the approved plan it is changed\n" +
          "  api (Application): source.image is changed now; in the approved plan it stays as it is\n",
      });
    });

    it("refuses another value of a secret, which neither plan nor comment contain", async () => {
      assert.deepEqual(await check(program("debug", { token: third }), approved), {
        code: 1,
        output:
          "The plan of shop/dev is not the approved one:\n" +
          "  api (Application): gets a secret that differs from the approved plan\n",
      });
    });

    it("refuses the same changes on another state, regardless of changes of other resources", async () => {
      const other = { image: "acme/api:2", more: 'new dokploy.Project("other", { name: "other" });' };
      await story.up(program("info", other));
      assert.deepEqual(await check(program("debug", { ...other, token: second }), approved), {
        code: 1,
        output:
          "The plan of shop/dev is not the approved one:\n" +
          "  api (Application): was changed after the plan was approved: its state differs in source\n",
      });
      // The same job may then deploy the plan that was compared, and nothing else. It says so before anything changes.
      story.program(program("trace", { ...other, token: second }));
      const late = await story.fails("up", "--plan", "update.plan");
      assert.match(late.output, /violates plan/);
      assert.deepEqual(
        late.calls.filter((endpoint) => /update|save|deploy$/i.test(endpoint)),
        [],
      );
      story.program(program("debug", { ...other, token: second }));
      await story.succeeds("up", "--plan", "update.plan");
      const { env } = await story.application(story.resource("api").id);
      assert.match(env ?? "", /^LEVEL=debug$/m);
    });

    it("refuses a value that somebody gave a generated secret by hand after the approval", async () => {
      const adopting = program("debug", {
        token: second,
        more: "new dokploy.GeneratedSecret('key', { adopts: pulumi.interpolate`project/${shop.id}/SESSION_KEY` });",
      });
      const { id: projectId } = story.resource("shop");
      const byHand = (env: string) => story.byHand("project.update", { projectId, env });
      const generated = await comment(adopting);
      await byHand(`SESSION_KEY=${first}`);
      const { code, output } = await check(adopting, generated);
      assert.match(
        output,
        /key \(GeneratedSecret\): adopts is added now; in the approved plan it stays as it is\n/,
      );
      assert.equal(code, 1);
      await byHand("");
      const { output: ended } = await story.run("up", "--skip-preview", "--plan", "update.plan");
      assert.match(ended, /violates plan/);
    });
  });
