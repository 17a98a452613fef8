import * as assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { forPlatforms, makeArchive } from "../../../scripts/plugin-archive.cjs";
import { Story } from "../story";

const repository = path.join(__dirname, "..", "..", "..");
const { version } = require("../../../package.json") as { version: string };

/** A program of which only Pulumi itself can find the plugin. */
const program = `
  const pulumi = require("@pulumi/pulumi");
  class Project extends pulumi.CustomResource {
    constructor(name, inputs) {
      super("dokploy-native:index:Project", name, inputs);
    }
  }
  new Project("shop", { name: "shop" });
`;
/** What takes other paths through the plugin: a component, and a function. */
const everything = `
  const pulumi = require("@pulumi/pulumi");
  class Repository extends pulumi.ComponentResource {
    constructor(name, inputs) {
      super("dokploy-native:index:DeploymentRepository", name, inputs, {}, true);
    }
  }
  new Repository("shop", { stage: "test" });
  exports.version = pulumi.runtime.invokeOutput("dokploy-native:index:getVersion", {}).apply(({ result }) => result);
`;
const pulumiYaml = "name: shop\nruntime: nodejs\n";

describe("Pulumi finds the plugin", function () {
  this.timeout(120_000);
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin();
    fs.rmSync(path.join(story.workspace.dir, "node_modules", "pulumi-dokploy"));
  });
  afterEach(() => story?.end());

  async function creates(settings = ""): Promise<void> {
    story.workspace.writeProgram(program, { pulumiYaml: pulumiYaml + settings });
    await story.succeeds("up", "--skip-preview");
    const projects = await story.byHand<{ name: string }[]>("project.all", {});
    assert.deepEqual(
      projects.map(({ name }) => name),
      ["shop"],
    );
    await story.succeeds("destroy");
  }

  it("nowhere before it is installed", async () => {
    story.workspace.writeProgram(program, { pulumiYaml });
    assert.match((await story.fails("up", "--skip-preview")).output, /dokploy-native/);
  });

  it("in the npm package, with a path in Pulumi.yaml", async () => {
    const modules = path.join(story.workspace.dir, "node_modules");
    fs.symlinkSync(repository, path.join(modules, "pulumi-dokploy"), "junction");
    const provider = "    - name: dokploy-native\n      path: ./node_modules/pulumi-dokploy/plugin\n";
    await creates(`plugins:\n  providers:\n${provider}`);
  });

  it("on PATH", async () => {
    const { env } = story.workspace;
    env["PATH"] = [path.join(repository, "plugin"), env["PATH"]].join(path.delimiter);
    await creates();
  });

  describe("in an archive", () => {
    let folder: string;
    let archive: string;
    before(async () => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-archive-"));
      archive = await makeArchive(folder);
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    it("that is installed with its version, and needs no package of npm", async () => {
      const { output } = await story.succeeds(
        ...["plugin", "install", "resource", "dokploy-native", version, "--file", archive],
      );
      assert.doesNotMatch(output, /error/);
      const { dir } = story.workspace;
      fs.mkdirSync(path.join(dir, "services", "api"), { recursive: true });
      const service = "kind: application\nimage: acme/api:1\n";
      fs.writeFileSync(path.join(dir, "services", "api", "dokploy-app.yaml"), service);
      story.workspace.writeProgram(everything, { pulumiYaml });
      const up = await story.succeeds("up", "--skip-preview");
      assert.match(up.output, /version\s*: "\d+\.\d+\.\d+"/);
      assert.equal(story.resource("api").type, "dokploy-native:index:Application");
      const { stdout } = await story.succeeds("plugin", "ls", "--json");
      const plugins = JSON.parse(stdout) as { name: string; version: string }[];
      assert.deepEqual(
        plugins.map((plugin) => [plugin.name, plugin.version]),
        [["dokploy-native", version]],
      );
    });

    it("that Pulumi downloads by the name of its platform, and the same for each", async () => {
      const copies = forPlatforms(archive);
      const systems = ["darwin", "linux", "windows"].flatMap((name) => [`${name}-amd64`, `${name}-arm64`]);
      assert.deepEqual(Object.keys(copies).sort(), systems);
      const bytes = fs.readFileSync(archive);
      for (const copy of Object.values(copies)) assert.ok(bytes.equals(fs.readFileSync(copy)), copy);
      const asked: string[] = [];
      const server = createServer(({ url = "" }, response) => {
        asked.push(url.slice(1));
        response.end(fs.readFileSync(path.join(folder, path.basename(url))));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      try {
        const { port } = server.address() as AddressInfo;
        const from = ["--server", `http://127.0.0.1:${port}`];
        await story.succeeds("plugin", "install", "resource", "dokploy-native", version, ...from);
      } finally {
        server.close();
      }
      assert.deepEqual(
        asked.map((name) => path.join(folder, name)).filter((file) => !Object.values(copies).includes(file)),
        [],
      );
      assert.equal(asked.length, 1);
      story.workspace.writeProgram(program, { pulumiYaml });
      await story.succeeds("preview");
    });

    it("of at most 1 MB, which is the same each time", async () => {
      assert.equal(path.basename(archive), `pulumi-resource-dokploy-native-v${version}.tar.gz`);
      const bytes = fs.readFileSync(archive);
      assert.ok(bytes.length <= 1_000_000, `${bytes.length} bytes`);
      const again = await makeArchive(path.join(folder, "again"));
      assert.ok(bytes.equals(fs.readFileSync(again)));
    });
  });
});
