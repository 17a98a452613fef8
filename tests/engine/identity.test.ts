import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { identityKey, identityOf } from "../../provider/pulumi/identity";
import type { StateResource } from "./cli";
import { essential, Story } from "./story";

/** How the handlers know which resource of the program a call is about. */
describe("a resource and the calls of its handlers", function () {
  this.timeout(300_000);
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin();
  });
  afterEach(() => story?.end());

  it("a new one with the same inputs as another is not treated as its replacement: the plan names the collision", async () => {
    const one = `const one = new dokploy.Project("one", { name: "shop" });`;
    await story.up(one);
    const { id } = story.resource("one");
    // Looked at when the other has been compared.
    story.program(`${one} new dokploy.Project("two", { name: "shop" }, { dependsOn: one });`);
    const { output } = await story.fails("preview");
    assert.match(output, new RegExp(`already has a project named "shop" \\(${id}\\)`));
  });

  const project = (name: string, options = "") =>
    `new dokploy.Project("${name}", { name: "${name}" }, { ${options} });`;

  it("are matched by its URN for any parents, without a dependency on them", async () => {
    await story.up(
      `
      class Team extends pulumi.ComponentResource {
        constructor(name, options) {
          super("acme:Team", name, {}, options);
          ${project("inner", "parent: this")}
          if (!options) new Team("we::ird", { parent: this });
          else ${project("deep::er", "parent: this")}
        }
      }
      const top = ${project("top")}
      ${project("below", "parent: top")}
      ${project("root", "parent: pulumi.rootStackResource")}
      new Team("team");
    `.replace('"inner", { name: "inner" }', "`inner-${name}`, { name: `inner-${name}` }"),
    );
    const all = ours(story.workspace.state().resources);
    assert.equal(all.length, 6);
    for (const { urn, inputs, outputs, dependencies } of all) {
      assert.equal(inputs?.[identityKey], identityOf(urn), urn);
      assert.equal(outputs?.[identityKey], identityOf(urn), urn);
      assert.deepEqual(dependencies ?? [], [], urn);
    }
    assert.equal(new Set(all.map(({ inputs }) => inputs?.[identityKey])).size, 6);
  });

  const program = (more = "") => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId, name: "api", source: { type: "docker", image: "acme/api:1" }, ${more}
    });`;

  it("make no difference to a state without its identity: no change, no call, nothing in a plan", async () => {
    await story.up(program());
    await withoutIdentity();
    for (const args of [
      ["preview", "--diff", "--expect-no-changes"],
      ["refresh", "--skip-preview", "--expect-no-changes"],
      ["preview", "--refresh", "--run-program", "--expect-no-changes"],
    ]) {
      const { output, calls } = await story.succeeds(...args);
      assert.doesNotMatch(output, /__urn/);
      if (!args.some((arg) => /refresh/.test(arg))) assert.deepEqual(calls, []);
      assert.deepEqual(identities(), [undefined, undefined]);
    }
    const changed = await story.plan(program("replicas: 2"));
    assert.deepEqual(changed["api"], { op: "update", changed: ["replicas"] });
    assert.doesNotMatch((await story.succeeds("preview", "--diff")).output, /__urn/);
    const replaced = await story.plan(program(`appNamePrefix: "shop"`));
    assert.deepEqual(replaced["api"], { op: "replace", changed: ["appNamePrefix"] });
  });

  it("add its identity to a state with an update that changes nothing, and keep it over a refresh", async () => {
    await story.up(program());
    await withoutIdentity();
    const up = await story.up(program());
    assert.deepEqual(up.calls, []);
    assert.ok(!identities().includes(undefined));
    await story.up(program(`description: "the API"`));
    const refresh = await story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
    assert.doesNotMatch(refresh.output, /__urn/);
    const again = await story.plan(program(`description: "the shop's API"`));
    assert.deepEqual(again["api"], { op: "update", changed: ["description"] });
    story.program(program(`description: "the API"`));
    assert.deepEqual((await story.succeeds("up", "--skip-preview", "--expect-no-changes")).calls, []);
    await withoutIdentity();
    const { calls } = await story.succeeds("destroy", "--skip-preview");
    assert.ok(essential(calls).includes("application.delete") && calls.includes("project.remove"));
    assert.deepEqual(ours(story.workspace.state().resources), []);
  });

  it("make no difference when it is renamed or moved", async () => {
    await story.up(project("shop"));
    const before = identities();
    const moved = `
      class Team extends pulumi.ComponentResource {
        constructor() {
          super("acme:Team", "team");
          new dokploy.Project("moved", { name: "shop" }, {
            parent: this, aliases: [{ name: "shop", parent: pulumi.rootStackResource }],
          });
        }
      }
      new Team();`;
    story.program(moved);
    const preview = await story.succeeds("preview", "--diff");
    assert.doesNotMatch(preview.output, /__urn|to update|to replace/);
    const changed = moved.replace("{ name:", '{ description: "all of it", name:');
    assert.deepEqual((await story.plan(changed))["moved"], { op: "update", changed: ["description"] });
    story.program(moved);
    const { calls } = await story.succeeds("up", "--skip-preview");
    assert.deepEqual(calls, []);
    assert.notDeepEqual(identities(), before);
  });

  function identities(): unknown[] {
    return ours(story.workspace.state().resources).map(({ inputs }) => inputs?.[identityKey]);
  }

  /** The state as versions before had it. */
  async function withoutIdentity(): Promise<void> {
    const state = JSON.parse((await story.succeeds("stack", "export")).stdout) as {
      deployment: { resources: StateResource[] };
    };
    for (const { inputs, outputs } of ours(state.deployment.resources)) {
      delete inputs?.[identityKey];
      delete outputs?.[identityKey];
    }
    const file = path.join(story.workspace.dir, "before.json");
    fs.writeFileSync(file, JSON.stringify(state));
    await story.succeeds("stack", "import", "--file", file);
  }
});

function ours(resources: readonly StateResource[] = []): StateResource[] {
  return resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/dokploy:"));
}
