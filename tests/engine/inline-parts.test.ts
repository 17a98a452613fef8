import * as assert from "node:assert/strict";
import { planOf } from "../../cli/plan/model";
import { readPreview } from "../../cli/plan/preview";
import { render } from "../../cli/plan/render";
import { program, ten } from "./parts-program";
import { Story } from "./story";

const applying = (calls: readonly string[]) =>
  calls.filter((call) => /\.(deploy|redeploy|reload)$/.test(call));

const first = {
  wiki: ten(80),
  domains: `[{ host: "shop.example.com", port: 3000 }, { host: "api.example.com" }]`,
  ports: `[{ publishedPort: 25, targetPort: 2525 }]`,
};

describe("parts that a service lists", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  const planned = async (): Promise<string> => {
    const { stdout } = await story.succeeds("preview", "--json");
    return render(planOf(readPreview(stdout)), { maxLength: 65_000 });
  };

  it("are created before the one deployment of their service", async () => {
    const { calls } = await story.up(program(first));
    assert.deepEqual(applying(calls).sort(), ["application.deploy", "compose.deploy"]);
    assert.equal(calls.filter((call) => call === "domain.create").length, 12);
    assert.ok(calls.lastIndexOf("port.create") < calls.indexOf("application.deploy"));
  });

  it("are in the state by their names, with their inputs and ids only", () => {
    const { inputs, outputs } = story.resource("web") as unknown as Record<string, Record<string, unknown>>;
    assert.deepEqual(inputs?.["domains"], {
      "api.example.com/": { host: "api.example.com" },
      "shop.example.com/": { host: "shop.example.com", port: 3000 },
    });
    const ids = outputs?.["partIds"] as Record<string, Record<string, string>>;
    assert.deepEqual(Object.keys(ids), ["domains", "ports"]);
    assert.deepEqual(Object.keys(ids["ports"] ?? {}), ["25/tcp"]);
  });

  it("cost nothing if nothing changes, in any order", async () => {
    story.program(
      program({
        ...first,
        domains: `[{ host: "api.example.com" }, { host: "shop.example.com", port: 3000 }]`,
      }),
    );
    const plan = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(plan.calls, []);
  });

  it("are planned by name and property, with what the change needs", async () => {
    story.program(
      program({
        ...first,
        domains: `[{ host: "shop.example.com", port: 8080 }, { host: "new.example.com", path: "/v2" }]`,
      }),
    );
    const { output } = await story.succeeds("preview", "--diff");
    assert.match(output, /~ shop\.example\.com\/\s*: \{\s*~ port: 3000 => 8080/);
    assert.match(output, /\+ new\.example\.com\/v2\s*: \{/);
    assert.match(output, /- api\.example\.com\/\s*: \{/);
    const plan = await planned();
    assert.match(plan, /\| ~ \| `domains\.shop\.example\.com\/\.port` \| `3000` \| `8080` \|/);
    assert.match(plan, /\| \+ \| `domains\.new\.example\.com\/v2\.host` \|/);
    assert.match(plan, /\| − \| `domains\.api\.example\.com\/\.host` \|/);
    // A domain of an application works as soon as it is saved.
    assert.doesNotMatch(plan, /[Dd]eploys|[Rr]eloads/);
  });

  it("take effect with one deployment and one reload, however many change", async () => {
    story.program(program({ ...first, wiki: ten(8080), ports: `[{ publishedPort: 26, targetPort: 2525 }]` }));
    assert.match(await planned(), /deploys 1 service, reloads 1 service/);
    const { calls } = await story.succeeds("up", "--skip-preview");
    assert.deepEqual(applying(calls).sort(), ["application.reload", "compose.deploy"]);
    assert.equal(calls.filter((call) => call === "domain.update").length, 10);
  });

  it("show changes by hand after a refresh, by name and property", async () => {
    const { partIds } = story.resource("web").outputs as unknown as {
      partIds: { domains: Record<string, string> };
    };
    const domainId = partIds.domains["shop.example.com/"];
    await story.byHand("domain.update", { domainId, host: "shop.example.com", port: 4000 });
    const { output } = await story.succeeds("preview", "--refresh", "--diff");
    assert.match(output, /~ shop\.example\.com\/\s*: \{\s*~ port: 4000 => 3000/);
    const { calls } = await story.succeeds("up", "--refresh", "--skip-preview");
    assert.equal(calls.filter((call) => call === "domain.update").length, 1);
    assert.deepEqual(applying(calls), []);
  });

  it("may have names that only the run can know", async () => {
    const made = `[{ host: "shop.example.com", port: 3000 }, { host: other.name, path: "/x" }]`;
    const body = program({ ...first, wiki: ten(8080), ports: `[]`, domains: made }).replace(
      "const wiki",
      `const other = new dokploy.Project("other", { name: "later.example.com" }); const wiki`,
    );
    story.program(body.replace("other.name", "other.id.apply(() => 'later.example.com')"));
    const { output } = await story.succeeds("preview", "--diff");
    assert.match(output, /\+ \[1\]\s*: \{\s*\+ host: \[unknown\]/);
    await story.succeeds("up", "--skip-preview");
    const { inputs } = story.resource("web") as unknown as Record<string, Record<string, object>>;
    assert.deepEqual(Object.keys(inputs?.["domains"] ?? {}), ["later.example.com/x", "shop.example.com/"]);
    const again = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(again.calls, []);
  });

  it("do not show secrets of the program", async () => {
    const secret = `[{ host: pulumi.secret("canary-host.example.com"), port: 81 }, { host: "shop.example.com", port: pulumi.secret(8181) }]`;
    const { output } = await story.up(program({ wiki: ten(8080), domains: secret }));
    const plan = await planned();
    const state = await story.succeeds("stack", "export");
    for (const text of [output, plan, state.stdout]) assert.doesNotMatch(text, /canary|8181/);
    const { output: same } = await story.succeeds("preview", "--expect-no-changes", "--diff");
    assert.doesNotMatch(same, /canary/);
  });

  it("take effect with a separate deployment if other parts are resources, which come later", async () => {
    const alone = `new dokploy.Domain("alone", { composeId: wiki.id, serviceName: "web", host: "alone.example.com" });`;
    const parts = { wiki: ten(81), domains: first.domains };
    const { calls } = await story.up(program({ ...parts, more: alone }));
    assert.equal(calls.filter((call) => call === "compose.deploy").length, 2);
    await story.up(program(parts));
  });

  it("are removed when they leave the program, and deleted with their service", async () => {
    const { calls } = await story.up(program({}));
    assert.equal(calls.filter((call) => call === "domain.delete").length, 12);
    assert.deepEqual(applying(calls), ["compose.deploy"]);
    assert.equal(story.resource("web").outputs["partIds"], undefined);
    await story.succeeds("destroy", "--skip-preview");
  });
});
