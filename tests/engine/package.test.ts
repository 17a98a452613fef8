import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { linkDependencies, repository } from "./installed";
import { Story } from "./story";

const { limitKb } = require("../../scripts/bench/package.cjs") as { readonly limitKb: number };
const execute = promisify(execFile);

const program = `
  const project = new dokploy.Project("project", { name: "shop" });
  new dokploy.Application("api", {
    environmentId: project.defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    env: { LEVEL: "info" },
  });
`;

describe("the package as npm installs it", function () {
  this.timeout(180_000);
  let folder: string;
  let story: Story;
  let files: { path: string; size: number }[];
  let size: number;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-package-"));
    story = await Story.begin({ plugin: false });
    const { stdout } = await npm(
      repository,
      "pack",
      "--json",
      "--ignore-scripts",
      "--pack-destination",
      folder,
    );
    const [packed] = JSON.parse(stdout) as { filename: string; size: number; files: typeof files }[];
    assert.ok(packed);
    ({ files, size } = packed);
    await install(path.join(folder, packed.filename));
  });
  after(async () => {
    await story?.end();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Replaces the link to this checkout by what npm makes of the packed file. */
  async function install(tarball: string): Promise<void> {
    const project = path.join(folder, "project");
    fs.mkdirSync(project);
    fs.writeFileSync(
      path.join(project, "package.json"),
      JSON.stringify({ name: "shop", private: true, dependencies: { "pulumi-dokploy": `file:${tarball}` } }),
    );
    // Pulumi's SDK is a peer, which the project has already.
    const options = ["--prefer-offline", "--omit=peer", "--no-audit", "--no-fund", "--ignore-scripts"];
    try {
      await npm(project, "install", ...options);
    } catch (error) {
      if (!/ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT/.test(String(error)))
        throw error;
      // Without a registry, and with a cache that lacks something: as npm would have it, from this checkout's packages.
      const unpacked = path.join(project, "node_modules", "pulumi-dokploy");
      fs.mkdirSync(unpacked, { recursive: true });
      await execute("tar", ["-xzf", tarball, "-C", unpacked, "--strip-components=1"]);
      linkDependencies(path.join(project, "node_modules"));
    }
    const modules = path.join(story.workspace.dir, "node_modules");
    fs.rmSync(path.join(modules, "pulumi-dokploy"), { recursive: true, force: true });
    for (const name of fs.readdirSync(path.join(project, "node_modules"))) {
      // The project has its own SDK and types.
      if (fs.existsSync(path.join(modules, name))) continue;
      const options = { recursive: true, verbatimSymlinks: true };
      fs.cpSync(path.join(project, "node_modules", name), path.join(modules, name), options);
    }
  }

  it("contains code and types, no sources and no tests, and is small", () => {
    const names = files.map((file) => file.path);
    for (const needed of [
      "package.json",
      "dist/sdk/index.js",
      "dist/sdk/index.d.ts",
      "dist/provider/runtime.js",
      "dist/emulator/index.js",
      "dist/plugin/generated/schema.json",
      "examples/deployment-repository/.github/workflows/preview.yml",
      "examples/deployment-repository/.gitlab-ci.yml",
      "plugin/pulumi-resource-dokploy-native",
      "plugin/pulumi-resource-dokploy-native.cmd",
    ]) {
      assert.ok(names.includes(needed), `${needed} is missing`);
    }
    const unwanted = names.filter(
      (name) =>
        (/\.[cm]?tsx?$/.test(name) && !name.endsWith(".d.ts")) ||
        name.endsWith(".map") ||
        /\.test\./.test(name) ||
        /(?:^|\/)tests\//.test(name) ||
        // Pages are read on GitHub, and docstrings are in the declarations. `init` writes the workflows of the example.
        /^(?:node_modules|scripts|examples\/(?!deployment-repository\/\.git)|docs|\.)/.test(name),
    );
    assert.deepEqual(unwanted, []);
    assert.ok(size <= limitKb * 1000, `${size} bytes`);
  });

  it("plans, creates and destroys for a program in JavaScript", async () => {
    story.program(program);
    await story.succeeds("preview");
    await story.succeeds("up", "--skip-preview");
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), { LEVEL: "info" });
    await story.succeeds("destroy", "--skip-preview");
  });

  it("contains the plugin, which Pulumi starts", async () => {
    story.program(program);
    await story.succeeds("config", "set", "dokploy:plugin", "true");
    await story.succeeds("up", "--skip-preview");
    assert.equal(story.resource("api").type, "dokploy-native:index:Application");
    await story.succeeds("destroy", "--skip-preview");
    await story.succeeds("config", "rm", "dokploy:plugin");
  });

  it("plans, creates and destroys for a program in TypeScript that uses all of it", async () => {
    story.workspace.writeProgram(everything, { language: "ts" });
    await story.succeeds("up", "--skip-preview");
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), {
      LEVEL: "info",
      PROJECT: story.resource("project").id,
    });
    await story.succeeds("preview", "--expect-no-changes");
    await story.succeeds("destroy", "--skip-preview");
  });

  it("has types that pass the strictest checks, for all resources", async () => {
    // Without skipLibCheck every declaration that is reached is checked, ours too.
    assert.equal(await typeErrors(everything, { skipLibCheck: false }), "");
  });

  it("has types that find mistakes", async () => {
    const errors = await typeErrors(
      `
      import * as dokploy from "pulumi-dokploy";
      const environmentId = "e";
      const docker = { type: "docker", image: "i" } as const;
      new dokploy.Application("a", { environmentId, name: "a" });
      new dokploy.Application("b", { environmentId, name: "b", source: docker, colour: "red" });
      new dokploy.Application("c", { environmentId, name: "c", source: docker, replicas: "2" });
      new dokploy.Application("d", { environmentId, name: "d", source: { type: "docker", branch: "main" } });
      new dokploy.EnvironmentBlock("e", { target: { serviceId: "x" }, env: {} });
      new dokploy.Application("f", { environmentId, name: "f", source: docker, env: { PORT: 1 } });
      `,
      { skipLibCheck: true },
    );
    const lines = [...errors.matchAll(/index\.ts\((\d+),/g)].map(([, line]) => Number(line) - 4);
    assert.deepEqual([...new Set(lines)], [1, 2, 3, 4, 5, 6], errors);
  });

  it("contains the emulator, for tests of programs", async () => {
    const script = `
      require("pulumi-dokploy/emulator").startEmulator().then(async (emulator) => {
        console.log(emulator.url);
        await emulator.close();
      });
    `;
    const { stdout } = await execute(process.execPath, ["-e", script], { cwd: story.workspace.dir });
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  async function typeErrors(source: string, options: object): Promise<string> {
    const { dir } = story.workspace;
    story.workspace.writeProgram(source, { language: "ts" });
    fs.writeFileSync(
      path.join(dir, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          module: "nodenext",
          moduleResolution: "nodenext",
          types: ["node"],
          noEmit: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          noImplicitOverride: true,
          noPropertyAccessFromIndexSignature: true,
          noUnusedLocals: false,
          ...options,
        },
        files: ["index.ts"],
      }),
    );
    const compiler = path.join(repository, "node_modules", "typescript", "bin", "tsc");
    try {
      await execute(process.execPath, [compiler, "-p", dir], { cwd: dir });
      return "";
    } catch (error) {
      return String((error as { stdout?: string }).stdout);
    }
  }
});

