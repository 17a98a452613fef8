import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { canary, PreviewStory } from "./preview-story";
import { count } from "./story";

describe("several previews of pull requests", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  it("live at the same time, each with its own services, until they are removed", async () => {
    const first = await Promise.all(
      [12, 13, 14].map((number) => shop.run(`up ${number} --tag web=pr-${number}`)),
    );
    for (const { code, output } of first) assert.equal(code, 0, output);
    assert.match(first[0]?.output ?? "", /### Preview of #12 is deployed/);
    assert.match(
      first[0]?.output ?? "",
      /\| `web` \| yes, since .* UTC \| <https:\/\/web-pr-12\.preview\.acme\.dev\/> \|/,
    );
    assert.match(first[0]?.output ?? "", /\| `orders` \| yes, since .* UTC \| – \|/);
    const names = (await shop.projects()).map(({ name }) => name).sort();
    assert.deepEqual(names, ["shop-pr-12", "shop-pr-13", "shop-pr-14"]);
    const web = await shop.webOf(13);
    assert.equal(web["dockerImage"], "acme/web:pr-13");
    assert.match(web.env ?? "", /SESSION_KEY=/);
    assert.doesNotMatch(web.env ?? "", /MAIL_KEY/);
    assert.equal(
      count(
        shop.story.emulator.calls.map(({ endpoint }) => endpoint),
        "schedule.runManually",
      ),
      3,
    );

    const refused = await shop.run("up 15 --comment comment.md");
    assert.equal(refused.code, 1);
    assert.match(
      refused.output,
      /There are 3 previews, and limit in dokploy-previews\.yaml allows 3: pr-12 \(/,
    );
    assert.match(
      fs.readFileSync(path.join(shop.story.workspace.dir, "comment.md"), "utf8"),
      /^### Preview of #15 was not deployed/,
    );

    for (const number of [12, 13, 14]) shop.newCheckout(number);
    await shop.succeeds("up 12 --tag web=pr-12b");
    assert.equal((await shop.webOf(12))["dockerImage"], "acme/web:pr-12b");
    assert.equal(
      count(
        shop.story.emulator.calls.map(({ endpoint }) => endpoint),
        "schedule.runManually",
      ),
      3,
      "a seed runs once",
    );

    assert.match(await shop.succeeds("list"), /^#12 {2}deployed .* UTC, removed after .* UTC\n#13 /m);
    assert.match(
      await shop.succeeds("sweep --open 12,13 --dry-run"),
      /^#14 would be removed: closed\nkept: #12, #13$/m,
    );
    assert.match(await shop.succeeds("sweep --open 12,13"), /^#14 is removed: closed\nkept: #12, #13$/m);
    const left = JSON.parse(await jsonOf("sweep --open 12 --json")) as { removed: unknown; kept: unknown };
    assert.deepEqual(left, {
      version: 1,
      removed: [{ number: "13", why: "closed" }],
      failed: [],
      kept: ["12"],
    });
    await shop.succeeds("remove 12");
    assert.match(await shop.succeeds("remove 12"), /There is no preview of pull request 12\./);
    await shop.assertNothingLeft();
    const never = JSON.parse(await jsonOf("remove 99 --json")) as unknown;
    assert.deepEqual(never, { version: 1, number: "99", removed: false });
    assert.equal((await shop.run("remove twelve")).code, 2);
    assert.ok(!shop.printed.includes(canary) && !shop.story.workspace.stateText().includes(canary));
  });

  async function jsonOf(args: string): Promise<string> {
    const { code, output } = await shop.run(args);
    assert.equal(code, 0, output);
    return output.slice(output.indexOf("{\n"));
  }
});
