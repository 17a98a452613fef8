import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("pulumi-dokploy env set", function () {
  this.timeout(120_000);
  let story: Story;
  const token = `line one ${randomBytes(12).toString("hex")}\nline two\n`;
  let printed = "";

  before(async () => {
    story = await Story.begin({ stack: "test" });
    write("envs/test/api.yaml", "# Variables of the API\nLOG_LEVEL: info # of test\nPORT: 8080\n");
    write("envs/test/.gitkeep", "");
    story.program(`
      const { api } = dokploy.loadEnvs("envs/test");
      const project = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Application("api", {
        environmentId: project.defaultEnvironmentId,
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        env: api,
      });
    `);
  });
  after(() => story?.end());

  const write = (name: string, text: string) => story.write(name, text);
  const read = (name: string) => fs.readFileSync(path.join(story.workspace.dir, name), "utf8");

  async function set(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [command, "env", "set", ...args], {
      cwd: story.workspace.dir,
      env: { ...story.workspace.env, ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    printed += output;
    return { code, output };
  }

  it("sets a value in the file and a secret in the stack, and `pulumi up` applies both", async () => {
    assert.deepEqual(await set(["LOG_LEVEL=debug", "MOTTO=a: b # c", "--stage", "test"]), {
      code: 0,
      output: "envs/test/api.yaml: LOG_LEVEL changed\nenvs/test/api.yaml: MOTTO added\n",
    });
    assert.deepEqual(await set(["API_TOKEN", "--secret", "--stage", "test"], `${token}\n`), {
      code: 0,
      output: "stack test: secret API_TOKEN added\nenvs/test/api.yaml: API_TOKEN added\n",
    });
    assert.equal(
      read("envs/test/api.yaml"),
      "# Variables of the API\nLOG_LEVEL: debug # of test\nPORT: 8080\nMOTTO: 'a: b # c'\nAPI_TOKEN: !secret API_TOKEN\n",
    );
    await story.succeeds("up", "--skip-preview");
    const { env } = await story.application(story.resource("api").id);
    assert.match(env ?? "", /^LOG_LEVEL=debug\nMOTTO='a: b # c'\nPORT=8080$/m);
    assert.ok(env?.includes(token));
  });

  it("changes nothing when the stack cannot be written", async () => {
    const before = read("envs/test/api.yaml");
    const noStack = await set(["DB_PASSWORD", "--secret", "--stage", "test", "--stack", "none"], token);
    assert.equal(noStack.code, 1);
    assert.match(
      noStack.output,
      /^pulumi-dokploy: pulumi config set failed: .*no stack named 'none' found\.\n$/,
    );
    const noCli = await set(["DB_PASSWORD", "--secret", "--stage", "test"], token, {
      PATH: story.workspace.dir,
    });
    assert.equal(noCli.output, "pulumi-dokploy: pulumi is not on the PATH.\n");
    assert.equal(noCli.code, 1);
    const looks = await set(["DB_PASSWORD=x", "--stage", "test"]);
    assert.match(looks.output, /^pulumi-dokploy: The value of DB_PASSWORD looks like a secret/);
    assert.equal(looks.code, 1);
    assert.equal((await set(["X=1"])).code, 2);
    assert.equal(read("envs/test/api.yaml"), before);
  });

  it("has shown no secret, and left none in a file", () => {
    const secret = token.slice(0, 30);
    assert.equal(printed.includes(secret), false);
    const files = fs.readdirSync(story.workspace.dir, { recursive: true, encoding: "utf8" });
    const texts = files.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith("node_modules"));
    assert.ok(texts.includes("Pulumi.test.yaml"));
    for (const name of texts) assert.equal(read(name).includes(secret), false, name);
  });
});
