import * as assert from "node:assert/strict";
import { essential, Story } from "./story";

/** An application with a block of its variables, and the options of that. */
const program = (options: string, block = true) => `
  const api = new dokploy.Application("api", {
    environmentId: new dokploy.Project("shop", { name: "shop" }, { retainOnDelete: true }).defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    deploy: false,
  });
  ${block ? `new dokploy.EnvironmentBlock("flags", { target: { applicationId: api.id }, mode: "additive", env: { A: "1" }, deploy: false }, ${options});` : ""}
`;

describe("a block of variables that goes with its application", function () {
  this.timeout(60_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    await story.up(program("{}"));
  });
  after(() => story?.end());

  it("is told so by the option deletedWith, which changes nothing of what is there", async () => {
    story.program(program("{ deletedWith: api }"));
    const plan = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(plan.calls, []);
    assert.deepEqual((await story.succeeds("up", "--skip-preview")).calls, []);
  });

  it("still takes its variables out where it goes alone", async () => {
    const { id } = story.resource("api");
    const { calls } = await story.up(program("{ deletedWith: api }", false));
    assert.deepEqual(essential(calls), ["application.one", "application.saveEnvironment"]);
    assert.equal((await story.application(id)).env, "");
    await story.up(program("{ deletedWith: api }"));
    assert.equal((await story.application(id)).env, "A=1");
  });

  it("costs no call where the application goes too", async () => {
    const { calls } = await story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(essential(calls), ["application.delete"]);
    assert.equal(story.find("flags"), undefined);
  });
});