/** Every resource, with plain values and with outputs where an input may be either. */
const everything = `
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const project = new dokploy.Project("project", { name: "shop", env: { REGION: "eu" } });
const environment = new dokploy.Environment("environment", {
  projectId: project.id,
  name: pulumi.output("staging"),
  env: pulumi.output({ STAGE: "s" }),
});
const image: pulumi.Output<string> = pulumi.interpolate\`acme/api:\${"1"}\`;
const api = new dokploy.Application("api", {
  environmentId: project.defaultEnvironmentId,
  name: "api",
  source: { type: "docker", image },
  env: { LEVEL: "info", PROJECT: project.id },
  replicas: Promise.resolve(1),
  resources: { memoryLimit: "512MiB", cpuLimit: pulumi.output(0.5) },
  swarm: { healthCheck: { Test: ["CMD", "true"], Interval: 10_000_000_000 } },
  deploy: { timeoutSeconds: 60 },
}, { protect: false, dependsOn: [environment] });
const cache = new dokploy.Compose("cache", {
  environmentId: environment.id,
  name: "cache",
  source: { type: "raw", composeFile: "services:\\n  cache:\\n    image: redis:7\\n" },
  env: { PASSWORD: pulumi.secret("p") },
});
const git = new dokploy.Application("git", {
  environmentId: environment.id,
  name: "git",
  source: { type: "git", url: "https://git.example/acme/git.git", branch: "main" },
  build: { type: "dockerfile", dockerfile: "Dockerfile" },
  deploy: false,
});
new dokploy.EnvironmentBlock("block", {
  target: { applicationId: git.id },
  mode: "additive",
  env: { OWN: "1" },
  deploy: false,
});

export const host: pulumi.Output<string> = api.appName;
export const last: pulumi.Output<string | undefined> = cache.lastDeployment.apply((made) => made?.startedAt);
export const kept: pulumi.Output<Record<string, string> | undefined> = api.env;
`;

function npm(cwd: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  // Under `npm test` the npm that runs it, which need not be on PATH.
  const script = process.env["npm_execpath"] ?? "";
  const maxBuffer = 64 * 1024 * 1024;
  if (/npm-cli\.c?js$/.test(script)) return execute(process.execPath, [script, ...args], { cwd, maxBuffer });
  const command = process.platform === "win32" ? "npm.cmd" : "npm";
  return execute(command, args, { cwd, maxBuffer, shell: process.platform === "win32" });
}
