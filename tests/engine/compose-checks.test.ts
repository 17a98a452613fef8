import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { count, hasLine, Story } from "./story";

describe("a compose file of the repository", function () {
  this.timeout(120_000);
  const name = "services/cache/compose.yaml";
  const password = `password-${randomBytes(12).toString("hex")}`;
  let story: Story;
  let printed = "";

  before(async () => {
    story = await Story.begin();
    program();
  });
  after(() => story?.end());

  function program(more = ""): void {
    story.program(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Compose("cache", {
        environmentId: shop.defaultEnvironmentId,
        name: "cache",
        source: dokploy.composeFile("${name}"),
        env: { CACHE_PASSWORD: pulumi.secret("${password}"), LEFT: shop.id },
        ${more}
      });
    `);
  }

  function file(...lines: string[]): void {
    const full = path.join(story.workspace.dir, name);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, `${lines.join("\n")}\n`);
  }

  async function run(...args: string[]) {
    const result = await story.run(...args);
    printed += result.output;
    return result;
  }

  it("that is missing ends the plan with its name", async () => {
    const { code, output } = await run("preview");
    assert.notEqual(code, 0);
    assert.ok(hasLine(output, `${name}: there is no such file`), output);
  });

  it("that would fail ends the plan, with line and column, before anything is created", async () => {
    file(
      "services:",
      "  cache:",
      "    image: redis",
      "    command: redis-server --requirepass ${CACHE_PASSWORD:?} --user ${CACHE_USER:?no user}",
      "    ports: ['6379:6379', '6379:6380']",
    );
    const { code, output, calls } = await run("preview");
    assert.notEqual(code, 0);
    assert.ok(
      hasLine(output, "error:", `${name}:4:68: CACHE_USER is required`, "[required-variable]"),
      output,
    );
    assert.ok(hasLine(output, "error:", `${name}:5:26: service "cache" publishes port 6379`), output);
    assert.ok(hasLine(output, `warning: Compose "cache": ${name}:3:12: `, "[latest-tag]"), output);
    assert.equal(count(calls, "compose.create"), 0);
  });

  it("with advice is reported in the plan, once in each command, and is applied", async () => {
    file(
      "services:",
      "  cache:",
      "    image: redis:7",
      "    container_name: cache",
      "    command: redis-server --requirepass ${CACHE_PASSWORD:?}",
    );
    const plan = await run("preview");
    assert.equal(plan.code, 0, plan.output);
    const [, diagnostics = ""] = plan.output.split("Diagnostics:");
    assert.equal(diagnostics.split(`${name}:4:5: `).length, 2, plan.output);
    assert.ok(hasLine(plan.output, 'warning: Compose "cache": env.LEFT: ', "[unused-variable]"), plan.output);
    const up = await run("up", "--yes", "--skip-preview");
    assert.equal(up.code, 0, up.output);
  });

  it("is checked by the levels of the stack's configuration", async () => {
    assert.equal(
      (await run("config", "set", "--path", "dokploy:composeChecks.container-name", "error")).code,
      0,
    );
    assert.equal(
      (await run("config", "set", "--path", "dokploy:composeChecks.unused-variable", "off")).code,
      0,
    );
    const refused = await run("preview");
    assert.notEqual(refused.code, 0);
    assert.ok(hasLine(refused.output, "error:", `${name}:4:5: `, "[container-name]"), refused.output);
    assert.ok(!refused.output.includes("unused-variable"), refused.output);
  });

  it("is an update without a deployment when only the levels of its checks differ", async () => {
    program(`checks: { "container-name": "off" },`);
    const plan = await run("preview");
    assert.equal(plan.code, 0, plan.output);
    const updated = `${story.typeOf("Compose")} cache update`;
    assert.ok(hasLine(plan.output, updated, "[diff: +checks"), plan.output);
    const { code, output, calls } = await run("up", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    assert.equal(count(calls, "compose.update") + count(calls, "compose.deploy"), 0);
    assert.equal((await run("preview", "--expect-no-changes")).code, 0);
  });

  it("is a plan without changes and calls when only its name differs", async () => {
    const moved = "services/cache.yaml";
    fs.renameSync(path.join(story.workspace.dir, name), path.join(story.workspace.dir, moved));
    const text = path.join(story.workspace.dir, "index.js");
    fs.writeFileSync(text, fs.readFileSync(text, "utf8").replace(name, moved));
    const { code, output, calls } = await run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
    assert.deepEqual(calls, []);
  });

  it("is not checked with a rule that does not exist", async () => {
    assert.equal((await run("config", "set", "--path", "dokploy:composeChecks.container", "off")).code, 0);
    const { code, output } = await run("preview");
    assert.notEqual(code, 0);
    assert.ok(
      hasLine(output, 'dokploy:composeChecks: no check has the name "container"; the checks are'),
      output,
    );
    assert.doesNotMatch(output, /at \S+ \(/);
  });

  it("never prints the value of a variable", () => {
    assert.ok(printed.length > 1000);
    assert.ok(!printed.includes(password));
  });
});
