import * as assert from "node:assert/strict";
import { Story } from "./story";

describe("a shared variable and the blocks that use it, changed in one run", function () {
  this.timeout(240_000);
  let story: Story;

  before(async () => {
    story = await Story.begin({ stack: "prod" });
  });
  after(() => story?.end());

  const services = ["one", "two", "three"];
  const program = (value: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    new dokploy.EnvironmentBlock("shared", {
      target: { projectId: shop.id }, env: { REGION: "${value}" }, redeployReferrers: true,
    });
    for (const name of ${JSON.stringify(services)}) {
      const { id } = new dokploy.Application(name, {
        environmentId: shop.defaultEnvironmentId, name, source: { type: "docker", image: "acme/web:1" },
      });
      new dokploy.EnvironmentBlock("of-" + name, {
        target: { applicationId: id }, env: { OWN: "${value}", WHERE: "\${{project.REGION}}" },
      });
    }`;

  it("cause at most one deployment of each service for each of the two", async () => {
    await story.up(program("eu"));
    story.program(program("us"));
    const { calls } = await story.succeeds("up", "--skip-preview");
    const deployments = calls.filter((call) => /\.(re)?deploy$/.test(call)).length;
    assert.ok(deployments >= services.length && deployments <= 2 * services.length, `${deployments}`);
    for (const name of services) {
      const env = story.emulator.containerEnv(story.resource(name).id);
      assert.deepEqual(env, { OWN: "us", WHERE: "us" });
    }
  });
});

describe("a block that refers to a shared variable of its program", function () {
  this.timeout(240_000);
  let story: Story;
  const ids: Record<string, string> = {};

  before(async () => {
    story = await Story.begin({ stack: "prod" });
    const { project, environment } = await story.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name: "shop" });
    ids["project"] = project.projectId;
    const { environmentId } = environment;
    for (const name of ["by-ref", "by-text"]) {
      const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
        name,
        environmentId,
      });
      const docker = { sourceType: "docker", dockerImage: "acme/web:1" };
      await story.byHand("application.update", { applicationId, ...docker });
      await story.byHand("application.deploy", { applicationId });
      ids[name] = applicationId;
    }
  });
  after(() => story?.end());

  /** Ids as text: only the references tell Pulumi what comes first. */
  const program = (region: string) => `
    const shop = new dokploy.Project("shop", { name: "shop", env: { REGION: "${region}" } }, {
      import: "${ids["project"]}",
    });
    const block = (name, applicationId, where) =>
      new dokploy.EnvironmentBlock(name, { target: { applicationId }, env: { OWN: "${region}", WHERE: where } });
    block("by-ref", "${ids["by-ref"]}", shop.ref("REGION"));
    block("by-text", "${ids["by-text"]}", "at \${{project.REGION}}");`;

  it("is planned with its text, before the variable exists", async () => {
    story.program(program("eu"));
    const { stdout } = await story.succeeds("preview", "--diff");
    assert.match(stdout, /WHERE\s*: "\$\{\{project\.REGION\}\}"/);
    assert.match(stdout, /WHERE\s*: "at \$\{\{project\.REGION\}\}"/);
  });

  for (const region of ["eu", "us"]) {
    it(`is saved after the variable, and deployed once, ${region === "eu" ? "when both are new" : "when both change"}`, async () => {
      const { calls } = await story.up(program(region));
      assert.equal(calls.filter((call) => call === "application.deploy").length, 2);
      assert.ok(calls.indexOf("project.update") < calls.indexOf("application.saveEnvironment"), calls.join());
      assert.deepEqual(story.emulator.containerEnv(ids["by-ref"] ?? ""), { OWN: region, WHERE: region });
      assert.deepEqual(story.emulator.containerEnv(ids["by-text"] ?? ""), {
        OWN: region,
        WHERE: `at ${region}`,
      });
      assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);
    });
  }
});
