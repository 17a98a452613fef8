/**
 * What every combination of `@pulumi/pulumi` and Node.js has to do, with the package as npm installed it: one story
 * that scripts/compat.cjs plays on each. Not one of the tests that `npm test` runs.
 */
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { count, hasLine, Story } from "../story";

/** What scripts/compat.cjs chose. */
function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this with "npm run test:compat"`);
  return value;
}

const [sdk, project, node, nodeBin] = ["COMPAT_SDK", "COMPAT_PROJECT", "COMPAT_NODE", "COMPAT_NODE_BIN"].map(
  given,
) as [string, string, string, string];

const repository = path.join(__dirname, "..", "..", "..");

const stackTrace = /\n\s+at (?:\S+ \()?\S+\.(?:js|ts):\d+/;

for (const isPlugin of [false, true]) {
  describe(`with @pulumi/pulumi ${sdk} on Node.js ${node}${isPlugin ? ", through the plugin" : ""}`, function () {
    this.timeout(120_000);
    playStory(isPlugin);
  });
}

function playStory(isPlugin: boolean): void {
  let story: Story;
  let worker: string;
  /** A line for each Node.js process that the CLI started. */
  let processes: string;
  const printed: string[] = [];

  before(async () => {
    story = await Story.begin(isPlugin ? { plugin: true } : {});
    const { dir, env } = story.workspace;
    const modules = path.join(dir, "node_modules");
    fs.rmSync(modules, { recursive: true });
    fs.symlinkSync(path.join(project, "node_modules"), modules, "junction");
    env["PATH"] = [nodeBin, env["PATH"]].join(path.delimiter);

    processes = path.join(dir, "..", "processes");
    const recorder = path.join(dir, "..", "recorder.cjs");
    fs.writeFileSync(
      recorder,
      `require("node:fs").appendFileSync(${JSON.stringify(processes)}, process.version + " " + process.argv[1] + "\\n");`,
    );
    env["NODE_OPTIONS"] = `--require ${JSON.stringify(recorder)}`;
    worker = await story.existingApplication("worker", { env: "THEIRS=kept" });
  });
  after(() => story?.end());

  interface Change {
    env?: string;
    image?: string;
    own?: string;
  }
  const program = ({ env = initial, image = "acme/api:1", own = "1" }: Change = {}) => `
    const project = new dokploy.Project("project", { name: "shop", env: { REGION: "eu" } });
    const api = new dokploy.Application("api", {
      environmentId: project.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "${image}" },
      env: ${env},
      replicas: 2,
    });
    const cache = new dokploy.Compose("cache", {
      environmentId: project.defaultEnvironmentId,
      name: "cache",
      source: { type: "raw", composeFile: "services:\\n  cache:\\n    image: redis:7\\n" },
      env: { API: pulumi.interpolate\`http://\${api.appName}:80\`, PASSWORD: pulumi.secret("canary-password") },
    });
    const block = new dokploy.EnvironmentBlock("worker-env", {
      target: { applicationId: "${worker}" },
      mode: "additive",
      env: { OWN: "${own}" },
    });
  `;
  const initial = `{ LEVEL: "info", TOKEN: pulumi.secret("canary-1"), OLD: "gone", SAME: "same" }`;
  const changed = `{ LEVEL: "debug", TOKEN: pulumi.secret("canary-2"), NEW: "new", SAME: "same" }`;
  const changedContainer = { LEVEL: "debug", TOKEN: "canary-2", NEW: "new", SAME: "same" };
  const id = (name: string) => story.resource(name).id;
  const succeeds = async (...args: string[]) => {
    const run = await story.succeeds(...args);
    printed.push(run.output);
    return run;
  };

  it("creates only the resource that --target names, before anything else exists", async () => {
    const more = `
      const orders = new dokploy.Postgres("orders", {
        environmentId: project.defaultEnvironmentId, name: "orders", databaseName: "orders", databaseUser: "orders",
        image: "postgres:18", deploy: false,
      });
      new dokploy.EnvironmentBlock("later", {
        target: { applicationId: "${worker}" }, mode: "additive",
        env: { PASSWORD: orders.password, HOST: pulumi.interpolate\`\${orders.appName}\`, URL: orders.connectionUrl },
      });
      const key = new dokploy.SshKey("key", { name: "deploy" });
      orders.password.apply((password) => password.length);
      exports.publicKey = key.publicKey;
    `;
    story.program(program() + more);
    for (const command of ["preview", "up --skip-preview"])
      await succeeds(...command.split(" "), "--target", "**::key");
    assert.deepEqual(
      (await story.byHand<{ name: string }[]>("project.all", {})).map(({ name }) => name),
      ["project of worker"],
    );
    assert.match(String(story.resource("key").outputs["publicKey"]), /^ssh-ed25519 /);
    await succeeds("destroy", "--skip-preview");
  });

  it("creates and deploys every kind of resource", async () => {
    story.program(program());
    await succeeds("up", "--skip-preview");
    const { emulator } = story;
    assert.deepEqual(emulator.containerEnv(id("api")), {
      LEVEL: "info",
      TOKEN: "canary-1",
      OLD: "gone",
      SAME: "same",
    });
    assert.deepEqual(emulator.containerEnv(worker), { THEIRS: "kept", OWN: "1" });
    const { env, composeStatus } = await story.byHand("compose.one", { composeId: id("cache") });
    const { appName } = await story.application(id("api"));
    assert.equal(composeStatus, "done");
    assert.match(String(env), new RegExp(`^API=.*http://${appName}:80`, "m"));
    assert.match(String(env), /^PASSWORD=.*canary-password/m);
  });

  it("runs the program and the provider on this Node.js, with this SDK", () => {
    const lines = fs.readFileSync(processes, "utf8").trim().split("\n");
    assert.deepEqual([...new Set(lines.map((line) => line.split(" ")[0]))], [`v${node}`]);
    const cmd = path.join("node_modules", "@pulumi", "pulumi", "cmd");
    const provider = isPlugin
      ? path.join("pulumi-dokploy", "plugin", "pulumi-resource-dokploy-native")
      : path.join(cmd, "dynamic-provider");
    for (const name of [path.join(cmd, "run"), provider]) {
      const started = lines.some((line) => line.includes(name));
      assert.ok(started, `${name} is not among:\n${lines.join("\n")}`);
    }
    const installed = path.join(project, "node_modules", "@pulumi", "pulumi", "package.json");
    assert.equal(JSON.parse(fs.readFileSync(installed, "utf8")).version, sdk);
  });

  it("has the undocumented behaviour that the package relies on", () => {
    const touches = [
      "sdk/run/pulumi.ts",
      "provider/pulumi/internals.ts",
      "tests/unit/sdk/run/pulumi.test.ts",
      "tests/unit/pulumi/internals.test.ts",
    ];
    // Beside the SDK of this combination, which they import from there.
    for (const file of touches) fs.cpSync(path.join(repository, file), path.join(project, "touches", file));
    const mocha = path.join(repository, "node_modules", "mocha", "bin", "mocha.js");
    const tests = touches.filter((file) => file.endsWith(".test.ts"));
    const { stdout, stderr, status } = spawnSync(
      path.join(nodeBin, "node"),
      [mocha, ...tests.map((file) => path.join(project, "touches", file))],
      { cwd: repository, encoding: "utf8" },
    );
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /\b[1-9]\d* passing/);
    assert.doesNotMatch(stdout, /pending/);
  });

  it("plans nothing without changes, without a call", async () => {
    const { stdout, calls } = await succeeds("preview", "--expect-no-changes");
    assert.match(stdout, /5 unchanged/);
    assert.deepEqual(calls, []);
  });

  it("plans the same for a program in TypeScript, which it type-checks", async () => {
    const imports = `import * as pulumi from "@pulumi/pulumi";\nimport * as dokploy from "pulumi-dokploy";\n`;
    story.workspace.writeProgram(imports + program(), { language: "ts" });
    const { calls } = await succeeds("preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
    const mistake = program().replace("replicas: 2", `replicas: "2"`);
    story.workspace.writeProgram(imports + mistake, { language: "ts" });
    const { output } = await story.fails("preview");
    assert.match(output, /TS2322/);
  });

  it("plans a line for each variable, without values that are secret", async () => {
    story.program(program({ env: changed, own: "2" }));
    const { stdout } = await succeeds("preview", "--diff");
    assert.ok(hasLine(stdout, "~ LEVEL", ": ", `"info" => "debug"`), stdout);
    assert.ok(hasLine(stdout, "+ NEW", ": ", `"new"`), stdout);
    assert.ok(hasLine(stdout, "- OLD", ": ", `"gone"`), stdout);
    assert.ok(hasLine(stdout, "~ TOKEN", ": ", "[secret] => [secret]"), stdout);
    assert.ok(hasLine(stdout, "~ OWN", ": ", `"1" => "2"`), stdout);
    assert.equal(hasLine(stdout, "SAME"), false, stdout);
    assert.match(stdout, /~ 2 to update\n +3 unchanged/);
  });

  it("names each variable as env.KEY in the plan as JSON", async () => {
    const { "shop-dev": _, ...steps } = await story.plan(program({ env: changed, own: "2" }));
    assert.deepEqual(steps, {
      api: { op: "update", changed: ["env.LEVEL", "env.NEW", "env.OLD", "env.TOKEN"] },
      "worker-env": { op: "update", changed: ["env.OWN"] },
    });
  });

  it("plans to replace what cannot be changed in place", async () => {
    story.emulator.connect("server", "another-server0000000");
    const moved = program().replace("replicas: 2", `replicas: 2, serverId: "another-server0000000"`);
    assert.equal((await story.plan(moved))["api"]?.op, "replace");
  });

  it("applies a change with one deployment of the changed service", async () => {
    story.program(program({ env: changed, own: "2" }));
    const { calls } = await succeeds("up", "--skip-preview");
    assert.equal(count(calls, "application.deploy"), 2);
    assert.equal(count(calls, "compose.deploy"), 0);
    assert.deepEqual(story.emulator.containerEnv(id("api")), changedContainer);
    assert.deepEqual(story.emulator.containerEnv(worker), { THEIRS: "kept", OWN: "2" });
  });

  it("finds each variable that was changed by hand in a refresh, and restores it", async () => {
    const same = program({ env: changed, own: "2" });
    await succeeds("refresh", "--skip-preview", "--expect-no-changes");
    await story.byHand("application.update", {
      applicationId: id("api"),
      env: "LEVEL=canary-by-hand\nTOKEN=canary-2\nSAME=same\nMORE=more",
    });
    const { stdout } = await succeeds("refresh", "--skip-preview", "--diff");
    assert.ok(hasLine(stdout, "~ LEVEL", ": ", "[secret]"), stdout);
    assert.ok(hasLine(stdout, "+ MORE", ": ", "[secret]"), stdout);
    assert.ok(hasLine(stdout, "- NEW", ": ", `"new"`), stdout);
    assert.equal(hasLine(stdout, " SAME ", ": "), false, stdout);

    const { "shop-dev": _, ...steps } = await story.plan(same);
    assert.deepEqual(steps, { api: { op: "update", changed: ["env.LEVEL", "env.MORE", "env.NEW"] } });
    await succeeds("up", "--skip-preview");
    assert.deepEqual(story.emulator.containerEnv(id("api")), changedContainer);
    await succeeds("refresh", "--skip-preview", "--expect-no-changes");
  });

  it("ends with the reason when a deployment fails, and recovers", async () => {
    const before = id("api");
    story.program(program({ env: changed, own: "2", image: "acme/api:missing" }));
    const { output } = await story.fails("up", "--skip-preview");
    printed.push(output);
    assert.match(output, /Deployment of application "api" failed after \d+ s/);
    assert.match(output, /the image acme\/api:missing does not exist in its registry/);
    assert.match(output, /Check the name and tag of the image/);
    assert.match(output, /End of the log \(\d+ lines?\):/);
    assert.doesNotMatch(output, stackTrace);
    const { outputs } = story.resource("api");
    assert.equal((outputs["lastDeployment"] as Record<string, unknown>)["status"], "error");

    story.program(program({ env: changed, own: "2" }));
    const { calls } = await succeeds("up", "--skip-preview");
    assert.equal(count(calls, "application.deploy"), 1);
    assert.equal(id("api"), before);
    assert.deepEqual(story.emulator.containerEnv(before), changedContainer);
    await succeeds("preview", "--expect-no-changes");
  });

  it("refuses a wrong input at preview, without a stack trace", async () => {
    story.program(program({ env: `{ "NOT A NAME": "x" }` }));
    const { output, calls } = await story.fails("preview");
    assert.match(output, /NOT A NAME/);
    assert.doesNotMatch(output, stackTrace);
    // A plan of changed variables asks whether the server can be reached, and what others have set there.
    const reads = ["settings.getDokployVersion", "application.one"];
    assert.deepEqual(
      calls.filter((endpoint) => !reads.includes(endpoint)),
      [],
    );
  });

  it("destroys everything that it created, and nothing else", async () => {
    story.program(program({ env: changed, own: "2" }));
    await succeeds("destroy", "--skip-preview");
    assert.deepEqual(story.workspace.state().resources ?? [], []);
    const left = await story.byHand<{ name: string }[]>("project.all", {});
    assert.deepEqual(
      left.map(({ name }) => name),
      ["project of worker"],
    );
    assert.equal((await story.application(worker)).env, "THEIRS=kept");
  });

  it("has shown and kept no secret value", () => {
    for (const text of [...printed, story.workspace.stateText()]) assert.doesNotMatch(text, /canary-/);
  });

  it("has caused no warning of Node.js or the SDK", () => {
    for (const text of printed) assert.doesNotMatch(text, /\(node:\d+\)|deprecat|unsupported|not supported/i);
  });
}
