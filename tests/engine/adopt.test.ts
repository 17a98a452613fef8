import * as assert from "node:assert/strict";
import { type Server, startServer } from "../resources/server";
import { count, Story } from "./story";

interface Made {
  projectId: string;
  environmentId: string;
  applicationId: string;
  composeId: string;
}

const composeFile = "services:\n  cache:\n    image: redis:7\n";

type ByHand = <T = Record<string, unknown>>(endpoint: string, input: Record<string, unknown>) => Promise<T>;

/** A project with an environment and two services in it, made in the web interface and never deployed. */
async function madeByHand(byHand: ByHand, name = "shop"): Promise<Made> {
  const { project } = await byHand<{ project: { projectId: string } }>("project.create", { name });
  const { projectId } = project;
  const { environmentId } = await byHand<{ environmentId: string }>("environment.create", {
    projectId,
    name: "staging",
  });
  await byHand("environment.update", { environmentId, env: "STAGE=test" });
  const { applicationId } = await byHand<{ applicationId: string }>("application.create", {
    name: "api",
    environmentId,
  });
  await byHand("application.update", {
    applicationId,
    sourceType: "docker",
    dockerImage: "acme/api:1",
    env: "LOG_LEVEL=info\nOLD=canary-old\nSAME=1",
    replicas: 2,
  });
  const { composeId } = await byHand<{ composeId: string }>("compose.create", {
    name: "cache",
    environmentId,
    composeType: "docker-compose",
    sourceType: "raw",
  });
  await byHand("compose.update", { composeId, sourceType: "raw", composeFile });
  return { projectId, environmentId, applicationId, composeId };
}

