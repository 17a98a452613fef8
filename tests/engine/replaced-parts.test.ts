import * as assert from "node:assert/strict";
import { count, nameOf, Story } from "./story";

/** Also played with the lowest and the newest CLI by `npm run test:compat`: what `deletedWith` means differs between them. */
describe("resources that belong to services, once these are replaced", function () {
  this.timeout(300_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  const program = (prefix: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    const service = { environmentId: shop.defaultEnvironmentId, appNamePrefix: "${prefix}", deploy: false };
    const web = new dokploy.Application("web", {
      ...service, name: "web", source: { type: "docker", image: "acme/web:1" },
    });
    new dokploy.Domain("shop.acme.dev", { applicationId: web.id, host: "shop.acme.dev" });
    new dokploy.Mount("files", { applicationId: web.id, type: "volume", volumeName: "files", mountPath: "/files", deploy: false });
    new dokploy.Port("port", { applicationId: web.id, publishedPort: 8000, targetPort: 8000, deploy: false });
    new dokploy.Schedule("nightly", {
      applicationId: web.id, name: "nightly", cronExpression: "0 3 * * *", command: "date",
    });
    const more = new dokploy.EnvironmentBlock("more", {
      target: { applicationId: web.id }, mode: "additive", env: { MORE: "1" }, deploy: false,
    });
    new dokploy.Deployment("release", { target: { applicationId: web.id }, triggers: { round: "1" } }, { dependsOn: more });

    const wiki = new dokploy.Compose("wiki", {
      ...service, name: "wiki", source: { type: "raw", composeFile: "services:\\n  db:\\n    image: postgres:18\\n" },
    });
    new dokploy.Domain("wiki.acme.dev", { composeId: wiki.id, host: "wiki.acme.dev", serviceName: "db", port: 80, deploy: false });
    new dokploy.EnvironmentBlock("pages", { target: wiki, env: { PAGES: "1" }, deploy: false });
    const bucket = new dokploy.Destination("bucket", {
      name: "bucket", bucket: "acme", accessKey: "a", secretAccessKey: pulumi.secret("s"),
    });
    new dokploy.Backup("dump", {
      composeId: wiki.id, serviceName: "db", databaseType: "postgres", database: "wiki",
      metadata: { postgres: { databaseUser: "wiki" } }, schedule: "@daily", destinationId: bucket.id,
    });
  `;
  const services = ["web", "wiki"];
  const parts = [
    "dump",
    "files",
    "more",
    "nightly",
    "pages",
    "port",
    "release",
    "shop.acme.dev",
    "wiki.acme.dev",
  ];
  const nouns = ["application", "backup", "compose", "domain", "mounts", "port", "schedule"];

  const assertComplete = async () => {
    const web = await story.application(story.resource("web").id);
    const wiki = await story.byHand("compose.one", { composeId: story.resource("wiki").id });
    const lengths = (row: Record<string, unknown>, ...lists: string[]) =>
      lists.map((list) => (row[list] as unknown[]).length);
    assert.deepEqual([web.env, ...lengths(web, "domains", "mounts", "ports")], ["MORE=1", 1, 1, 1]);
    assert.deepEqual([wiki["env"], ...lengths(wiki, "domains", "backups")], ["PAGES=1", 1, 1]);
    await story.succeeds("preview", "--expect-no-changes", "--refresh");
  };

  it("are replaced in its plan too", async () => {
    await story.up(program("one"));
    story.program(program("two"));
    const { stdout } = await story.succeeds("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const replaced = steps.filter(({ op }) => op === "replace").map(({ urn }) => nameOf(urn));
    assert.deepEqual(replaced.sort(), [...parts, ...services].sort());
    assert.ok(!steps.some(({ op }) => op === "update"), stdout);
  });

  it("are replaced by its update, after which nothing is left to do", async () => {
    const { output, calls } = await story.succeeds("up", "--skip-preview");
    assert.match(output, /\+-11 replaced/);
    const made = nouns.map((noun) => count(calls, `${noun}.create`));
    assert.deepEqual(made, [1, 1, 1, 2, 1, 1, 1]);
    assert.deepEqual([count(calls, "application.deploy"), count(calls, "compose.deploy")], [1, 0]);
    await assertComplete();
  });

  it("exist once if the application cannot be deleted, and the change is undone or made again", async () => {
    const refused = { status: 403, body: { message: "no", code: "FORBIDDEN" } };
    // The later the refusal, the more of the other service is deleted by then.
    for (const [next, delayMs] of [
      ["two", 0],
      ["three", 4000],
    ] as const) {
      story.emulator.faults.add({ endpoint: "application.delete", times: 1, delayMs, ...refused });
      story.program(program("three"));
      await story.fails("up", "--skip-preview");
      await story.up(program(next));
      await assertComplete();
    }
  });
});
