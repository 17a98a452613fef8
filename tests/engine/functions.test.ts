import * as assert from "node:assert/strict";
import { runInline } from "./inline";
import { count, essential, Story } from "./story";

describe("functions in a program", function () {
  this.timeout(180_000);
  let story: Story;
  let id: string;
  before(async () => {
    story = await Story.begin();
    id = await story.existingApplication("api", { env: "PASSWORD=hunter-2\nLEVEL=info" });
  });
  after(() => story?.end());

  const place = `{ name: "api", project: "project of api" }`;
  const program = `
    const api = dokploy.getApplicationOutput(${place});
    new dokploy.EnvironmentBlock("flags", {
      target: { applicationId: api.applicationId },
      mode: "additive",
      env: { FEATURE: "on", COPY: api.env.apply((env) => env.PASSWORD) },
    });
    exports.host = api.appName;
    exports.keys = dokploy.getApplication(${place}).then((api) => api.envKeys);
    exports.env = api.env;
  `;

  it("find an application by its name, for a block of variables on it", async () => {
    story.program(program);
    const preview = await story.succeeds("preview");
    assert.match(preview.output, /EnvironmentBlock\s+flags\s+create/);
    assert.deepEqual(essential(preview.calls).slice(0, 3), ["project.all", "project.one", "application.one"]);
    assert.equal(count(preview.calls, "project.all"), 1);

    const { output } = await story.succeeds("up", "--skip-preview");
    const { env, appName } = await story.application(id);
    assert.equal(env, "PASSWORD=hunter-2\nLEVEL=info\nCOPY=hunter-2\nFEATURE=on");
    assert.ok(output.includes(appName), "the name of the host is no secret");
    assert.doesNotMatch(output + preview.output + story.workspace.stateText(), /hunter-2/);

    const plan = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(essential(plan.calls), ["project.all", "project.one", "application.one"]);
  });

  for (const [form, call] of [
    [
      "promise",
      (args: string) => `exports.id = dokploy.getApplication(${args}).then((api) => api.applicationId);`,
    ],
    [
      "output",
      (args: string) => `
        const { applicationId } = dokploy.getApplicationOutput(${args});
        new dokploy.EnvironmentBlock("other", { target: { applicationId }, env: {} });
      `,
    ],
  ] as const) {
    it(`fail the preview with one message and no stack trace, for a missing name (${form})`, async () => {
      story.program(call(`{ name: "apj", project: "project of api" }`));
      const { output } = await story.fails("preview");
      assert.match(
        output,
        /error: .*getApplication: .* has no application named "apj"\. Did you mean "api" \(/,
      );
      assert.match(output, /shop-dev\s+1 error; 1 message\n/);
      assert.doesNotMatch(output, /\n\s+at .*:\d+/);
    });
  }

  for (const command of [["preview"], ["up", "--skip-preview"]])
    it(`fail ${command.join(" ")} with the ids of all that share a name`, async () => {
      const { project } = await story.byHand<{ project: { projectId: string } }>("project.create", {
        name: "project of api",
      });
      story.program(program);
      const { output } = await story.fails(...command);
      await story.byHand("project.remove", { projectId: project.projectId });
      assert.match(output, /error: getApplication: Dokploy has 2 projects named "project of api": /);
      assert.ok(output.includes(project.projectId));
      assert.match(output, /Give environmentId instead\./);
      assert.doesNotMatch(output, /\n\s+at .*:\d+/);
    });

  it("fail an update of an inline program, which ends", async () => {
    const printed = await runInline(
      story,
      "up",
      `
        const { applicationId } = dokploy.getApplicationOutput({ name: "apj", project: "project of api" });
        new dokploy.EnvironmentBlock("other", { target: { applicationId }, env: {} });
      `,
    );
    assert.match(printed, /getApplication: .* has no application named "apj"/);
  });

  it("wait for objects that the program creates: unknown at preview, found in the same run", async () => {
    story.program(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      const api = new dokploy.Application("web", {
        environmentId: shop.defaultEnvironmentId,
        name: "web",
        source: { type: "docker", image: "acme/web:1" },
        deploy: false,
      });
      const found = dokploy.getApplicationOutput({ applicationId: api.id });
      const project = dokploy.getProjectOutput({ projectId: shop.id });
      exports.image = found.image;
      exports.names = pulumi.interpolate\`\${project.name}/\${found.name}\`;
    `);
    const preview = await story.succeeds("preview");
    assert.match(preview.output, /image\s*: (?:output<string>|\[unknown\])/);
    assert.equal(count(preview.calls, "application.one") + count(preview.calls, "project.one"), 0);
    const up = await story.succeeds("up", "--skip-preview");
    assert.match(up.output, /names: "shop\/web"/);
    assert.match(up.output, /image: "acme\/web:1"/);
  });

  it("find one domain and all domains of a service, and no result shows a secret", async () => {
    const { registryId } = await story.byHand<{ registryId: string }>("registry.create", {
      registryName: "ghcr",
      registryUrl: "ghcr.io",
      registryType: "cloud",
      username: "bot",
      password: "hunter-3",
      imagePrefix: null,
    });
    const https = { https: true, certificateType: "letsencrypt" };
    const domain = { applicationId: id, host: "api.example.com", port: 8080, ...https };
    const { domainId } = await story.byHand<{ domainId: string }>("domain.create", domain);
    story.program(`
      const { applicationId } = dokploy.getApplicationOutput(${place});
      const found = dokploy.getDomainOutput({ applicationId, host: "api.example.com" });
      exports.address = pulumi.interpolate\`\${found.host}:\${found.port}\${found.path}\`;
      exports.domains = dokploy.getDomainsOutput({ applicationId }).apply((all) => all.map(({ id }) => id));
      exports.registry = dokploy.getRegistry({ name: "ghcr" });
      exports.registries = dokploy.getRegistriesOutput().length;
    `);
    const { output } = await story.succeeds("up", "--skip-preview");
    assert.match(output, /address\s*: "api\.example\.com:8080\/"/);
    assert.match(output, /registries\s*: 1/);
    for (const found of [domainId, registryId]) assert.ok(output.includes(found), output);
    assert.doesNotMatch(output + story.workspace.stateText(), /hunter-3/);

    story.program(`exports.domain = dokploy.getDomain({ applicationId: "${id}", host: "apj.example.com" });`);
    const failed = await story.fails("preview");
    assert.match(
      failed.output,
      /error: .*getDomain: the application \S{21} has no domain "apj\.example\.com\/"\./,
    );
    assert.match(failed.output, /Did you mean "api\.example\.com\/" \(/);
    assert.doesNotMatch(failed.output, /\n\s+at .*:\d+/);
  });

  it("find databases and list objects of the platform, with no password in the output or the state", async () => {
    const { project, environment } = await story.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name: "data" });
    const { environmentId } = environment;
    const login = { databaseName: "shop", databaseUser: "shop", databasePassword: "hunter-4" };
    const { postgresId, appName } = await story.byHand<{ postgresId: string; appName: string }>(
      "postgres.create",
      { environmentId, name: "orders", ...login },
    );
    story.program(`
      const orders = dokploy.getPostgresOutput({ name: "orders", project: "data" });
      new dokploy.EnvironmentBlock("address", {
        target: { applicationId: "${id}" }, mode: "additive", deploy: false, env: { DATABASE_URL: orders.connectionUrl },
      });
      exports.orders = pulumi.interpolate\`\${orders.postgresId} \${orders.user}\`;
      exports.url = orders.connectionUrl;
      exports.databases = dokploy.getDatabases({ project: "data" }).then((all) => all.map(({ kind, name }) => kind + " " + name));
      exports.version = dokploy.getVersion();
      exports.servers = dokploy.getServersOutput().length;
      exports.nodes = dokploy.getSwarmNodes().then((nodes) => nodes.map(({ role }) => role));
      exports.containers = dokploy.getContainersOutput().apply((all) => all.every(({ name }) => name !== ""));
      exports.deployments = dokploy.getDeployments({ applicationId: "${id}" }).then((all) => all.length);
    `);
    const preview = await story.succeeds("preview");
    const { output } = await story.succeeds("up", "--skip-preview");
    assert.match(output, new RegExp(`orders\\s*: "${postgresId} shop"`));
    assert.match(output, /url\s*: \[secret\]/);
    assert.match(output, /databases\s*: \[[\s+]*\[0\]: "Postgres orders"/);
    assert.match(output, /version\s*: "0\.30\.2"/);
    assert.match(output, /servers\s*: 0/);
    assert.match(output, /nodes\s*: \[[\s+]*\[0\]: "manager"/);
    assert.match(output, /containers\s*: true/);
    assert.match(output, /deployments\s*: \d/);
    const { env } = await story.application(id);
    assert.ok(env?.includes(`DATABASE_URL=postgresql://shop:hunter-4@${appName}:5432/shop`), "it was saved");
    assert.doesNotMatch(preview.output + output + story.workspace.stateText(), /hunter-4/);
    await story.succeeds("preview", "--expect-no-changes");
    await story.byHand("postgres.remove", { postgresId });
    await story.byHand("project.remove", { projectId: project.projectId });
  });
});