describe("the option import, through the CLI", function () {
  this.timeout(180_000);
  let story: Story;
  let made: Made;
  before(async () => {
    story = await Story.begin();
    made = await madeByHand((endpoint, input) => story.byHand(endpoint, input));
    await story.byHand("application.deploy", { applicationId: made.applicationId });
    await story.byHand("compose.deploy", { composeId: made.composeId });
    while (!story.emulator.containerEnv(made.applicationId) || !(await isDeployed())) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  after(() => story?.end());

  const isDeployed = async () => {
    const row = await story.byHand<{ composeStatus: string }>("compose.one", { composeId: made.composeId });
    return row.composeStatus === "done";
  };

  const program = (
    options: Partial<Record<"project" | "environment" | "api" | "cache", string>> = {},
    name = "api",
    more = "",
  ) => `
    const project = new dokploy.Project("project", { name: "shop", description: "The shop" }, {${options.project ?? ""}});
    const environment = new dokploy.Environment("environment", {
      projectId: "${made.projectId}", name: "staging", env: { STAGE: "test" },
    }, {${options.environment ?? ""}});
    const api = new dokploy.Application("${name}", {
      environmentId: "${made.environmentId}",
      name: "api",
      source: { type: "docker", image: "acme/api:2" },
      env: { LOG_LEVEL: "canary-level", NEW: "canary-new", SAME: "1" },
      ${more}
    }, {${options.api ?? ""}});
    const cache = new dokploy.Compose("cache", {
      environmentId: "${made.environmentId}",
      name: "cache",
      source: { type: "raw", composeFile: ${JSON.stringify(composeFile)} },
    }, {${options.cache ?? ""}});
  `;
  const imports = () => ({
    project: `import: "${made.projectId}"`,
    environment: `import: "${made.environmentId}"`,
    api: `import: "${made.applicationId}"`,
    cache: `import: "${made.composeId}"`,
  });

  it("says at preview how each object changes, and names variables without values", async () => {
    story.program(program(imports()));
    const { output, calls } = await story.succeeds("preview");
    const { projectId, environmentId, applicationId, composeId } = made;
    for (const line of [
      `Project "shop" (${projectId}) is adopted: changes description.`,
      `Environment "staging" (${environmentId}) is adopted: nothing to change.`,
      `Application "api" (${applicationId}) is adopted: changes source.image, env (+NEW ~LOG_LEVEL -OLD); deploys.`,
      `Compose service "cache" (${composeId}) is adopted: nothing to change.`,
    ]) {
      assert.ok(output.includes(line), `${line}\nis missing in\n${output}`);
    }
    assert.doesNotMatch(output, /canary-old/);
    assert.ok(!calls.some((call) => /\.(create|update|deploy)$/.test(call)), calls.join(" "));
  });

  it("adopts project, environment, application and compose service as planned, and creates nothing", async () => {
    const { calls } = await story.up(program(imports()));
    assert.ok(!calls.some((call) => call.endsWith(".create")), calls.join(" "));
    assert.equal(count(calls, "application.deploy"), 1);
    for (const untouched of ["environment.update", "compose.update", "compose.deploy"]) {
      assert.equal(count(calls, untouched), 0, untouched);
    }
    assert.deepEqual(
      ["project", "environment", "api", "cache"].map((name) => story.resource(name).id),
      [made.projectId, made.environmentId, made.applicationId, made.composeId],
    );
    const env = { LOG_LEVEL: "canary-level", NEW: "canary-new", SAME: "1" };
    assert.deepEqual(story.emulator.containerEnv(made.applicationId), env);
    assert.equal((await story.application(made.applicationId))["replicas"], 2);
  });

  it("can be removed again without a change", async () => {
    story.program(program());
    const { calls } = await story.succeeds("up", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
    await story.succeeds("up", "--skip-preview", "--refresh", "--expect-no-changes");
  });

  it("is refused for an object that another resource of the program manages", async () => {
    story.program(`${program()}
      new dokploy.Application("twin", {
        environmentId: "${made.environmentId}", name: "api", source: { type: "docker", image: "acme/api:2" },
      }, { import: "${made.applicationId}" });`);
    const { output, calls } = await story.fails("preview");
    assert.match(
      output,
      /(another resource of this program|this stack) already (manages|has) the Application \S+/,
    );
    assert.ok(!calls.some((call) => /\.(update|deploy|delete)$/.test(call)), calls.join(" "));
  });

  it("is refused for a renamed resource, and the error says how to continue", async () => {
    story.program(program({ api: `import: "${made.applicationId}"` }, "backend"));
    const { output, calls } = await story.fails("up", "--skip-preview");
    assert.match(
      output,
      /this stack already has the Application \S+, as "api"\. .*aliases: \[\{ name: "api" \}\]/,
    );
    assert.ok(!calls.some((call) => /\.(update|deploy|delete)$/.test(call)), calls.join(" "));
    assert.equal(story.resource("api").id, made.applicationId);

    const renamed = program(
      { api: `aliases: [{ name: "api" }], import: "${made.applicationId}"` },
      "backend",
    );
    assert.deepEqual((await story.up(renamed)).calls, []);
    assert.equal(story.resource("backend").id, made.applicationId);
  });

  it("does not prevent a replacement when it was left in the program", async () => {
    const program2 = program(
      { api: `import: "${made.applicationId}"` },
      "backend",
      `appNamePrefix: "backend",`,
    );
    const { calls } = await story.up(program2);
    assert.equal(count(calls, "application.delete"), 1);
    assert.equal(count(calls, "application.create"), 1);
    assert.notEqual(story.resource("backend").id, made.applicationId);
    await story.succeeds("preview", "--expect-no-changes");
  });
});

describe("a program that adopts a project with everything in it", function () {
  this.timeout(120_000);
  let story: Story;
  let made: Made;
  before(async () => {
    story = await Story.begin();
    made = await madeByHand((endpoint, input) => story.byHand(endpoint, input));
    const { projectId } = made;
    await story.byHand("project.update", { projectId, env: "REGION=eu" });
  });
  after(() => story?.end());

  const program = (more = "", env = "") => `
    const shop = new dokploy.Project("shop", { name: "shop", env: { REGION: "us" } }, { import: "${made.projectId}" });
    const staging = new dokploy.Environment("staging", {
      projectId: shop.id, name: "staging", env: { STAGE: "prod" },
    }, { import: "${made.environmentId}" });
    const api = new dokploy.Application("api", {
      environmentId: staging.id, name: "api", source: { type: "docker", image: "acme/api:2" },
      env: { LOG_LEVEL: "canary-level", NEW: "canary-new", SAME: "1" }, ${more}
    }, { import: "${made.applicationId}" });
    const cache = new dokploy.Compose("cache", {
      environmentId: staging.id, name: "cache", source: { type: "raw", composeFile: ${JSON.stringify(composeFile)} },
      env: { API_HOST: api.appName, ${env} },
    }, { import: "${made.composeId}" });
    exports.host = api.appName;
    exports.production = shop.defaultEnvironmentId;
  `;

  it("shows at preview exactly what the update changes, and knows the ids and host names", async () => {
    story.program(program());
    const { output, calls } = await story.succeeds("preview");
    const { appName } = await story.application(made.applicationId);
    for (const text of [
      `Project "shop" (${made.projectId}) is adopted: changes env (~REGION).`,
      `Environment "staging" (${made.environmentId}) is adopted: changes env (~STAGE).`,
      `Application "api" (${made.applicationId}) is adopted: changes source.image, env (+NEW ~LOG_LEVEL -OLD); deploys.`,
      `Compose service "cache" (${made.composeId}) is adopted: changes env (+API_HOST); deploys.`,
      appName,
    ]) {
      assert.ok(output.includes(text), `${text}\nis missing in\n${output}`);
    }
    assert.match(output, /production\s*:\s*"[\w-]{10,}"/);
    assert.ok(!calls.some((call) => /\.(create|update|deploy)$/.test(call)), calls.join(" "));
  });

  it("compares all known values when others are unknown, and names the unknown ones", async () => {
    story.program(`
      const other = new dokploy.Project("other", { name: "other" });
      ${program("description: other.id, replicas: other.id.apply(() => 2),", "LATER: other.id,").replace(
        'LOG_LEVEL: "canary-level"',
        "LOG_LEVEL: other.id",
      )}`);
    const { output } = await story.succeeds("preview");
    const api =
      `Application "api" (${made.applicationId}) is adopted: changes source.image, env (+NEW -OLD); ` +
      "not known yet, so it may change: description, env (~LOG_LEVEL), replicas; deploys.";
    assert.ok(output.includes(api), `${api}\nis missing in\n${output}`);
    assert.match(
      output,
      /Compose service "cache" \(\S+\) is adopted: changes env \(\+API_HOST \+LATER\); deploys\./,
    );
  });

  it("then makes these changes, and the next plan is empty", async () => {
    const { calls } = await story.up(program());
    assert.ok(!calls.some((call) => call.endsWith(".create")), calls.join(" "));
    assert.equal((await story.application(made.applicationId))["dockerImage"], "acme/api:2");
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("does not confuse the ids of a replaced object and its replacement", async () => {
    story.program(program('appNamePrefix: "next",'));
    const { output } = await story.succeeds("preview", "--diff");
    assert.match(output, /~ API_HOST: "app-[\w-]+" => \[unknown\]/);
  });
});

describe("adoption is refused for", () => {
  let server: Server;
  let made: Made;
  before(async () => {
    server = await startServer();
    made = await madeByHand((endpoint, input) => server.byHand(endpoint, input));
  });
  beforeEach(() => server.newRun());
  after(() => server?.close());

  const application = (more: object = {}) => ({
    environmentId: made.environmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    ...more,
  });
  const compose = (more: object = {}) => ({
    environmentId: made.environmentId,
    name: "cache",
    source: { type: "raw", composeFile },
    ...more,
  });

  /** Refused at preview and, should it come that far, at creation: for the same reason, with nothing changed. */
  async function refused(
    kind: "Application" | "Compose" | "Project" | "Environment",
    inputs: object,
    property: string,
    reason: RegExp,
  ): Promise<void> {
    const { failures } = await server[kind].check({}, { ...inputs });
    assert.deepEqual(
      failures.map((failure) => failure.property),
      [property],
    );
    assert.match(failures[0]?.reason ?? "", reason);
    await assert.rejects(server[kind].create({ ...inputs }), reason);
    const writes = server.calls().filter((call) => !/\.(one|all|byProjectId)$/.test(call));
    assert.deepEqual(writes, []);
  }

  it("an id that does not exist", async () => {
    const gone =
      /Dokploy has no \w+( service)? gone00000000000000000 .*without the option import, a new \w+( service)? is created/;
    await refused("Application", application({ import: "gone00000000000000000" }), "import", gone);
    await refused("Compose", compose({ import: "gone00000000000000000" }), "import", gone);
    await refused("Project", { name: "shop", import: "gone00000000000000000" }, "import", gone);
    const { projectId } = made;
    await refused(
      "Environment",
      { projectId, name: "staging", import: "gone00000000000000000" },
      "import",
      gone,
    );
  });

  it("an object of another kind", async () => {
    const { applicationId, composeId, environmentId } = made;
    await refused("Application", application({ import: composeId }), "import", /no application/);
    await refused("Compose", compose({ import: applicationId }), "import", /no compose service/);
    await refused("Project", { name: "shop", import: environmentId }, "import", /no project/);
  });

  it("a service in another environment, and an environment of another project", async () => {
    const other = await madeByHand((endpoint, input) => server.byHand(endpoint, input), "other");
    server.newRun();
    const elsewhere = /is in the environment "staging" of project "other" \(\S+\), not in /;
    await refused("Application", application({ import: other.applicationId }), "import", elsewhere);
    await refused("Compose", compose({ import: other.composeId }), "import", elsewhere);
    const environment = { projectId: made.projectId, name: "staging", import: other.environmentId };
    await refused("Environment", environment, "import", /belongs to the project "other"/);
  });

  it("a service on another server than the program says", async () => {
    const serverId = server.emulator.connect("server");
    const differs = /differs from what the (application|compose service) ".*" \(\S+\) has/;
    await refused("Application", application({ serverId, import: made.applicationId }), "serverId", differs);
    await refused("Compose", compose({ serverId, import: made.composeId }), "serverId", differs);
  });

  it("one object by two resources of a program", async () => {
    const twice = /another resource of this program already manages the Application \S+/;
    const first = application({ import: made.applicationId });
    const second = { ...first, replicas: 3 };
    assert.deepEqual((await server.Application.check({}, first)).failures, []);
    assert.deepEqual((await server.Application.check({}, first)).failures, [], "the same one once more");
    const { failures } = await server.Application.check({}, second);
    assert.match(failures[0]?.reason ?? "", twice);
    const results = await Promise.allSettled([
      server.Application.create(first),
      server.Application.create({ ...first }),
    ]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("but not for a service that was never deployed: the plan says that it is deployed", async () => {
    const { composeId } = made;
    server.warnings.length = 0;
    await server.Compose.check({}, compose({ import: composeId }));
    assert.match(
      server.warnings[0] ?? "",
      /is adopted: nothing to change; deploys, since it was never deployed\.$/,
    );
  });
});
