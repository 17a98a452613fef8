import * as assert from "node:assert/strict";
import { PreviewStory } from "./preview-story";

describe("a generated secret in previews of pull requests", function () {
  this.timeout(480_000);
  const shop = new PreviewStory();

  it("is another one in each preview of a pull request, and stays there", async () => {
    shop.story.write("envs/test/web.yaml", "COOKIE_KEY: !generate\nMAIL_KEY: !secret mailKey\n");
    const keyOf = async (number: number) => {
      const { applicationId } = (await shop.webOf(number)) as unknown as { applicationId: string };
      return shop.story.emulator.containerEnv(applicationId)?.["COOKIE_KEY"];
    };
    for (const number of [12, 13]) await shop.succeeds(`up ${number} --tag web=a`);
    const [first, second] = [await keyOf(12), await keyOf(13)];
    for (const key of [first, second]) assert.match(key ?? "", /^[A-Za-z0-9]{32,}$/);
    assert.notEqual(first, second);
    await shop.succeeds("up 12 --tag web=b");
    assert.equal(await keyOf(12), first);
    for (const key of [first, second]) assert.ok(!shop.printed.includes(key ?? "?"), "it is a secret");
  });
});
