import * as assert from "node:assert/strict";
import { count, type Run, Story } from "./story";

const composeFile = "services:\n  cache:\n    image: redis:7\n";

/** Calls by which an object, or variables of it, would go. */
function removals(calls: readonly string[]): string[] {
  return calls.filter((call) => /\.(delete|remove|saveEnvironment|update)$/.test(call));
}

function application(name: string, options = "", inputs = ""): string {
  return `new dokploy.Application("${name}", {
    environmentId: shop.defaultEnvironmentId, name: "api",
    source: { type: "docker", image: "acme/api:1" }, env: { LEVEL: "info" }, ${inputs}
  }, {${options}});`;
}

const shop = `const shop = new dokploy.Project("shop", { name: "shop" });`;
const failing = `new dokploy.Project("broken", { name: "broken" });`;

describe("a resource under another name", function () {
  this.timeout(180_000);
  let story: Story;
  let id: string;
  beforeEach(async () => {
    story = await Story.begin();
    await story.up(shop + application("a"));
    const refused = { status: 403, body: { message: "no", code: "FORBIDDEN" } };
    story.emulator.faults.add({ endpoint: "project.create", times: Number.POSITIVE_INFINITY, ...refused });
    id = story.resource("a").id;
  });
  afterEach(() => story?.end());

  const isRunning = async () => {
    assert.equal((await story.application(id)).name, "api");
    assert.deepEqual(story.emulator.containerEnv(id), { LEVEL: "info" });
  };

  it("is found by its old name, which the error gives, at preview and in any update", async () => {
    const alias =
      /as "a"\. If it is the same object under its former name, give this resource the option \{ aliases: \[\{ name: "a" \}\] \}/;
    story.program(shop + application("b"));
    assert.match((await story.fails("preview")).output, alias);
    const byImport = shop + failing + application("b", `import: "${id}"`);
    const target = `urn:pulumi:dev::shop::${story.typeOf("Application")}::b`;
    story.program(byImport);
    for (const options of [[], ["--continue-on-error"], ["--target", target]]) {
      const { output, calls } = await story.fails("up", "--skip-preview", ...options);
      // The other failure may end the run before.
      if (options.length > 0) assert.match(output, alias);
      assert.deepEqual(removals(calls), []);
    }
    assert.equal(story.find("b"), undefined);
    assert.equal(story.resource("a").id, id);

    story.program(shop + application("b", `aliases: [{ name: "a" }]`));
    const { calls } = await story.succeeds("up", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
    assert.equal(story.resource("b").id, id);
    await isRunning();

    const moved = `
      class Team extends pulumi.ComponentResource {
        constructor() { super("acme:Team", "team"); ${application("b", "parent: this, aliases: [{ name: 'b', parent: pulumi.rootStackResource }]")} }
      }
      new Team();`;
    story.program(shop + moved);
    await story.succeeds("up", "--skip-preview");
    assert.equal(story.resource("b").id, id);
    story.program(shop + application("c"));
    const back = await story.fails("preview");
    const former = `urn:pulumi:dev::shop::acme:Team$${story.typeOf("Application")}::b`;
    assert.ok(back.output.includes(`aliases: ["${former}"]`), back.output);
    await isRunning();
  });

  it("keeps its object when only the creation notices, and others are deleted in the same run", async () => {
    // Known only once the project is made, so that nothing is refused before.
    story.program(
      `${shop}
      const late = new dokploy.Environment("late", { projectId: shop.id, name: "late" });
      ${application("b", "", "description: late.id")}`.replace(
        "shop.defaultEnvironmentId",
        "pulumi.output([late.id, shop.defaultEnvironmentId]).apply(([, id]) => id)",
      ),
    );
    const { output, calls } = await story.fails("up", "--skip-preview", "--continue-on-error");
    assert.match(output, /aliases: \[\{ name: "a" \}\]/);
    assert.equal(count(calls, "application.delete"), 0);
    assert.equal(story.resource("a").id, id);
    await isRunning();
  });

  it("--replace is refused with a clear message that names the way to deploy once more", async () => {
    const { urn } = story.resource("a");
    story.program(shop + application("a"));
    for (const command of [["preview"], ["up", "--skip-preview"]]) {
      const { output, calls } = await story.fails(...command, "--replace", urn);
      assert.match(
        output,
        /`--replace` creates the new one before it deletes the old one.*Deployment with a trigger/,
      );
      assert.doesNotMatch(output, /aliases|import:/);
      assert.deepEqual(removals(calls), []);
    }
    await isRunning();
  });
});

describe("one object under two names in the state", function () {
  this.timeout(240_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    await story.up(program);
  });
  after(() => story?.end());

  const program = `${shop}
    const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging", env: { STAGE: "test" } });
    const api = new dokploy.Application("api", {
      environmentId: staging.id, name: "api", source: { type: "docker", image: "acme/api:1" },
    });
    new dokploy.Compose("cache", {
      environmentId: staging.id, name: "cache", source: { type: "raw", composeFile: ${JSON.stringify(composeFile)} },
      deleteVolumes: true,
    });
    const flags = new dokploy.EnvironmentBlock("flags", {
      target: { applicationId: api.id }, mode: "additive", env: { FLAG: "on", KEPT: pulumi.secret("canary-kept") },
    });
    new dokploy.EnvironmentBlock("more", {
      target: { applicationId: api.id }, mode: "additive", env: { MORE: "1" },
    }, { dependsOn: flags });
  `;
  const names = ["shop", "staging", "api", "cache", "flags"] as const;
  const duplicates = Object.fromEntries(names.map((name) => [name, `old-${name}`]));
  const urnOf = (name: string) =>
    story.workspace.state().resources?.find(({ urn }) => urn.endsWith(`::${name}`))?.urn ?? "";
  const env = () => story.emulator.containerEnv(story.resource("api").id);

  async function everythingIsThere(run: Run): Promise<void> {
    assert.deepEqual(removals(run.calls), []);
    const labels = ["Project", "Environment", "Application", "Compose"];
    for (const label of labels) {
      assert.match(run.output, new RegExp(`${label} "\\w+" \\(\\S+\\) is not deleted, since 2 resources`));
    }
    assert.match(run.output, /FLAG, KEPT stay, since another resource of this stack owns them/);
    assert.deepEqual(
      Object.values(duplicates).map((name) => story.find(name)),
      names.map(() => undefined),
    );
    assert.deepEqual(env(), { FLAG: "on", KEPT: "canary-kept", MORE: "1" });
    story.program(program);
    await story.succeeds("preview", "--refresh", "--run-program", "--expect-no-changes");
  }

  it("stays when an update deletes the old one", async () => {
    await story.addDuplicates(duplicates);
    await everythingIsThere(await story.up(program));
  });

  it("stays when the old ones alone are destroyed, as a run without a program does", async () => {
    await story.addDuplicates(duplicates);
    const targets = Object.values(duplicates).flatMap((name) => ["--target", urnOf(name)]);
    await everythingIsThere(await story.succeeds("destroy", "--skip-preview", ...targets));
  });

  it("is deleted with the last of them", async () => {
    await story.addDuplicates(duplicates);
    const { calls } = await story.succeeds("destroy", "--skip-preview");
    for (const call of ["application.delete", "compose.delete", "environment.remove", "project.remove"]) {
      assert.equal(count(calls, call), 1, call);
    }
    assert.equal((await story.byHand<unknown[]>("project.all", {})).length, 0);
  });
});
