import * as assert from "node:assert/strict";
import type { Fault } from "../../emulator";
import { hasLine, Story } from "./story";

/** What marks a value in a state as secret: Pulumi's signature key and the signature of secrets. */
const secretSignature = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"] as const;

const program = `
  const project = new dokploy.Project("project", { name: "shop", description: "A shop", env: { REGION: "eu" } });
  const environment = new dokploy.Environment("environment", {
    projectId: project.id, name: "staging", description: "", env: { STAGE: "s" },
  });
  const api = new dokploy.Application("api", {
    environmentId: project.defaultEnvironmentId,
    name: "api",
    description: "The API",
    source: { type: "docker", image: "acme/api:1" },
    env: { A: "a", B: "b", C: "c" },
    replicas: 2,
    resources: { memoryLimit: "512MiB", cpuLimit: 0.5 },
    command: "serve --fast",
    args: ["one"],
    swarm: { labels: { team: "red" }, stopGracePeriodSeconds: 30, restartPolicy: { Condition: "any" } },
    autoDeploy: false,
    preview: { enabled: true, port: 8080, env: { P: "p" } },
  });
  const site = new dokploy.Application("site", {
    environmentId: environment.id,
    name: "site",
    source: { type: "git", url: "https://git.example/acme/site.git", branch: "main", watchPaths: ["web/**"] },
    build: { type: "dockerfile", dockerfile: "Dockerfile.prod", buildStage: "run" },
    buildArgs: { ARG: "1" },
    buildSecrets: { SECRET: pulumi.secret("s") },
    deploy: false,
  });
  const compose = new dokploy.Compose("compose", {
    environmentId: environment.id,
    name: "cache",
    source: { type: "raw", composeFile: "services:\\n  cache:\\n    image: redis:7\\n" },
    env: { PASSWORD: pulumi.secret("p") },
    deploy: false,
  });
  const block = new dokploy.EnvironmentBlock("block", {
    target: { applicationId: site.id },
    mode: "additive",
    env: { OWN: "1", OTHER: "2" },
    deploy: false,
  });
`;

