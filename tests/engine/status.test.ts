import * as assert from "node:assert/strict";
import { Story } from "./story";

const token = "canary-token-4f9a";

describe("status, logs and open of a stack", function () {
  this.timeout(180_000);
  let story: Story;
  let up: string;
  before(async () => {
    story = await Story.begin({ config: ["--secret", `token=${token}`] });
    const { output } = await story.up(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Application("api", {
        environmentId: shop.defaultEnvironmentId,
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        env: { GREETING: new pulumi.Config().requireSecret("token") },
        domains: [{ host: "api.example.com", https: true, certificateType: "letsencrypt", port: 3000 }],
      });
    `);
    up = output;
  });
  after(() => story?.end());

  it("show what runs and where, without a secret", async () => {
    assert.match(up, /^ +api is deployed: https:\/\/api\.example\.com \[dokploy\/address .*\]$/m);
    const table = await story.command(["status"]);
    assert.match(table.output, /^Services of dev: 1 service$/m);
    assert.match(
      table.output,
      /^ {2}api +healthy +1\/1 .*acme\/api:1.*\n(?:.*\n)? {4}.*https:\/\/api\.example\.com$/m,
    );
    assert.equal(table.code, 0, table.output);
    const open = await story.command(["open", "api", "--stage", "dev"]);
    assert.deepEqual([open.code, open.output], [0, "https://api.example.com\n"]);
    const logs = await story.command(["logs", "api", "--tail", "5"]);
    assert.equal(logs.code, 0, logs.output);
    for (const { output } of [table, open, logs]) assert.ok(!output.includes(token), output);
  });

  it("exit with 1 where something differs from the state, and with 2 for a service that is not there", async () => {
    const { id } = story.resource("api");
    await story.byHand("application.update", { applicationId: id, dockerImage: "acme/api:2" });
    const { code, output } = await story.command(["status", "api"]);
    assert.match(output, /^ {2}api: image is acme\/api:2, and acme\/api:1 in the state$/m);
    assert.equal(code, 1);
    const wrong = await story.command(["logs", "apii"]);
    assert.match(wrong.output, /Stack dev has no service apii\. Did you mean api\?/);
    assert.equal(wrong.code, 2);
  });
});
