import * as assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const folder = path.join(__dirname, "..", "..", "policies");
const pack = path.join(folder, "pack.js");

const program = `
  const project = new dokploy.Project("project", { name: "shop" });
  const environmentId = project.defaultEnvironmentId;
  const api = new dokploy.Application("api", {
    environmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1.4.2" },
    resources: { memoryLimit: "512MiB" },
    env: { DB_PASSWORD: "canary-plain", API_TOKEN: pulumi.secret("canary-token"), LOG_LEVEL: "info", ...dokploy.loadEnv("api.yaml") },
    command: pulumi.interpolate\`serve --password \${pulumi.secret("canary-hunter2")}\`,
  });
  new dokploy.Domain("api", { applicationId: api.id, host: "api.acme.dev", port: 3000, https: true, certificateType: "letsencrypt" });
  const database = { environmentId, user: "shop", database: "shop", image: "postgres:18", resources: { memoryLimit: "1GiB" } };
  new dokploy.Postgres("orders", { ...database, name: "orders" });
  new dokploy.Postgres("cache", { ...database, name: "cache" }, { protect: true });
`;

describe("the policies, through the CLI", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin({ stack: "prod" });
    story.program(program);
    story.write("api.yaml", "SMTP_PASSWORD: canary-file\nPUBLIC_KEY_PASSWORD: !plain canary-no-secret\n");
    const exceptions = { "Postgres cache": "filled again from the shop" };
    story.write(
      "policies.json",
      JSON.stringify({ "no-backup": { exceptions }, "no-health-check": "mandatory" }),
    );
  });
  after(() => story?.end());

  it("end a preview with what only the whole program shows, and show exceptions with their reasons", async () => {
    const config = ["--policy-pack", pack, "--policy-pack-config", "policies.json"];
    const { output, calls } = await story.fails("preview", ...config);
    assert.match(
      output,
      /\[mandatory\] {2}no-health-check .*Application: api\)\s+.*\s+Application "api" has a domain and no/,
    );
    assert.match(output, /\[mandatory\] {2}unprotected-database .*Postgres: orders\)/);
    assert.match(output, /\[advisory\] {2}no-backup .*Postgres: orders\)/);
    assert.match(
      output,
      /\[advisory\] {2}exceptions .*\s+.*\s+no-backup does not apply to Postgres cache: filled again from the shop/,
    );
    assert.match(
      output,
      /\[mandatory\] {2}plain-secret .*\s+.*\s+In plain text.*: Application "api" env\.DB_PASSWORD\. /,
    );
    assert.equal(output.match(/\[(?:mandatory|advisory)\]/g)?.length, 6, output);
    assert.doesNotMatch(output, /canary/);
    assert.ok(!calls.some((call) => call.endsWith("create")));
  });

  it("find the same in an exported state, without a login", async () => {
    await story.succeeds("up", "--skip-preview");
    story.write("state.json", (await story.succeeds("stack", "export")).stdout);
    const home = path.join(story.workspace.dir, "another-home");
    fs.mkdirSync(home);
    const env = {
      ...story.workspace.env,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: "",
      PULUMI_CONFIG_PASSPHRASE: "",
    };
    const found = await analyzed(env);
    assert.match(found, /no-health-check .*Application: api\)/);
    assert.match(found, /unprotected-database .*Postgres: orders\)/);
    assert.match(found, /no-backup .*Postgres: cache\)/);
    assert.match(found, /plain-secret .*Application: api\)/);
    assert.doesNotMatch(found, /canary|API_TOKEN/);
  });

  it("start as a folder too, as Pulumi starts a pack of Node.js", () => {
    const starter = path.join(
      __dirname,
      "..",
      "..",
      "node_modules",
      "@pulumi",
      "pulumi",
      "cmd",
      "run-policy-pack",
    );
    // It serves until it is ended: the port is all that it prints.
    const script = `const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, [${JSON.stringify(starter)}, "127.0.0.1:1", ${JSON.stringify(folder)}]);
      child.stdout.once("data", (text) => { console.log(String(text)); child.kill(); });
      child.stderr.pipe(process.stderr);`;
    const printed = execFileSync(process.execPath, ["-e", script], {
      cwd: story.workspace.dir,
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.match(printed, /^\d+\s*$/);
  });

  it("say in one sentence which package they need", () => {
    const installed = path.join(story.workspace.dir, "installed");
    fs.cpSync(folder, path.join(installed, "policies"), { recursive: true });
    fs.symlinkSync(path.join(folder, "..", "dist"), path.join(installed, "dist"), "junction");
    const args = ["--preserve-symlinks", path.join(installed, "policies", "pack.js")];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^The policies .* need a package: npm install --save-dev @pulumi\/policy\n$/);
  });

  async function analyzed(env: NodeJS.ProcessEnv): Promise<string> {
    const { code, output } = await pulumiIn(
      env,
      "policy",
      "analyze",
      "--policy-pack",
      pack,
      "--file",
      "state.json",
    );
    assert.notEqual(code, 0, output);
    return output;
  }

  async function pulumiIn(env: NodeJS.ProcessEnv, ...args: string[]) {
    const own = story.workspace.env;
    const before = Object.fromEntries(Object.keys(env).map((name) => [name, own[name]]));
    Object.assign(own, env);
    try {
      return await story.run(...args);
    } finally {
      Object.assign(own, before);
    }
  }
});
