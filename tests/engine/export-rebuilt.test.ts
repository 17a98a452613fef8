import * as assert from "node:assert/strict";
import { startEmulator } from "../../emulator";
import { ExportStory, filesIn } from "./export-story";

describe("pulumi-dokploy export of a whole server, on another one,", function () {
  this.timeout(300_000);
  const shop = new ExportStory();
  const { exported, folderOf, setPassword } = shop;

  it("makes the same server again on another Dokploy, without its data", async () => {
    await exported("taken");
    await setPassword("taken");
    const { env } = shop.story.workspace;
    const former = { ...env };
    // A build that ends before the first look at it has lost its title, which a commit replaces.
    const other = await startEmulator({ buildMs: 300 });
    try {
      const at = ["-C", folderOf("taken")];
      await shop.story.succeeds(...at, "stack", "init", "rebuilt", "--copy-config-from", "prod");
      Object.assign(env, { DOKPLOY_URL: other.url, DOKPLOY_API_KEY: other.apiKey });
      for (const setting of ["dokploy:adopt", "dokploy:url"])
        await shop.story.succeeds(...at, "config", "rm", setting, "--stack", "rebuilt");
      await shop.story.succeeds(...at, "up", "--yes", "--skip-preview", "--stack", "rebuilt");
      await exported("second", "--secrets", "none");
    } finally {
      Object.assign(env, { DOKPLOY_URL: former["DOKPLOY_URL"], DOKPLOY_API_KEY: former["DOKPLOY_API_KEY"] });
      await other.close();
    }
    await exported("first", "--secrets", "none");
    // The ids of the objects, and their names inside Docker, are those of each server.
    const made = /"redis-[\w-]+-data"/;
    const [first, second] = ["first", "second"].map((name) => {
      const {
        "dokploy-adopt.json": ids,
        "index.ts": program = "",
        "Pulumi.prod.yaml": settings,
        ...files
      } = filesIn(folderOf(name));
      assert.match(program, made);
      return {
        ...files,
        ids: ids?.replace(/": "[^"]+"/g, '": ""'),
        "Pulumi.prod.yaml": settings?.replace(/^ {2}dokploy:url: .*$/m, ""),
        program: program.replace(made, '"data"'),
      };
    });
    assert.deepEqual(second, first);
  });
});
