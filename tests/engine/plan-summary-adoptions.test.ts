import * as assert from "node:assert/strict";
import { Story } from "./story";
import { base, block, summaryOf } from "./summary-story";

describe("the summary of a plan that adopts or lets go", function () {
  this.timeout(120_000);
  let story: Story;
  let worker: string;
  let other: string;

  before(async () => {
    story = await Story.begin();
    worker = await story.existingApplication("worker");
    other = await story.existingApplication("other");
  });
  after(() => story?.end());

  const summarise = (body: string, ...args: string[]) => summaryOf(story, body, ...args);

  it("reports released resources and moved variables, and an update does what it says", async () => {
    const kept = base.replace("replicas: 1,\n  }", "$&, { retainOnDelete: true }");
    const { environmentId } = (await story.application(other)) as unknown as { environmentId: string };
    const otherBlock = `new dokploy.EnvironmentBlock("other-env", { target: { applicationId: "${other}" }, env: { A: "a" } });`;
    await story.up(kept + block(worker) + otherBlock);
    const { id } = story.resource("web");

    const moved = `new dokploy.Application("other", {
      environmentId: "${environmentId}", name: "other", source: { type: "docker", image: "acme/existing:1" }, env: { A: "a" },
    }, { import: "${other}", retainOnDelete: true });`;
    const after = base.replace(/const web[\s\S]*/, "") + block(worker) + moved;
    const { markdown } = await summarise(after);
    assert.match(markdown, /^\*\*1 to let go, 1 to delete; 1 to adopt, nothing to change\*\*$/m);
    assert.doesNotMatch(markdown, /CAUTION/);
    assert.match(
      markdown,
      /^### `web` · Application · \*\*let go\*\*\n\nIt stays in Dokploy, and is no longer/m,
    );
    assert.match(markdown, /^Its variables move to `other` \(Application\)\.$/m);
    await story.up(after);
    assert.equal((await story.application(other)).env?.trim(), "A=a");
    assert.equal((await story.application(id)).name, "web");

    await story.byHand("application.delete", { applicationId: id });
    await story.up(base + block(worker));
  });

  it("reports objects that already match the program, for which nothing changes and nothing is deployed", async () => {
    const first = await story.existingApplication("first", { env: "A=a\nB=b\nC=c" });
    const second = await story.existingApplication("second", { env: "TOKEN=canary-7" });
    for (const applicationId of [first, second]) await story.byHand("application.deploy", { applicationId });
    const { environmentId } = (await story.application(second)) as unknown as { environmentId: string };
    const blockOf = (name: string, id: string, more: string) =>
      `new dokploy.EnvironmentBlock("${name}", { target: { applicationId: "${id}" }, ${more} });`;
    const same = [
      blockOf("first-ab", first, `mode: "additive", env: { B: "b", A: "a" }`),
      blockOf("first-c", first, `mode: "additive", env: { C: "c" }`),
      `new dokploy.Application("second", {
        environmentId: "${environmentId}", name: "second",
        source: { type: "docker", image: "acme/existing:1" },
        env: pulumi.secret({ TOKEN: "canary-7" }),
      }, { import: "${second}" });`,
    ];
    const { markdown, preview } = await summarise(base + block(worker) + same.join("\n"));
    assert.match(
      markdown,
      /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`\n\n\*\*3 to adopt\*\* · 0 changes · deploys nothing\n/m,
    );
    assert.match(
      markdown,
      /^### `first-ab` · EnvironmentBlock · adopt\n\nDokploy already has `A`, `B` with these values: nothing changes, and nothing is deployed\.$/m,
    );
    assert.doesNotMatch(markdown, /canary|deploys (?!nothing)|warning|Deploys/);
    assert.match(
      preview.stdout,
      /The variables of the application \\"first\\" \(\S+\) are adopted as they are/,
    );

    const differing = [
      ...same.slice(1),
      blockOf("first-ab", first, `mode: "additive", env: { B: "b", A: "changed" }`),
    ];
    const other = await summarise(base + block(worker) + differing.join("\n"));
    assert.match(
      other.markdown,
      /^\*\*1 to create; 2 to adopt, nothing to change\*\* · deploys up to 1 service$/m,
    );
    assert.match(other.markdown, /^### `first-ab` · EnvironmentBlock · \*\*create\*\*$/m);

    const { calls } = await story.up(base + block(worker) + same.join("\n"));
    assert.deepEqual(
      calls.filter((call) => /deploy$|reload|save|update$/.test(call)),
      [],
    );
  });
});

for (const plugin of [false, true]) {
  const by = plugin ? "the plugin" : "dynamic providers";
  describe(`the summary of a plan of ${by}, in a stack whose secrets are words`, function () {
    this.timeout(120_000);
    let story: Story;
    before(async () => {
      const words = ["deploy", "adopt", "one", "info", "base", "import", "variables", "dokploy", "server"];
      const config = words.flatMap((word, at) => ["--secret", `word${at}=${word}`]);
      story = await Story.begin({ config, plugin });
    });
    after(() => story?.end());

    it("shows an adoption with its one change, and names the server", async () => {
      const { environmentId } = await story
        .byHand<{ environmentId: string }>("project.create", {
          name: "shop",
        })
        .then((made) => (made as unknown as { environment: { environmentId: string } }).environment);
      const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
        name: "api",
        environmentId,
      });
      const variables = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`NAME_${at}`, `${at}`]));
      const text = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
      await story.byHand("application.update", {
        applicationId,
        sourceType: "docker",
        dockerImage: "acme/api:1",
        env: text.join("\n"),
      });
      const { markdown, preview } = await summaryOf(
        story,
        `
        new dokploy.Application("api", {
          environmentId: "${environmentId}",
          name: "api",
          source: { type: "docker", image: "acme/api:1" },
          env: ${JSON.stringify({ ...variables, NAME_7: "changed" })},
          import: "${applicationId}",
        });
      `,
      );
      assert.equal(preview.code, 0, preview.output);
      assert.match(preview.output, /\[\[secret\]\//, "Pulumi masks the codes");
      assert.match(
        markdown,
        /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`\n\n\*\*1 to adopt\*\*/m,
      );
      assert.deepEqual(markdown.match(/`NAME_\d+`/g), ["`NAME_7`"]);
      assert.doesNotMatch(markdown, /to create/);
    });
  });
}
