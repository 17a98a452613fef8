import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { createWorkspace, type Workspace } from "./cli";

const repository = path.join(__dirname, "..", "..");

/** The files of the guide: blocks of code after the line that names each. */
function filesOf(guide: string): Map<string, string> {
  const [text = ""] = fs
    .readFileSync(path.join(repository, "docs", "everyday", guide), "utf8")
    .split("## Unit tests with mocks");
  return new Map(
    [...text.matchAll(/^`([\w./-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(([, name = "", code = ""]) => [
      name,
      code,
    ]),
  );
}

describe("the guide to tests of programs", function () {
  this.timeout(240_000);
  let workspace: Workspace;
  before(async () => {
    workspace = await createWorkspace();
    fs.rmSync(path.join(workspace.dir, "index.js"), { force: true });
    fs.cpSync(path.join(repository, "examples", "quickstart"), workspace.dir, { recursive: true });
  });
  after(() => workspace?.close());

  it("has a test that passes unchanged, for the quickstart copied out of the repository", async () => {
    const files = filesOf("testing.md");
    assert.deepEqual([...files.keys()], [".mocharc.json", "test/program.test.ts"]);
    for (const [name, code] of files) {
      const file = path.join(workspace.dir, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, code);
    }
    const { DOKPLOY_URL: _u, DOKPLOY_API_KEY: _k, PULUMI_STACK: _s, ...env } = workspace.env;
    // Other tests set it for themselves; the guide's test is compiled with its types.
    delete env["TS_NODE_TRANSPILE_ONLY"];
    const output = await new Promise<string>((resolve, reject) => {
      const mocha = path.join(repository, "node_modules", "mocha", "bin", "mocha.js");
      execFile(process.execPath, [mocha], { cwd: workspace.dir, env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stdout + stderr));
        else resolve(stdout);
      });
    });
    assert.match(output, /4 passing/);
    assert.equal(fs.existsSync(path.join(workspace.dir, "Pulumi.emulated.yaml")), false);
  });
});
