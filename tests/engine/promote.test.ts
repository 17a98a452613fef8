import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { RegistryServer } from "../unit/cli/rollout/promote/registry-server";
import { nameOf, Story } from "./story";

describe("pulumi-dokploy promote", function () {
  this.timeout(180_000);
  let story: Story;
  let registry: RegistryServer;

  before(async () => {
    registry = await RegistryServer.start();
    story = await Story.begin({ stack: "test" });
    await story.succeeds("stack", "init", "prod");
  });
  after(async () => {
    await story?.end();
    await registry?.close();
  });

  const file = (name: string) => path.join(story.workspace.dir, name);
  const write = (name: string, text: string) => story.write(name, text);
  const read = (name: string) => fs.readFileSync(file(name), "utf8");
  const setTag = (stack: string, service: string, tag: string) =>
    story.succeeds("config", "set", "--path", `dokploy:imageTags.${service}`, tag, "--stack", stack);
  const up = (stack: string) => story.succeeds("up", "--skip-preview", "--stack", stack);

  async function promote(args: string): Promise<{ code: number | null; output: string }> {
    const env = { HOME: story.workspace.dir };
    const { code, output } = await story.command(["promote", ...args.split(" ")], env);
    assert.equal(output.includes(story.emulator.apiKey), false);
    return { code, output };
  }

  /** The images that the plan of a stack changes, by resource. */
  async function planned(stack: string): Promise<Record<string, unknown>> {
    const { stdout } = await story.succeeds("preview", "--json", "--stack", stack);
    const { steps } = JSON.parse(stdout) as {
      steps: { op: string; urn: string; newState?: { inputs?: { source?: { image?: string } } } }[];
    };
    const changed = steps.filter(({ op }) => op !== "same");
    return Object.fromEntries(
      changed.map(({ urn, newState }) => [nameOf(urn), newState?.inputs?.source?.image]),
    );
  }

  /** Puts the image that the application of a stack runs into the registry. */
  async function push(stack: string, name: string, tag: string): Promise<string> {
    const { resources = [] } = story.workspace.state(stack);
    const id = resources.find(({ urn }) => nameOf(urn) === name)?.id ?? "";
    const { appName } = await story.application(id);
    for (;;) {
      const rows = await story.byHand<{ containerId: string; state: string }[]>(
        "docker.getContainersByAppNameMatch",
        { appName },
      );
      const configs = await Promise.all(
        rows.map(({ containerId }) =>
          story.byHand<{ Image: string; Config: { Image: string } }>("docker.getConfig", { containerId }),
        ),
      );
      const found = configs.find(({ Config }) => Config.Image.endsWith(`:${tag}`));
      if (found) return registry.put(`acme/${name}`, tag, found.Image);
    }
  }

  it("writes what runs in test into the configuration of prod, whose plan then changes exactly that", async () => {
    story.program('new dokploy.DeploymentRepository("shop");');
    for (const name of ["api", "web"]) {
      write(
        `services/${name}/dokploy-app.yaml`,
        `kind: application\nimage: ${registry.host}/acme/${name}:\${IMAGE_TAG}\n`,
      );
      for (const stage of ["test", "prod"]) write(`envs/${stage}/${name}.yaml`, "");
      for (const stage of ["test", "prod"]) await setTag(stage, name, "1.4.2");
    }
    for (const stage of ["test", "prod"]) await up(stage);
    await setTag("test", "api", "1.5.0");
    await up("test");
    const digest = await push("test", "api", "1.5.0");
    write("Pulumi.prod.yaml", `# Versions of prod\n${read("Pulumi.prod.yaml")}`);
    const before = read("Pulumi.prod.yaml");
    assert.deepEqual(await planned("prod"), {});

    const { code, output } = await promote("test prod api");
    assert.equal(
      output,
      [
        "Images of prod, from what runs in test",
        `  api  1.4.2 → 1.5.0 (${digest.slice(0, 19)}…) in Pulumi.prod.yaml`,
        "",
        "Wrote Pulumi.prod.yaml. Nothing is deployed before `pulumi up`.",
        "",
      ].join("\n"),
    );
    assert.equal(code, 0);
    assert.equal(read("Pulumi.prod.yaml"), before.replace("api: 1.4.2", `api: "1.5.0@${digest}"`));
    assert.deepEqual(await planned("prod"), { api: `${registry.host}/acme/api:1.5.0@${digest}` });
    await up("prod");
    assert.deepEqual(await planned("prod"), {});
    const again = await promote("test prod api");
    assert.match(again.output, /api {2}1\.5\.0 \(sha256:.*\), as now\n\nNothing to do\.\n$/);
    assert.equal(again.code, 0);
  });

  it("refuses a version whose deployment failed, and writes nothing", async () => {
    await setTag("test", "web", "missing");
    await story.fails("up", "--skip-preview", "--stack", "test");
    const before = read("Pulumi.prod.yaml");
    const { code, output } = await promote("test prod");
    assert.match(output, /^ {2}web {2}refused: its last deployment failed \(Pulumi shop\/test/m);
    assert.match(output, /\n\nNothing was written\.\n$/);
    assert.equal(code, 1);
    assert.equal(read("Pulumi.prod.yaml"), before);
  });

  it("gives a plain program its tags through dokploy.imageTag", async () => {
    fs.rmSync(file("services"), { recursive: true });
    story.program(`
      const project = new dokploy.Project("plain", { name: "plain-" + pulumi.getStack() });
      new dokploy.Application("site", {
        environmentId: project.defaultEnvironmentId,
        name: "site",
        source: { type: "docker", image: "${registry.host}/acme/site:" + dokploy.imageTag("site") },
        env: {},
      });
    `);
    for (const stage of ["test", "prod"]) {
      await story.succeeds("config", "rm", "dokploy:imageTags", "--stack", stage);
      await setTag(stage, "site", stage === "test" ? "v2" : "v1");
      await up(stage);
    }
    const { code, output } = await promote("test prod");
    assert.match(output, /site {2}v1 → v2 in Pulumi\.prod\.yaml, without a digest: .* \(status 404\)/);
    assert.equal(code, 0);
    assert.deepEqual(await planned("prod"), { site: `${registry.host}/acme/site:v2` });
  });
});
