import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import type { Emulator } from "../../emulator";
import { ask, hostOf, program, projectsOf, ServersStory } from "./servers-story";
import type { Story } from "./story";

const cli = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("several servers in one program", function () {
  this.timeout(240_000);
  const shop = new ServersStory();
  const { callsOf, setKey } = shop;
  let story: Story;
  let eu: Emulator;
  let us: Emulator;
  before(() => {
    ({ story, eu, us } = shop.servers);
  });

  const stepsOf = (json: string) => (JSON.parse(json) as { steps: { op: string; urn: string }[] }).steps;

  /** With the former address of the server that got another one. */
  const settled = (source: string) =>
    source.replace("apiKey: process.env.US_KEY", `$&, formerUrl: "${us.url}"`);

  const lookup = `
    const found = dokploy.getProjectOutput({ name: "shop" }, { provider: eu });
    exports.found = found.projectId;
    exports.keys = found.envKeys;
  `;

  it("get their own resources, each with its own key, and every plan names all of them", async () => {
    story.program(program());
    const plan = await callsOf(() => story.succeeds("preview"));
    for (const [name, server] of Object.entries({ eu, us })) {
      const url = `http://${hostOf(server)}`;
      const line = `Dokploy: this plan is for ${url}, through the provider "${name}" [dokploy/server ${url} s-~]\n`;
      assert.ok(plan.output.includes(line), plan.output);
    }
    assert.match(plan.output, new RegExp(`Dokploy: this plan is for http://${hostOf(story.emulator)} `));

    await callsOf(() => story.succeeds("up", "--skip-preview"));
    for (const server of [eu, us]) assert.deepEqual(await projectsOf(server), ["shop"]);
    assert.deepEqual(await projectsOf(story.emulator), ["own"]);

    story.program(program());
    const { stdout, ...again } = await callsOf(() => story.succeeds("preview", "--json"));
    assert.deepEqual([again.calls, again.eu, again.us], [[], [], []]);
    const summary = spawnSync(process.execPath, [cli, "plan-summary"], { input: stdout, encoding: "utf8" });
    for (const server of [eu, us, story.emulator]) {
      assert.ok(summary.stdout.includes(hostOf(server)), summary.stdout);
    }
    assert.match(summary.stdout, /nothing to do/);
  });

  it("are queried by functions and changed independently", async () => {
    story.program(program({ more: lookup, euEnv: "two" }));
    const up = await callsOf(() => story.succeeds("up", "--skip-preview"));
    assert.ok(up.eu.includes("project.update"));
    assert.deepEqual([up.us, up.calls], [[], []]);
    assert.match(up.output, new RegExp(`found: "${story.resource("shop-eu").id}"`));
    assert.match(up.output, /\[0\]: "LEVEL"/);
  });

  it("get another key as a change of the provider only", async () => {
    const organization = (await ask(eu, "organization.active")) as { id: string };
    const { key } = (await ask(eu, "user.createApiKey", {
      name: "second",
      metadata: { organizationId: organization.id },
      rateLimitEnabled: false,
    })) as { key: string };
    await setKey("euKey", key);
    story.program(program({ euEnv: "two" }));
    const steps = await callsOf(() => story.succeeds("preview", "--json"));
    const changed = stepsOf(steps.stdout).filter(({ op }) => op !== "same");
    assert.deepEqual(
      changed.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`),
      ["update eu"],
    );
    assert.deepEqual([steps.eu, steps.us, steps.calls], [[], [], []]);
    const up = await callsOf(() => story.succeeds("up", "--skip-preview"));
    assert.deepEqual([up.eu, up.us, up.calls], [[], [], []]);
    assert.ok(!(up.output + story.workspace.stateText()).includes(key));
  });

  it("fail only for the provider with a wrong key, which is named", async () => {
    story.program(program({ euEnv: "three", usEnv: "two", euKey: '"wrongCanaryKey0123456789"' }));
    const { output, us: asked } = await callsOf(() => story.fails("preview"));
    assert.match(output, /Project shop-eu .*the API key was refused/s);
    assert.match(output, /The key comes from the provider "eu"'s apiKey\./);
    assert.match(output, /set it with the input apiKey of the provider "eu"/);
    assert.doesNotMatch(output, /The key comes from the provider "us"/);
    assert.ok(asked.length >= 0);
    assert.doesNotMatch(output, /CanaryKey/);
  });

  it("keep their resources: another address is refused, unless it is the same server", async () => {
    const { env } = story.workspace;
    const move = { euEnv: "two", more: "" };
    env["US_URL"] = story.emulator.url;
    env["US_KEY"] = story.emulator.apiKey;
    story.program(program(move));
    const away = await callsOf(() => story.fails("up", "--skip-preview"));
    assert.match(
      away.output,
      new RegExp(
        `Project "shop" is on ${hostOf(us)}, but this run works with ${hostOf(story.emulator)}, the server of the ` +
          'provider "us"',
      ),
    );
    assert.match(away.output, /the input formerUrl of the provider "us"/);
    assert.deepEqual([away.us, away.calls], [[], []]);
    assert.deepEqual(await projectsOf(story.emulator), ["own"]);

    env["US_URL"] = us.url.replace("127.0.0.1", "localhost");
    env["US_KEY"] = us.apiKey;
    const formerly = settled(program(move));
    story.program(formerly);
    const same = await callsOf(() => story.succeeds("up", "--skip-preview"));
    assert.match(same.output, /~ {2}pulumi:providers:\S+ us updat/);
    assert.deepEqual([same.eu, same.us, same.calls], [[], [], []]);
  });

  it("may come later: a resource that gets a provider of the same server stays as it is", async () => {
    const { env } = story.workspace;
    const own = 'new dokploy.Project("own", { name: "own" });';
    const moved = settled(program({ euEnv: "two" })).replace(
      own,
      `const mine = new dokploy.Provider("mine", { url: process.env.DOKPLOY_URL });
         new dokploy.Project("own", { name: "own" }, { provider: mine });`,
    );
    assert.ok(moved.includes("provider: mine"));
    story.program(moved);
    const up = await callsOf(() => story.succeeds("up", "--skip-preview"));
    assert.deepEqual([up.eu, up.us, up.calls], [[], [], []]);
    assert.match(up.output, /\+ {2}pulumi:providers:\S+ mine created/);
    assert.match(String(story.resource("own")["provider"]), /::mine::/);
    assert.ok(!story.workspace.stateText().includes(env["DOKPLOY_API_KEY"] ?? ""));
  });

  it("are refreshed and destroyed without the program", async () => {
    for (const name of ["US_URL", "US_KEY"]) delete story.workspace.env[name];
    story.program("throw new Error('the program runs')");
    const refresh = await callsOf(() => story.succeeds("refresh", "--skip-preview", "--expect-no-changes"));
    for (const asked of [refresh.eu, refresh.us, refresh.calls]) assert.ok(asked.includes("project.one"));
    const destroy = await callsOf(() => story.succeeds("destroy", "--skip-preview"));
    assert.ok(destroy.eu.includes("project.remove") && destroy.us.includes("project.remove"));
    for (const server of [eu, us, story.emulator]) assert.deepEqual(await projectsOf(server), []);
    assert.doesNotMatch(story.workspace.stateText() + destroy.output, /CanaryKey/);
  });
});
