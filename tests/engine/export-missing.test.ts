import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ExportStory, filesIn, problemsIn, writing } from "./export-story";

describe("pulumi-dokploy export of what a stack lacks", function () {
  this.timeout(300_000);
  const shop = new ExportStory();
  const { exported, folderOf, pulumi, ran, setPassword } = shop;

  it("finds what somebody made by hand since, and adopts only that", async () => {
    await exported("taken");
    await setPassword("taken");
    await pulumi("taken", "up", "--yes", "--skip-preview");
    const [{ projectId = "" } = {}] = await shop.story.byHand<{ projectId: string }[]>("project.all", {});
    const { environments } = await shop.story.byHand<{ environments: { environmentId: string }[] }>(
      "project.one",
      {
        projectId,
      },
    );
    const { environmentId = "" } = environments[0] ?? {};
    const { applicationId } = await shop.story.byHand<{ applicationId: string }>("application.create", {
      name: "api",
      environmentId,
    });
    const env = "TOKEN=canary-by-hand";
    await shop.story.byHand("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: "acme/x:1",
      env,
    });
    const web = [...shop.story.emulator.instance.tables.application.values()].find(
      (row) => row["name"] === "web",
    );
    await shop.story.byHand("domain.create", {
      applicationId: web?.["applicationId"],
      domainType: "application",
      host: "by-hand.example.com",
      port: 80,
    });
    const folder = folderOf("taken");
    const report = await ran(folder, "export", "--missing", "--stack", "prod", "--out", "by-hand");
    assert.match(report, /Wrote 2 resources to by-hand: Application 1, Domain 1\./);
    const module = fs.readFileSync(path.join(folder, "by-hand", "index.ts"), "utf8");
    assert.match(module, /environmentId is the defaultEnvironmentId of the Project whole-server-test\./);
    fs.appendFileSync(path.join(folder, "index.ts"), 'import "./by-hand";\n');
    assert.deepEqual(problemsIn(path.join(folder, "index.ts")), []);
    const plan = await pulumi("taken", "preview");
    assert.match(plan.output, /Application "api" \([\w-]+\) is adopted: nothing to change/);
    const run = await pulumi("taken", "up", "--yes", "--skip-preview");
    assert.deepEqual(writing(run.calls), []);
    await pulumi("taken", "preview", "--expect-no-changes");
    const managed = JSON.parse(await ran(folder, "coverage", "--stack", "prod", "--json"));
    const names = (objects: { kind: string; name: string }[]) =>
      objects.map(({ kind, name }) => `${kind} ${name}`);
    assert.deepEqual(names(managed.objects.filter(({ stack }: { stack?: string }) => stack !== "prod")), []);
    assert.ok(names(managed.objects).includes("Domain shop.test.example.com"));
    assert.deepEqual(names(managed.withoutBackup), ["Compose search"]);
    assert.match(
      await ran(folder, "export", "--missing", "--stack", "prod", "--out", "none"),
      /The stack prod has everything that a resource can manage; no file was written\./,
    );
    assert.ok(!fs.existsSync(path.join(folder, "none")));
    assert.match(filesIn(folder)["Pulumi.prod.yaml"] ?? "", /dokploy:adopt: by-hand\/dokploy-adopt\.json/);
  });

  it("shows no secret: not in a file, not in its output, not in the state", () => {
    shop.assertNoSecret("taken");
  });
});
