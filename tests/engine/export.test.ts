import * as assert from "node:assert/strict";
import * as path from "node:path";
import { ExportStory, filesIn, problemsIn, writing } from "./export-story";

describe("pulumi-dokploy export of a whole server", function () {
  this.timeout(300_000);
  const shop = new ExportStory();
  const { exported, folderOf, pulumi, setPassword } = shop;

  before("people made more by hand, and from a template", async () => {
    const { story } = shop;
    const { emulator } = story;
    const { tables } = emulator.instance;
    const named = (table: "application" | "postgres", name: string): Readonly<Record<string, unknown>> =>
      [...tables[table].values()].find((row) => row["name"] === name) ?? {};
    const { environmentId } = named("application", "web");
    const orders = named("postgres", "orders");
    const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
      name: "web",
      environmentId,
    });
    const login = `${orders["databaseUser"]}:${orders["databasePassword"]}`;
    const env = [
      `DATABASE_URL=postgresql://${login}@${orders["appName"]}:5432/${orders["databaseName"]}`,
      `API_URL=http://${named("application", "api")["appName"]}:3000/v1`,
    ].join("\n");
    await story.byHand("application.update", {
      applicationId,
      env,
      sourceType: "docker",
      dockerImage: "acme/x:1",
    });
    const { composeId } = await story.byHand<{ composeId: string }>("compose.create", {
      name: "wiki",
      environmentId,
      sourceType: "raw",
      composeFile:
        "services:\n  wiki:\n    image: acme/wiki:1\n    environment:\n      - DB_PASSWORD=canary-by-hand\n",
    });
    const icon = `data:image/vnd.microsoft.icon;base64,${Buffer.alloc(60_000, 7).toString("base64")}`;
    await story.byHand("compose.update", { composeId, icon });
    const content = `[wiki]\ntitle = "Wiki"\nsecret = "canary-by-hand"\n${"# a comment\n".repeat(3000)}`;
    const { mountId } = await story.byHand<{ mountId: string }>("mounts.create", {
      ...{ type: "file", mountPath: "/x", filePath: "/conf/wiki.toml", content },
      ...{ serviceType: "compose", serviceId: composeId },
    });
    Object.assign(emulator.instance.simple("mounts").get(mountId) ?? {}, { mountPath: "" });
  });

  it("only reads, and writes a program that compiles under the strictest settings", async () => {
    shop.story.emulator.clearCalls();
    const report = await exported("taken", "--verify");
    assert.match(report, /Verified by a preview: \d+ to adopt, 0 changes, 0 writing calls, 0 deployments\./);
    assert.match(report, /pulumi config set --secret images-test.password/);
    assert.doesNotMatch(filesIn(folderOf("taken"))["Pulumi.prod.yaml"] ?? "", /images-test.password/);
    assert.match(report, /Read the server with \d+ requests, all of them GET\./);
    assert.deepEqual(
      shop.story.emulator.calls.filter(({ method }) => method !== "GET"),
      [],
    );
    assert.deepEqual(problemsIn(path.join(folderOf("taken"), "index.ts")), []);
  });

  it("has references to addresses, files for long texts, and two services of one name", () => {
    const { "index.ts": program = "", ...files } = filesIn(folderOf("taken"));
    assert.match(
      program,
      /DATABASE_URL: orders\.connectionUrl,\s+API_URL: api\.internalUrl\(3000, \{ path: "\/v1" \}\)/,
    );
    assert.match(program, /const orders = new dokploy\.Postgres\([\s\S]*?\}, \{ protect: true \}\);/);
    assert.match(
      program,
      /icon: dokploy\.imageFile\("icons\/wiki\.ico", \{ type: "image\/vnd\.microsoft\.icon" \}\)/,
    );
    assert.match(program, /dokploy\.composeFile\("compose\/wiki\.yaml", \{\s+values: \{ DB_PASSWORD: /);
    assert.match(files["compose/wiki.yaml"] ?? "", /- DB_PASSWORD=\$\{DB_PASSWORD\}\n/);
    assert.match(
      files["files/wiki/conf/wiki.toml"] ?? "",
      /^\[wiki\]\ntitle = "Wiki"\nsecret = "\$\{SECRET\}"\n# a/,
    );
    assert.equal(program.match(/name: "web",/g)?.length, 2);
  });

  it("adopts everything without a change, and saves and deploys nothing", async () => {
    await setPassword("taken");
    const plan = await pulumi("taken", "preview");
    assert.doesNotMatch(plan.output, /is adopted: (?!nothing to change)/);
    const run = await pulumi("taken", "up", "--yes", "--skip-preview");
    assert.deepEqual(writing(run.calls), []);
  });

  it("then shows no change, neither in a plan nor in a refresh", async () => {
    const plan = await pulumi("taken", "preview", "--expect-no-changes", "--diff");
    assert.deepEqual(writing(plan.calls), []);
    await pulumi("taken", "refresh", "--yes", "--expect-no-changes");
  });

  it("needs no adoption file any more, not even for two services of one name", async () => {
    await pulumi("taken", "config", "rm", "dokploy:adopt");
    await pulumi("taken", "preview", "--expect-no-changes");
  });

  it("shows no secret: not in a file, not in its output, not in the state", () => {
    shop.assertNoSecret("taken");
  });
});
