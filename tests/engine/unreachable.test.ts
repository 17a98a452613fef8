import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("a preview that cannot reach Dokploy", function () {
  this.timeout(120_000);
  let story: Story;

  before(async () => {
    story = await Story.begin();
    await story.up(program("1"));
  });
  after(() => story?.end());
  afterEach(() => story.emulator.faults.clear());

  const program = (level: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { LEVEL: "${level}" },
    });
  `;

  const refuseKey = () => {
    const body = { message: "Unauthorized" };
    story.emulator.faults.add({ endpoint: /.*/, times: Number.POSITIVE_INFINITY, status: 401, body });
  };

  function summary(plan: string, ...args: string[]) {
    const { status, stdout } = spawnSync(process.execPath, [command, "plan-summary", ...args], {
      input: plan,
      encoding: "utf8",
    });
    return { status, stdout };
  }

  it("is an error if the key is refused and something changes, in the summary too", async () => {
    refuseKey();
    story.program(program("2"));
    const text = await story.fails("preview");
    assert.match(
      text.output,
      /There are changes, but a request to Dokploy failed, .* the API key was refused/,
    );
    const json = await story.fails("preview", "--json");
    const { status, stdout } = summary(json.stdout, "--fail-on", "errors");
    assert.equal(status, 3);
    assert.match(stdout, /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`: the preview failed$/m);
    assert.match(stdout, /the API key was refused/);
    await story.fails("up", "--skip-preview");
    story.emulator.faults.clear();
    await story.succeeds("preview");
  });

  it("is an error for a new resource too", async () => {
    refuseKey();
    story.program(`${program("1")} new dokploy.Project("other", { name: "other" });`);
    assert.match((await story.fails("preview")).output, /the API key was refused/);
  });

  it("succeeds if nothing changes, without a call", async () => {
    refuseKey();
    story.program(program("1"));
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);
  });

  it("is an error if the server is out of reach", async () => {
    const url = story.workspace.env["DOKPLOY_URL"];
    // The same server, where nobody answers.
    story.workspace.env["DOKPLOY_URL"] = "http://127.0.0.1:9";
    story.workspace.env["DOKPLOY_FORMER_URL"] = url;
    story.program(program("2"));
    const { output } = await story.fails("preview");
    assert.match(output, /a request to Dokploy failed, .*127\.0\.0\.1:9/);
    story.program(program("1"));
    await story.succeeds("preview", "--expect-no-changes");
    if (url !== undefined) story.workspace.env["DOKPLOY_URL"] = url;
    delete story.workspace.env["DOKPLOY_FORMER_URL"];
  });
});
