import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { npm } from "../../cli/stack";
import { execute } from "./export-story";

const repository = path.join(__dirname, "..", "..");
const page = fs.readFileSync(path.join(repository, "docs", "everyday", "testing.md"), "utf8");
const guide = page.slice(page.indexOf("## Unit tests with mocks"), page.indexOf("## Simulate failures"));
const files = [...guide.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)];
const runners = [...guide.matchAll(/^\| (\w+) \| `([^`]+)` \| `([\w.]+)`: `([^`]+)` \| `npx ([^`]+)` \|$/gm)];

describe("the guide to unit tests with mocks", function () {
  this.timeout(600_000);
  let folder: string;
  let server: Server;
  let requests = 0;

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "unit-tests-")));
    fs.cpSync(path.join(repository, "examples", "quickstart"), folder, { recursive: true });
    for (const [, name = "", code = ""] of files) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), code);
    }
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true }));
    const packages = runners.flatMap(([, , names = ""]) => names.split(" "));
    const others = ["typescript@5", "@types/node@20"];
    const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    await execute(npm, ["install", ...options, ...packages, ...others], { cwd: folder });
    // As an installed package has them.
    const modules = path.join(folder, "node_modules");
    fs.symlinkSync(
      path.join(repository, "node_modules", "@pulumi"),
      path.join(modules, "@pulumi"),
      "junction",
    );
    fs.symlinkSync(repository, path.join(modules, "pulumi-dokploy"), "junction");
    server = createServer((_, response) => {
      requests += 1;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    server?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("names three runners, and the files that all of them run", () => {
    assert.deepEqual(
      runners.map(([, name]) => name),
      ["mocha", "jest", "vitest"],
    );
    assert.deepEqual(
      files.map(([, name]) => name),
      ["test/mocks.ts", "test/unit.test.ts"],
    );
  });

  for (const [, runner = "", , configuration = "", text = "", command = ""] of runners) {
    it(`works with ${runner} as it is written, and calls no server that the shell names`, async () => {
      fs.writeFileSync(path.join(folder, configuration), text);
      const { port } = server.address() as AddressInfo;
      const settings = {
        DOKPLOY_URL: `http://127.0.0.1:${port}`,
        DOKPLOY_API_KEY: "key",
        DOKPLOY_ALLOW_HTTP: "true",
      };
      const env = {
        ...process.env,
        ...settings,
        NODE_OPTIONS: "",
        TS_NODE_TRANSPILE_ONLY: "",
      };
      const run = execute("npx", ["--no", "--", ...command.split(" ")], { cwd: folder, env });
      const { stdout, stderr } = await run;
      assert.match(stripVTControlCharacters(stdout + stderr), /\b1 pass(?:ing|ed)\b/);
      assert.equal(requests, 0);
    });
  }
});
