import * as assert from "node:assert/strict";
import { planOf } from "../../cli/plan/model";
import { readPreview } from "../../cli/plan/preview";
import { render } from "../../cli/plan/render";
import { essential, Story } from "./story";

const applying = (calls: readonly string[]) =>
  calls.filter((call) => /\.(deploy|redeploy|reload)$/.test(call));

/** A wiki of a compose file with domains, a web application with ports, and a registry. */
const program = ({ domains = 10, ports = 10, port = 80, more = "" } = {}) => `
  const shop = new dokploy.Project("shop", { name: "shop" });
  const environmentId = shop.defaultEnvironmentId;
  const wiki = new dokploy.Compose("wiki", {
    environmentId, name: "wiki",
    source: { type: "raw", composeFile: "services:\\n  web:\\n    image: acme/wiki:1\\n" },
  });
  const web = new dokploy.Application("web", {
    environmentId, name: "web", source: { type: "docker", image: "acme/web:1" },
  });
  for (let n = 0; n < ${domains}; n++)
    new dokploy.Domain("wiki-" + n, { composeId: wiki.id, host: "wiki-" + n + ".example.com", serviceName: "web", port: ${port} });
  for (let n = 0; n < ${ports}; n++)
    new dokploy.Port("port-" + n, { applicationId: web.id, publishedPort: 2000 + n, targetPort: ${port} });
  new dokploy.Registry("ghcr", { name: "ghcr", url: "ghcr.io", username: "bot", password: "canary-password" });
  ${more}
`;

describe("a part of a service as a separate resource", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("is created after its service, and takes effect", async () => {
    const { calls } = await story.up(program());
    assert.deepEqual(
      new Set(applying(calls)),
      new Set(["application.deploy", "application.reload", "compose.deploy"]),
    );
    assert.equal(calls.filter((call) => call === "application.deploy").length, 1);
    assert.equal(calls.filter((call) => call === "domain.create").length, 10);
  });

  it("costs nothing if nothing changes", async () => {
    const plan = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(plan.calls, []);
  });

  it("is planned with its changes and their action", async () => {
    story.program(program({ port: 8080 }));
    const { stdout } = await story.succeeds("preview", "--json");
    const plan = render(planOf(readPreview(stdout)), { maxLength: 65_000 });
    assert.match(plan, /\*\*20 to update\*\* · deploys 1 service, reloads 1 service/);
    assert.match(plan, /<summary><code>wiki<\/code> · Compose · 10 parts<\/summary>/);
    assert.match(plan, /^#### `wiki-3` · Domain · update, deploys `wiki`$/m);
    assert.match(plan, /\| ~ \| `targetPort` \| `80` \| `8080` \|/);
  });

  it("takes effect with at most two deployments, however many change, if builds last until all are saved", async () => {
    const { emulator } = story;
    const before = emulator.calls.length;
    const saves = () => emulator.calls.slice(before).filter(({ endpoint }) => endpoint === "domain.update");
    emulator.holdBuilds();
    let isOver = false;
    const running = story.up(program({ port: 8080 })).finally(() => {
      isOver = true;
    });
    while (!isOver && saves().length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
    emulator.releaseBuilds();
    const { calls } = await running;
    assert.deepEqual(new Set(applying(calls)), new Set(["application.reload", "compose.deploy"]));
    const deployments = calls.filter((call) => call === "compose.deploy").length;
    assert.ok(deployments <= 2, `${deployments}`);
    const { domains } = await story.byHand<{ domains: { port: number }[] }>("compose.one", {
      composeId: story.resource("wiki").id,
    });
    assert.deepEqual(new Set(domains.map(({ port }) => port)), new Set([8080]));
  });

  it("is refused at preview if two resources are the same domain", async () => {
    const again = `new dokploy.Domain("again", { composeId: wiki.id, host: "wiki-1.example.com", path: "/", serviceName: "web" });`;
    story.program(program({ port: 8080, more: again }));
    const { output, calls } = await story.fails("preview");
    assert.match(output, /Domain "again" and Domain "wiki-1" are the same Domain/);
    assert.deepEqual(
      calls.filter((call) => /\.(create|update|delete|deploy)$/.test(call)),
      [],
    );
    story.program(program({ port: 8080 }));
  });

  it("keeps the password of a registry out of the state and the output", async () => {
    const { output } = await story.succeeds("preview", "--diff");
    const state = await story.succeeds("stack", "export");
    for (const text of [output, state.stdout]) assert.doesNotMatch(text, /canary/);
  });

  it("takes effect if some are removed", async () => {
    const { calls } = await story.up(program({ domains: 7, port: 8080 }));
    assert.deepEqual(new Set(applying(calls)), new Set(["compose.deploy"]));
    assert.equal(calls.filter((call) => call === "domain.delete").length, 3);
  });

  it("is deleted with its service, without a separate call", async () => {
    const { calls } = await story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(applying(calls), []);
    assert.deepEqual(
      essential(calls).filter((call) => /^(domain|port)\./.test(call)),
      [],
    );
  });
});