describe("a refresh", function () {
  this.timeout(180_000);
  let story: Story;

  before(async () => {
    story = await Story.begin();
    await story.up(program);
  });
  after(() => story?.end());

  /** All outputs in the state. The same secret is encrypted to another text each time. */
  const outputs = () =>
    JSON.parse(
      JSON.stringify(story.workspace.state().resources?.map(({ outputs }) => outputs)),
      (name, value) => (name === "ciphertext" ? "encrypted" : value),
    );
  const id = (name: string) => story.resource(name).id;
  const plan = () => story.plan(program);

  it("finds no difference without a change by hand", async () => {
    const before = outputs();
    await story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(outputs(), before);
  });

  it("names each variable that was changed, added or removed by hand, and so does the next plan", async () => {
    const applicationId = id("api");
    await story.byHand("application.update", { applicationId, env: "A=a\nB=by hand\nNEW=new" });
    const { stdout } = await story.succeeds("refresh", "--skip-preview", "--diff");
    assert.ok(hasLine(stdout, "~ B", ": ", "[secret]"), stdout);
    assert.ok(hasLine(stdout, "+ NEW", ": ", "[secret]"), stdout);
    assert.ok(hasLine(stdout, "- C", ": ", `"c"`), stdout);
    assert.equal(hasLine(stdout, " A ", ": "), false, stdout);

    const env = story.resource("api").outputs["env"] as Record<string, Record<string, unknown> | string>;
    assert.equal(env["A"], "a");
    const [key, signature] = secretSignature;
    for (const name of ["B", "NEW"]) {
      const value = env[name];
      assert.ok(typeof value === "object" && value[key] === signature, `${name} is not secret in the state`);
    }
    assert.doesNotMatch(story.workspace.stateText(), /by hand/);

    const steps = await plan();
    assert.deepEqual(steps["api"], { op: "update", changed: ["env.B", "env.C", "env.NEW"] });
    await story.up(program);
    assert.deepEqual(story.emulator.containerEnv(applicationId), { A: "a", B: "b", C: "c" });
  });

  it("sees every kind of input that was changed by hand", async () => {
    const applicationId = id("api");
    await story.byHand("application.update", {
      applicationId,
      name: "renamed",
      description: "by hand",
      dockerImage: "acme/api:2",
      replicas: 5,
      memoryLimit: "1073741824",
      cpuLimit: "2000000000",
      command: "other",
      args: ["two", "three"],
      labelsSwarm: { team: "blue" },
      stopGracePeriodSwarm: 10_000_000_000,
      restartPolicySwarm: { Condition: "none" },
      autoDeploy: true,
      isPreviewDeploymentsActive: false,
      previewPort: 9090,
      previewEnv: "P=q",
    });
    await story.byHand("application.update", {
      applicationId: id("site"),
      customGitBranch: "hotfix",
      customGitUrl: "https://git.example/acme/fork.git",
      watchPaths: ["api/**"],
      dockerfile: "Dockerfile.dev",
      dockerBuildStage: null,
      buildArgs: "ARG=2",
      buildSecrets: "SECRET=t",
      env: "OWN=1\nNOT_OURS=x",
    });
    await story.byHand("compose.update", {
      composeId: id("compose"),
      composeFile: "services: {}\n",
      env: "PASSWORD=q",
      name: "renamed",
    });
    await story.byHand("project.update", {
      projectId: id("project"),
      description: "by hand",
      env: "REGION=us",
    });
    await story.byHand("environment.update", { environmentId: id("environment"), env: "STAGE=t" });

    await story.succeeds("refresh", "--skip-preview");
    const steps = await plan();
    const changed = (name: string) => steps[name]?.changed;
    assert.deepEqual(changed("project"), ["description", "env.REGION"]);
    assert.deepEqual(changed("environment"), ["env.STAGE"]);
    assert.deepEqual(changed("compose"), ["env.PASSWORD", "name", "source.composeFile"]);
    assert.deepEqual(changed("block"), ["env.OTHER"]);
    assert.deepEqual(changed("site"), [
      "build.buildStage",
      "build.dockerfile",
      "buildArgs.ARG",
      "buildSecrets.SECRET",
      "source.branch",
      "source.url",
      "source.watchPaths[0]",
    ]);
    assert.deepEqual(changed("api"), [
      "args[0]",
      "args[1]",
      "autoDeploy",
      "command",
      "description",
      "name",
      "preview.enabled",
      "preview.env.P",
      "preview.port",
      "replicas",
      "resources.cpuLimit",
      "resources.memoryLimit",
      "source.image",
      "swarm.labels.team",
      "swarm.restartPolicy.Condition",
      "swarm.stopGracePeriodSeconds",
    ]);

    await story.up(program);
    await story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
    await story.succeeds("preview", "--expect-no-changes");
    const site = await story.application(id("site"));
    assert.match(site.env ?? "", /NOT_OURS=x/);
  });

  for (const [what, fault] of [
    [
      "the key is refused",
      { endpoint: /.*/, times: Infinity, status: 401, body: { message: "Unauthorized" } },
    ],
    [
      "the server fails",
      {
        endpoint: /.*/,
        times: Infinity,
        status: 500,
        body: { message: "boom", code: "INTERNAL_SERVER_ERROR" },
      },
    ],
    ["a page answers instead of Dokploy", { endpoint: /.*/, times: Infinity, status: 200, html: true }],
    ["a page says 404 instead of Dokploy", { endpoint: /.*/, times: Infinity, status: 404, html: true }],
  ] as [string, Fault][]) {
    it(`keeps everything in the state when ${what}`, async () => {
      const urns = () => story.workspace.state().resources?.map(({ urn }) => urn);
      const before = urns();
      story.emulator.faults.add(fault);
      const { output } = await story.fails("refresh", "--skip-preview");
      story.emulator.faults.clear();
      assert.deepEqual(urns(), before);
      assert.doesNotMatch(output, /\n\s+at .*\.js/);
    });
  }

  it("plans to recreate a project that was deleted by hand, also where the adoption file names it, and the update does", async () => {
    const names = ["project", "environment", "api", "site", "compose", "block"];
    const before = new Map(names.map((name) => [name, id(name)]));
    const kinds = { Project: "project", Environment: "environment", Application: "api", Compose: "compose" };
    const adopted = Object.entries(kinds).map(([kind, name]) => [kind, { [name]: id(name) }]);
    story.write("dokploy-adopt.json", JSON.stringify(Object.fromEntries(adopted)));
    await story.succeeds("config", "set", "dokploy:adopt", "dokploy-adopt.json");
    const appName = String(story.resource("api").outputs?.["appName"]);
    await story.byHand("project.remove", { projectId: id("project") });

    const { output } = await story.succeeds("refresh", "--skip-preview");
    const gone = `Application "api" (${id("api")}) no longer exists in Dokploy`;
    assert.ok(output.includes(gone), output);
    assert.match(output, new RegExp(`still run, .*: ${appName}\\.1, ${appName}\\.2\\. Stop them`));
    for (const name of names) assert.equal(story.resource(name).outputs?.["isLost"], true, name);

    const steps = await plan();
    assert.deepEqual(
      Object.entries(steps)
        .map(([name, { op }]) => `${name}: ${op}`)
        .sort(),
      ["shop-dev: same", ...names.map((name) => `${name}: replace`)].sort(),
    );
    const { output: planned } = await story.up(program);
    assert.ok(planned.includes(`${gone}: somebody deleted it there`) && planned.includes("creates it again"));
    for (const name of names) assert.notEqual(id(name), before.get(name), name);
    assert.deepEqual(story.emulator.containerEnv(id("api")), { A: "a", B: "b", C: "c" });
    assert.deepEqual(
      Object.values(await plan()).map(({ op }) => op),
      ["same"],
    );
  });

  it("is not needed to destroy objects that were deleted by hand", async () => {
    await story.byHand("compose.delete", { composeId: id("compose"), deleteVolumes: false });
    await story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(story.workspace.state().resources ?? [], []);
  });
});
