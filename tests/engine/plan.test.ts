import * as assert from "node:assert/strict";
import { hasLine, type Step, Story } from "./story";

/** Two applications of one project, the second of which reads the first one's host name. */
function shop(
  change: { project?: string; api?: string; apiEnv?: string; more?: string; block?: string } = {},
) {
  return `
    const shop = new dokploy.Project("shop", { name: "shop", ${change.project ?? `description: "A shop"`} });
    ${change.more ?? ""}
    const api = new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId,
      name: "api",
      description: "The API",
      source: { type: "docker", image: "acme/api:1" },
      replicas: 2,
      resources: { memoryLimit: "512MiB", cpuLimit: 0.5 },
      env: ${change.apiEnv ?? `{ LEVEL: "info", TOKEN: pulumi.secret("token-1"), OLD: "gone", SAME: "same" }`},
      ${change.api ?? ""}
    });
    const web = new dokploy.Application("web", {
      environmentId: shop.defaultEnvironmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      env: { API: pulumi.interpolate\`http://\${api.appName}:80\` },
    });
    ${change.block ?? ""}
  `;
}

const opsOf = (steps: Record<string, Step>) =>
  Object.fromEntries(Object.entries(steps).map(([name, { op }]) => [name, op]));

describe("a plan", function () {
  this.timeout(180_000);
  let story: Story;
  let existing: string;
  const block = (args: string) => `new dokploy.EnvironmentBlock("worker-env", { env: { A: "a" }, ${args} });`;

  before(async () => {
    story = await Story.begin();
    existing = await story.existingApplication("worker");
  });
  after(() => story?.end());

  const base = () => shop({ block: block(`target: { applicationId: "${existing}" }`) });

  it("of new resources creates them all, and changes nothing on the server", async () => {
    const bare = `const bare = new dokploy.Application("bare", {
      environmentId: shop.defaultEnvironmentId,
      name: shop.id,
      source: { type: "docker", image: pulumi.interpolate\`acme/bare:\${shop.id}\` },
      deploy: false,
    });`;
    const steps = await story.plan(shop({ more: bare, block: block("target: { applicationId: bare.id }") }));
    const { "shop-dev": _, ...own } = steps;
    assert.deepEqual(opsOf(own), {
      shop: "create",
      bare: "create",
      api: "create",
      web: "create",
      "worker-env": "create",
    });
    assert.equal(
      story.emulator.calls.some(({ endpoint }) => endpoint === "application.deploy"),
      false,
    );
    await story.up(base());
  });

  it("without changes says so, without a call: not even credentials are needed", async () => {
    story.program(base());
    const { DOKPLOY_URL, DOKPLOY_API_KEY } = story.workspace.env;
    for (const name of ["DOKPLOY_URL", "DOKPLOY_API_KEY"]) delete story.workspace.env[name];
    try {
      const bare = await story.succeeds("preview", "--expect-no-changes");
      assert.match(bare.stdout, /5 unchanged/);
      assert.deepEqual(bare.calls, []);
    } finally {
      Object.assign(story.workspace.env, { DOKPLOY_URL, DOKPLOY_API_KEY });
    }
  });

  describe("of changed variables", () => {
    const changed = () =>
      shop({
        project: `description: "Another text"`,
        apiEnv: `{ LEVEL: "debug", TOKEN: pulumi.secret("token-2"), NEW: "new", SAME: "same" }`,
        block: block(`target: { applicationId: "${existing}" }`),
      });

    it("has a line for each, with the values of those that are not secret", async () => {
      story.program(changed());
      const { stdout } = await story.succeeds("preview", "--diff");
      assert.ok(hasLine(stdout, "~ LEVEL", ": ", `"info" => "debug"`), stdout);
      assert.ok(hasLine(stdout, "+ NEW", ": ", `"new"`), stdout);
      assert.ok(hasLine(stdout, "- OLD", ": ", `"gone"`), stdout);
      assert.ok(hasLine(stdout, "~ TOKEN", ": ", "[secret] => [secret]"), stdout);
      assert.equal(hasLine(stdout, "SAME"), false, stdout);
      assert.doesNotMatch(stdout, /token-[12]/);
      assert.match(stdout, /~ 2 to update\n +3 unchanged/);
    });

    it("names each as env.KEY in JSON, and no resource that only reads outputs of the changed one", async () => {
      const steps = await story.plan(changed());
      assert.deepEqual(steps["api"], {
        op: "update",
        changed: ["env.LEVEL", "env.NEW", "env.OLD", "env.TOKEN"],
      });
      assert.deepEqual(steps["shop"], { op: "update", changed: ["description"] });
      assert.deepEqual(Object.keys(steps).sort(), ["api", "shop", "shop-dev"]);
    });

    it("is refused without credentials, and says how to give them", async () => {
      story.program(shop({ project: `description: "Another text"` }));
      const { DOKPLOY_URL, DOKPLOY_API_KEY } = story.workspace.env;
      for (const name of ["DOKPLOY_URL", "DOKPLOY_API_KEY"]) delete story.workspace.env[name];
      try {
        const { output } = await story.fails("preview");
        assert.match(output, /dokploy:url is missing/);
        assert.match(output, /dokploy:apiKey is missing/);
        assert.doesNotMatch(output, /\n\s+at /);
      } finally {
        Object.assign(story.workspace.env, { DOKPLOY_URL, DOKPLOY_API_KEY });
      }
    });
  });

  it("sees each optional input that is removed from the program", async () => {
    const steps = await story.plan(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      const api = new dokploy.Application("api", {
        environmentId: shop.defaultEnvironmentId,
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        resources: { cpuLimit: 0.5 },
      });
      new dokploy.Application("web", {
        environmentId: shop.defaultEnvironmentId,
        name: "web",
        source: { type: "docker", image: "acme/web:1" },
        env: {},
      });
      new dokploy.EnvironmentBlock("worker-env", { target: { applicationId: "${existing}" }, env: {} });
    `);
    assert.deepEqual(steps["shop"], { op: "update", changed: ["description"] });
    assert.deepEqual(steps["api"], {
      op: "update",
      changed: ["description", "env", "replicas", "resources.memoryLimit"],
    });
    assert.deepEqual(steps["web"], { op: "update", changed: ["env.API"] });
    assert.deepEqual(steps["worker-env"], { op: "update", changed: ["env.A"] });
  });

  it("updates in place for another kind of source", async () => {
    const git = `source: { type: "git", url: "https://git.example/acme/api.git", branch: "main" }`;
    const { api } = await story.plan(shop({ api: git }));
    assert.equal(api?.op, "update");
    assert.deepEqual(api?.changed, ["source.branch", "source.image", "source.type", "source.url"]);
  });

  it("replaces for another server, and says so", async () => {
    story.emulator.connect("server", "another-server0000000");
    story.program(shop({ api: `serverId: "another-server0000000"` }));
    const { stdout } = await story.succeeds("preview", "--diff");
    assert.ok(stdout.includes(`+-${story.typeOf("Application")}: (replace)`), stdout);
    assert.match(stdout, /\+-1 to replace/);
    assert.ok(hasLine(stdout, "+ serverId", "another-server"), stdout);
  });

  describe("with inputs that are not known yet", () => {
    const more = `
      const other = new dokploy.Project("other", { name: "other" });
      const fresh = new dokploy.Application("fresh", {
        environmentId: other.defaultEnvironmentId,
        name: "fresh",
        source: { type: "docker", image: pulumi.interpolate\`acme/fresh:\${other.id}\` },
        buildArgs: { PROJECT: other.id },
      });
    `;
    /** Pulumi leaves out what stays the same, but for the stack. */
    const whatExistsIsUpdated = {
      "shop-dev": "same",
      other: "create",
      fresh: "create",
      api: "update",
      "worker-env": "update",
    };

    it("updates existing objects with one unknown value in any place", async () => {
      const steps = await story.plan(
        shop({
          more,
          apiEnv: `{ LEVEL: other.id, TOKEN: pulumi.secret("token-1"), OLD: "gone", SAME: "same" }`,
          api: `
            environmentId: other.defaultEnvironmentId,
            description: fresh.appName,
            source: { type: "docker", image: pulumi.interpolate\`acme/api:\${other.id}\` },
            replicas: other.id.apply(() => 3),
            resources: { memoryLimit: other.id.apply(() => "1GiB"), cpuLimit: 0.5 },
            serverId: fresh.id,
            swarm: { labels: { project: other.id } },
          `,
          block: block("target: { applicationId: fresh.id }"),
        }),
      );
      assert.deepEqual(opsOf(steps), whatExistsIsUpdated);
    });

    it("updates existing objects when whole inputs are unknown", async () => {
      const steps = await story.plan(
        shop({
          more,
          apiEnv: `other.id.apply((id) => ({ PROJECT: id }))`,
          api: `
            source: other.id.apply((id) => ({ type: "docker", image: "acme/api:" + id })),
            resources: other.id.apply(() => ({ memoryLimit: "1GiB" })),
            deploy: other.id.apply(() => false),
          `,
          block: block("target: fresh.id.apply((applicationId) => ({ applicationId }))"),
        }),
      );
      assert.deepEqual(opsOf(steps), whatExistsIsUpdated);
    });
  });
});
