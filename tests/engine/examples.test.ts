import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Example } from "./example";
import { hasLine, Story } from "./story";

const repository = path.join(__dirname, "..", "..");

interface Service {
  name: string;
  applicationId?: string;
  composeId?: string;
}
interface Project {
  name: string;
  environments: { applications: Service[]; compose: Service[] }[];
}

describe("each example", () => {
  it("keeps installed packages out of the repository that is made from it", () => {
    const examples = fs.readdirSync(path.join(repository, "examples"));
    assert.ok(examples.length > 4);
    for (const example of examples) {
      const file = path.join(repository, "examples", example, ".gitignore");
      assert.match(fs.readFileSync(file, "utf8"), /^node_modules\/$/m, example);
    }
  });
});

describe("the examples", function () {
  this.timeout(240_000);
  let story: Story;
  let example: Example;

  beforeEach(async () => {
    story = await Story.begin();
  });
  afterEach(() => story.end());

  const checkOut = (folder: string) => {
    example = new Example(story, folder);
  };
  const pulumi = (command: string) => example.pulumi(command);
  const edit = (file: string, from: string, to: string) => example.edit(file, from, to);

  const projects = () => story.byHand<Project[]>("project.all", {});

  /** The variables in the containers of a service, by the names of its project and of itself. */
  async function running(projectName: string, name: string): Promise<Record<string, string> | undefined> {
    const { environments = [] } = (await projects()).find((project) => project.name === projectName) ?? {};
    const services = environments.flatMap(({ applications, compose }) => [...applications, ...compose]);
    const service = services.find((candidate) => candidate.name === name);
    return story.emulator.containerEnv(service?.applicationId ?? service?.composeId ?? "");
  }

  it("quickstart runs at the top of a checkout, names the variable that changes, and is destroyed", async () => {
    checkOut(".");
    await pulumi("stack init dev");
    await pulumi("up --stack dev --skip-preview");
    assert.equal((await running("quickstart-dev", "api"))?.["LOG_LEVEL"], "info");

    edit("examples/quickstart/envs/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    const plan = await pulumi("preview --stack dev --diff");
    assert.ok(hasLine(plan, "~ LOG_LEVEL", '"info" => "debug"'), plan);
    assert.match(plan, /~ 1 to update/);

    await pulumi("destroy --stack dev --skip-preview");
    assert.deepEqual(await projects(), []);
  });

  it("deployment-repository runs each stage with its own variables, and plans a change by its key", async () => {
    checkOut("examples/deployment-repository");
    for (const stage of ["test", "prod"]) {
      await pulumi(`stack init ${stage}`);
      const secrets = `--secret apiToken=canary-token-${stage} --secret cachePassword=canary-password-${stage}`;
      await pulumi(`config set-all --stack ${stage} ${secrets}`);
      const up = await pulumi(`up --stack ${stage}`);
      assert.match(up, /\+ 6 to create[\s\S]*\+ 6 created/);
      assert.doesNotMatch(up, /warning/);
      assert.doesNotMatch(up, /canary/);
      const api = await running(`shop-${stage}`, "api");
      assert.equal(api?.["API_TOKEN"], `canary-token-${stage}`);
      assert.equal(api?.["CACHE_HOST"], `shop-cache-${stage}`);
      const cache = await running(`shop-${stage}`, "cache");
      assert.equal(cache?.["CACHE_PASSWORD"], `canary-password-${stage}`);
    }
    assert.equal((await running("shop-test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await running("shop-prod", "api"))?.["LOG_LEVEL"], "warn");

    edit("envs/prod/cache.yaml", "CACHE_MEMORY: 512mb", "CACHE_MEMORY: 1gb");
    const plan = await pulumi("preview --stack prod --diff");
    assert.ok(hasLine(plan, "~ CACHE_MEMORY", '"512mb" => "1gb"'), plan);
    assert.match(plan, /~ 1 to update/);

    await pulumi("destroy --stack test --skip-preview");
    assert.deepEqual(
      (await projects()).map(({ name }) => name),
      ["shop-prod"],
    );
    assert.doesNotMatch(story.workspace.stateText(), /canary/);
  });

  it("existing-services says what it adopts, and leaves the services and variables of others", async () => {
    checkOut("examples/existing-services");
    for (const stage of ["test", "prod"]) {
      const { environment } = await story.byHand<{ environment: { environmentId: string } }>(
        "project.create",
        {
          name: `existing-${stage}`,
        },
      );
      const { environmentId } = environment;
      const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
        name: "api",
        environmentId,
      });
      const docker = { sourceType: "docker", dockerImage: "acme/api:1" };
      await story.byHand("application.update", { applicationId, ...docker, env: "LOG_LEVEL=info\nOLD=1" });
      const { composeId } = await story.byHand<{ composeId: string }>("compose.create", {
        name: "website",
        environmentId,
        composeType: "docker-compose",
      });
      const composeFile = "services:\n  website:\n    image: acme/website:1\n";
      const foreign = "# by hand\nTITLE=Shop";
      await story.byHand("compose.update", { composeId, sourceType: "raw", composeFile, env: foreign });

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
      const { env } = await story.byHand<{ env: string }>("compose.one", { composeId });
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
    const { output } = await story.fails("-C", example.folder, "preview", "--stack", "test");
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
    const { output, calls } = await story.succeeds(
      ...["-C", example.folder, "up", "--stack", "test", "--skip-preview"],
    );
    assert.equal(calls.filter((call) => call === "application.deploy").length, 1, output);
    assert.equal((await running("mail-test", "archive"))?.["RETENTION_DAYS"], "14");

    edit("envs/archive.yaml", "environment.RETENTION_DAYS", "environment.RETENTION");
    const plan = await story.fails("-C", example.folder, "preview", "--stack", "test");
    assert.match(plan.output, /RETENTION_DAYS/);
    assert.match(plan.output, /environment\.RETENTION\}/);
  });
});
