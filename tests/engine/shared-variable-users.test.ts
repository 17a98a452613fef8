import * as assert from "node:assert/strict";
import { Story } from "./story";

describe("a shared variable and the services that refer to it, changed in one run", function () {
  this.timeout(240_000);
  let story: Story;

  before(async () => {
    story = await Story.begin({ stack: "prod" });
  });
  after(() => story?.end());

  interface Service {
    name: string;
    image?: string;
    variable?: string;
  }
  const service = ({ name, image = `acme/${name}:1`, variable = "REGION" }: Service) => `
    new dokploy.Application("${name}", {
      environmentId: shop.defaultEnvironmentId, name: "${name}", source: { type: "docker", image: "${image}" },
      env: { WHERE: "\${{project.${variable}}}" },
    });`;
  const program = (env: string, ...services: Service[]) => `
    const shop = new dokploy.Project("shop", { name: "shop", env: { ${env} }, redeployReferrers: true });
    ${services.map(service).join("")}`;
  const where = (name: string) => story.emulator.containerEnv(story.resource(name).id)?.["WHERE"];
  const done = () => story.succeeds("preview", "--expect-no-changes");

  it("may be renamed together with the removal of a service that used it", async () => {
    await story.up(program(`REGION: "eu"`, { name: "api" }, { name: "old" }));
    story.program(program(`ZONE: "us"`, { name: "api", variable: "ZONE" }));
    const plan = await story.succeeds("preview");
    assert.match(
      plan.output,
      /removes REGION, to which the application "api".* unless this run changes the reference/,
    );
    const run = await story.succeeds("up", "--skip-preview");
    assert.equal(where("api"), "us");
    assert.equal(run.calls.filter((call) => call === "application.deploy").length, 1);
    assert.equal(story.find("old"), undefined);
    assert.deepEqual((await done()).calls, []);
  });

  it("that breaks a service fails the run, then warns in each until it is repaired, and does not prevent the repair", async () => {
    await story.up(program(`REGION: "eu"`, { name: "api" }));
    const { id } = story.resource("api");
    story.emulator.setOutcome(id, { status: "error", log: "no space left" });
    story.program(program(`REGION: "asia"`, { name: "api" }));
    const first = await story.fails("up", "--skip-preview");
    assert.match(first.output, /Project "shop" is saved, but 1 of the 1 deployments of services .* failed/);
    const again = await story.succeeds("up", "--skip-preview");
    assert.match(again.output, /warning: Project "shop" is saved, but a service .* still fails/);
    assert.match(
      again.output,
      new RegExp(
        `Project "shop": a failed update has already saved this, .*, so it is applied now: application ${id} is ` +
          "deployed",
      ),
    );

    story.emulator.setOutcome(id, undefined);
    const repaired = program(`REGION: "asia"`, { name: "api", image: "acme/api:2" });
    await story.up(repaired);
    assert.equal(where("api"), "asia");
    await story.up(repaired);
    assert.deepEqual((await done()).calls, []);
  });

  it("that breaks a service outside of the program fails the run, then warns in each until somebody repairs it", async () => {
    const { environment } = await story.byHand<{ environment: { environmentId: string } }>("project.create", {
      name: "by hand",
    });
    const { environmentId } = environment;
    const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
      name: "legacy",
      environmentId,
    });
    const docker = { sourceType: "docker", dockerImage: "acme/legacy:1" };
    await story.byHand("application.update", {
      applicationId,
      ...docker,
      env: "WHERE=${{environment.REGION}}",
    });
    await story.byHand("environment.update", { environmentId, env: "REGION=eu" });
    await story.byHand("application.deploy", { applicationId });
    const shared = (region: string, more = "") => `
      new dokploy.EnvironmentBlock("stage", {
        target: { environmentId: "${environmentId}" }, env: { REGION: "${region}" }, redeployReferrers: true,
      });${more}`;
    await story.up(shared("eu"));
    story.emulator.setOutcome(applicationId, { status: "error", log: "no space left" });
    story.program(shared("us"));
    assert.match(
      (await story.fails("up", "--skip-preview")).output,
      /1 of the 1 deployments of services .* failed/,
    );
    for (const again of ["second", "third"]) {
      const run = await story.succeeds("up", "--skip-preview");
      assert.match(run.output, /warning: .*changed variables still fails.*no space left/s, again);
    }
    // A resource that takes it on repairs it in the same run.
    const adopted = `
      new dokploy.EnvironmentBlock("legacy", {
        target: { applicationId: "${applicationId}" }, mode: "additive", env: { FIXED: "1" },
      });`;
    story.emulator.setOutcome(applicationId, undefined);
    await story.up(shared("us", adopted));
    assert.deepEqual(story.emulator.containerEnv(applicationId), { WHERE: "us", FIXED: "1" });
    await story.up(shared("us", adopted));
    assert.deepEqual((await done()).calls, []);
  });
});
