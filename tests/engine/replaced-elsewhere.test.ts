import * as assert from "node:assert/strict";
import { nameOf, Story } from "./story";

/** Also played with the lowest and the newest CLI by `npm run test:compat`. */
describe("resources of another stack, whose application is replaced", function () {
  this.timeout(300_000);
  let story: Story;
  before(async () => {
    story = await Story.begin({ stack: "ops" });
    await story.succeeds("stack", "init", "dev", "--copy-config-from", "ops");
  });
  after(() => story?.end());

  const program = (prefix: string, more = "") => `
    const shop = new dokploy.Project("shop", { name: pulumi.getStack() });
    const service = { environmentId: shop.defaultEnvironmentId, source: { type: "docker", image: "acme/web:1" } };
    if (pulumi.getStack() === "dev") {
      const web = new dokploy.Application("web", {
        ...service, name: "web", appNamePrefix: "${prefix}", deploy: false, ${more}
      });
      exports.id = web.id;
      exports.appName = web.appName;
    } else {
      const dev = new pulumi.StackReference("organization/shop/dev");
      const applicationId = dev.requireOutput("id");
      new dokploy.EnvironmentBlock("theirs", {
        target: { applicationId }, mode: "additive", env: { THEIRS: "1" }, deploy: false,
      });
      new dokploy.Domain("shop.acme.dev", { applicationId, host: "shop.acme.dev" });
      new dokploy.Deployment("release", { target: { applicationId }, triggers: { round: "1" } });
      new dokploy.Application("worker", {
        ...service, name: "worker", env: { WEB: pulumi.interpolate\`http://\${dev.requireOutput("appName")}\` },
      });
    }
  `;
  const web = async () => {
    const { resources = [] } = story.workspace.state("dev");
    return await story.application(String(resources.find(({ urn }) => nameOf(urn) === "web")?.id));
  };

  it("are named by a plan that would lose them, which is refused", async () => {
    story.program(program("one"));
    await story.succeeds("up", "--skip-preview", "--stack", "dev");
    await story.succeeds("up", "--skip-preview");
    const before = await web();
    story.program(program("two"));
    for (const command of ["preview", "up --skip-preview"]) {
      const { output } = await story.fails(...command.split(" "), "--stack", "dev");
      assert.match(output, /lacks what others .*: the variable THEIRS; the Domain shop\.acme\.dev\//);
    }
    assert.deepEqual(await web(), before);
  });

  it("follow the new application with the next run of their stack, whose plan names them", async () => {
    story.program(program("two", "allowReplacement: true"));
    await story.succeeds("up", "--skip-preview", "--stack", "dev");
    assert.deepEqual([(await web()).env, (await web())["domains"]], [null, []]);
    const { stdout } = await story.succeeds("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const planned = steps.flatMap(({ op, urn }) =>
      ["same", "read"].includes(op) ? [] : [`${op} ${nameOf(urn)}`],
    );
    assert.deepEqual(planned.sort(), [
      "replace release",
      "replace shop.acme.dev",
      "replace theirs",
      "update worker",
    ]);
    await story.succeeds("up", "--skip-preview");
    const { appName, env, domains } = await web();
    assert.deepEqual([env, (domains as unknown[]).length], ["THEIRS=1", 1]);
    assert.equal((await story.application(story.resource("worker").id)).env, `WEB=http://${appName}`);
    for (const stack of ["dev", "ops"])
      await story.succeeds("preview", "--expect-no-changes", "--refresh", "--stack", stack);
  });
});
