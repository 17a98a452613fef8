import * as assert from "node:assert/strict";
import { ExamplesStory } from "./examples-story";
import { hasLine } from "./story";

describe("the examples of more services", function () {
  this.timeout(240_000);
  const examples = new ExamplesStory();
  const { checkOut, pulumi, edit, running } = examples;

  it("existing-services says what it adopts, and leaves the services and variables of others", async () => {
    checkOut("examples/existing-services");
    for (const stage of ["test", "prod"]) {
      const { environment } = await examples.story.byHand<{ environment: { environmentId: string } }>(
        "project.create",
        {
          name: `existing-${stage}`,
        },
      );
      const { environmentId } = environment;
      const { applicationId } = await examples.story.byHand<{ applicationId: string }>("application.create", {
        name: "api",
        environmentId,
      });
      const docker = { sourceType: "docker", dockerImage: "acme/api:1" };
      await examples.story.byHand("application.update", {
        applicationId,
        ...docker,
        env: "LOG_LEVEL=info\nOLD=1",
      });
      const { composeId } = await examples.story.byHand<{ composeId: string }>("compose.create", {
        name: "website",
        environmentId,
        composeType: "docker-compose",
      });
      const composeFile = "services:\n  website:\n    image: acme/website:1\n";
      const foreign = "# by hand\nTITLE=Shop";
      await examples.story.byHand("compose.update", {
        composeId,
        sourceType: "raw",
        composeFile,
        env: foreign,
      });

      await pulumi(`stack init ${stage}`);
      const places = `--plaintext apiId=${applicationId} --plaintext project=existing-${stage}`;
      await pulumi(`config set-all --stack ${stage} ${places} --secret databaseUrl=canary-${stage}`);
      const up = await pulumi(`up --stack ${stage}`);
      assert.match(up, /warning: .*removes OLD; changes LOG_LEVEL/);
      assert.doesNotMatch(up, /canary/);
      assert.equal((await running(`existing-${stage}`, "api"))?.["DATABASE_URL"], `canary-${stage}`);
      const website = await running(`existing-${stage}`, "website");
      assert.equal(website?.["TITLE"], "Shop");
      assert.equal(website?.["SHOW_NEW_CHECKOUT"], stage === "test" ? "yes" : "no");

      if (stage === "prod") continue;
      edit("envs/test/website-switches.yaml", "SHOW_NEW_CHECKOUT: yes", "SHOW_NEW_CHECKOUT: beta");
      const plan = await pulumi("preview --stack test --diff");
      assert.ok(hasLine(plan, "~ SHOW_NEW_CHECKOUT", '"yes" => "beta"'), plan);
      await pulumi("destroy --stack test --skip-preview");
      const { env } = await examples.story.byHand<{ env: string }>("compose.one", { composeId });
      assert.equal(env.trim(), foreign);
      assert.ok(await running("existing-test", "api"), "the api still runs");
    }
  });

  it("compose-stack deploys its containers without a warning, and stops at problems that the checks find", async () => {
    checkOut("examples/compose-stack");
    for (const stage of ["test", "prod"]) {
      await pulumi(`stack init ${stage}`);
      // Of what containers do over time the emulator shows little; waiting is for the tests of the product.
      const settings = "--plaintext dokploy:waitFor=deployed";
      await pulumi(`config set-all --stack ${stage} --secret databasePassword=canary-${stage} ${settings}`);
      const up = await pulumi(`up --stack ${stage} --skip-preview`);
      assert.doesNotMatch(up, /canary|warning/);
      assert.equal((await running(`notes-${stage}`, "notes"))?.["DATABASE_PASSWORD"], `canary-${stage}`);
    }
    edit("compose.yaml", "nginx:1.27-alpine", "nginx:latest");
    const { output } = await examples.story.fails(
      "-C",
      examples.checkedOut.folder,
      "preview",
      "--stack",
      "test",
    );
    assert.match(output, /compose\.yaml:4:\d+.*latest/);
    edit("compose.yaml", "nginx:latest", "nginx:1.28-alpine");
    edit("envs/test/notes.yaml", "DATABASE_MEMORY: 256M", "DATABASE_MEMORY: 512M");
    const plan = await pulumi("preview --stack test --diff");
    assert.ok(hasLine(plan, "~ DATABASE_MEMORY", '"256M" => "512M"'), plan);
  });

  it("shared-variables deploys the services that refer to a change, and stops at a missing variable", async () => {
    checkOut("examples/shared-variables");
    for (const stage of ["test", "prod"]) {
      await pulumi(`stack init ${stage}`);
      await pulumi(`config set --stack ${stage} --secret smtpUrl smtp://canary-${stage}`);
      const up = await pulumi(`up --stack ${stage} --skip-preview`);
      assert.doesNotMatch(up, /canary/);
      assert.equal((await running(`mail-${stage}`, "sender"))?.["SMTP_URL"], `smtp://canary-${stage}`);
      assert.equal(
        (await running(`mail-${stage}`, "archive"))?.["RETENTION_DAYS"],
        stage === "test" ? "7" : "365",
      );
    }
    edit("envs/test/environment.yaml", "RETENTION_DAYS: 7", "RETENTION_DAYS: 14");
    const { output, calls } = await examples.story.succeeds(
      ...["-C", examples.checkedOut.folder, "up", "--stack", "test", "--skip-preview"],
    );
    assert.equal(calls.filter((call) => call === "application.deploy").length, 1, output);
    assert.equal((await running("mail-test", "archive"))?.["RETENTION_DAYS"], "14");

    edit("envs/archive.yaml", "environment.RETENTION_DAYS", "environment.RETENTION");
    const plan = await examples.story.fails("-C", examples.checkedOut.folder, "preview", "--stack", "test");
    assert.match(plan.output, /RETENTION_DAYS/);
    assert.match(plan.output, /environment\.RETENTION\}/);
  });
});
