import * as assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { recipesOf } from "../unit/docs/recipes";
import { count, Story } from "./story";

/** The program of the page, in JavaScript, with another address and less patience. */
function programOf(address: string, level: string): string {
  const [recipe] = recipesOf("docs/everyday/smoke-tests.md");
  assert.ok(recipe);
  const replaced: readonly (readonly [string, string])[] = [
    ['"https://web.example.com/health"', JSON.stringify(address)],
    ["60_000", "500"],
    ["(error: Error)", "(error)"],
    ['name: "web",', `name: "web", env: { LEVEL: "${level}" },`],
  ];
  return replaced.reduce((code, [from, to]) => {
    assert.equal(code.split(from).length, 2, from);
    return code.replace(from, to);
  }, `const shop = new dokploy.Project("shop", { name: "shop" });\n${recipe.code}`);
}

describe("the smoke test of the page", function () {
  this.timeout(180_000);
  let site: Server;
  let status = 200;
  let requests = 0;
  let story: Story;
  before(async () => {
    site = createServer((_, response) => {
      requests += 1;
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => story.end());
  after(() => {
    site.closeAllConnections();
    site.close();
  });

  for (const plugin of [false, true]) {
    it(`fails an update with ${plugin ? "the plugin" : "a dynamic provider"}, and does not run without a change`, async function () {
      story = await Story.begin({ plugin });
      const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/health`;
      const up = async (level: string, answer: number) => {
        [status, requests] = [answer, 0];
        story.program(programOf(address, level));
        return await story.run("up", "--skip-preview");
      };
      const created = await up("info", 200);
      if (created.code !== 0 && created.output.includes("unknown method RegisterResourceHook")) {
        // The host of Node.js programs that this project builds is older than hooks; the one of the official CLI has them.
        assert.equal(count(created.calls, "application.create"), 0, created.output);
        return this.skip();
      }
      assert.equal(created.code, 0, created.output);
      assert.equal(requests, 1);

      const failed = await up("debug", 503);
      assert.equal(failed.code, 1);
      assert.ok(
        failed.output.includes(`after hook "answers" failed: web: ${address} does not respond: HTTP 503`),
        failed.output,
      );
      assert.equal(count(failed.calls, "application.deploy"), 1);
      assert.deepEqual(story.emulator.containerEnv(story.resource("web").id), { LEVEL: "debug" });

      const again = await up("debug", 200);
      assert.equal(again.code, 0, again.output);
      assert.deepEqual(again.calls, []);
      assert.equal(requests, 0);

      const changed = await up("trace", 200);
      assert.equal(changed.code, 0, changed.output);
      assert.equal(requests, 1);
    });
  }
});
