import * as assert from "node:assert/strict";
import { count, Story } from "./story";

/** Resources as every language but Node.js declares them: no class of this package sees the program. */
const program = (more: string) => `
  class Raw extends pulumi.CustomResource {
    constructor(kind, name, args, options) {
      super("dokploy-native:index:" + kind, name, { defaultEnvironmentId: undefined, ...args }, options);
    }
  }
  const shop = new Raw("Project", "shop", { name: "shop", env: { REGION: "eu" } });
  const web = new Raw("Application", "web", {
    environmentId: shop.defaultEnvironmentId,
    name: "web",
    source: { type: "docker", image: "acme/web:1" },
  });
  const domain = (name, host, dependsOn) =>
    new Raw("Domain", name, { applicationId: web.id, host }, { dependsOn });
  const first = domain("first", "shop.example.com");
  ${more}
`;
const again = `domain("again", "shop.example.com", first);`;
const same =
  /Domain "again" and Domain "first" are the same Domain: they have the same host and path for the same service\./;

describe("two resources for the same thing, in a program without the classes of this package", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin({ plugin: false });
  });
  after(() => story?.end());

  it("are refused by the update as soon as ids are known: the first one stays, and the second is not written", async () => {
    story.program(program(again));
    await story.succeeds("preview");
    const { output, calls } = await story.fails("up", "--skip-preview");
    assert.match(output, same);
    assert.equal(count(calls, "domain.create"), 1);
    assert.doesNotMatch(output, /\n\s+at .*\.js:\d+/);
    assert.match(story.resource("first").id, /./);
  });

  it("are refused by the preview if the ids are known", async () => {
    const { output, calls } = await story.fails("preview");
    assert.match(output, same);
    assert.equal(count(calls, "domain.create"), 0);
    const block = `new Raw("EnvironmentBlock", "shared", { target: { projectId: shop.id }, env: { REGION: "us" } });`;
    story.program(program(block));
    const { output: owners } = await story.fails("preview");
    assert.match(owners, /EnvironmentBlock "shared" and Project "shop" both own env of the same project\./);
  });

  it("are not found where there are none: after a change, a replacement, a renaming and a refresh", async () => {
    const { calls } = await story.up(program(`domain("other", "other.example.com", first);`));
    assert.equal(count(calls, "domain.create"), 1);
    story.program(program(`domain("other", "new.example.com", first);`));
    await story.succeeds("up", "--skip-preview", "--refresh");
    const unchanged = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(unchanged.calls, []);
    const renamed = `new Raw("Domain", "renamed", { applicationId: web.id, host: "new.example.com" }, { aliases: [{ name: "other" }] });`;
    story.program(program(renamed));
    const after = await story.succeeds("up", "--skip-preview", "--refresh");
    assert.equal(count(after.calls, "domain.create"), 0);
    await story.succeeds("destroy", "--yes", "--skip-preview");
  });
});

describe("a domain of a service that the compose file lacks, in such a program", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin({ plugin: false });
  });
  after(() => story?.end());

  const wiki = (services: string, more: string) =>
    program(`
      const wiki = new Raw("Compose", "wiki", {
        environmentId: shop.defaultEnvironmentId,
        name: "wiki",
        source: { type: "raw", composeFile: "services:\\n${services}" },
      });
      ${more}
    `);
  const web = String.raw`  web: { image: 'acme/wiki:1' }\n`;
  const database = String.raw`  database: { image: 'postgres:17' }\n`;
  const domain = (serviceName: string) =>
    `new Raw("Domain", "wiki.dev", { composeId: wiki.id, host: "wiki.dev", serviceName: "${serviceName}" });`;

  it("is refused by the update as soon as the id is known, and not written", async () => {
    story.program(wiki(web, domain("webb")));
    await story.succeeds("preview");
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(output, /"webb" is not a service of the compose file, which has web\. Did you mean web\?/);
    const { id: composeId } = story.resource("wiki");
    const { domains } = await story.byHand<{ domains: unknown[] }>("compose.one", { composeId });
    assert.deepEqual(domains, []);
  });

  it("is refused by the preview if the id is known, by the file as the program gives it", async () => {
    story.program(wiki(web, domain("database")));
    const { output } = await story.fails("preview");
    assert.match(output, /"database" is not a service of the compose file, which has web/);
    story.program(wiki(web + database, domain("database")));
    await story.succeeds("up", "--skip-preview");
    story.program(wiki(web, domain("database")));
    assert.match((await story.fails("preview")).output, /"database" is not a service of the compose file/);
  });
});
