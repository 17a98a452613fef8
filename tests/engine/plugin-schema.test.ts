import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { createWorkspace, type Workspace } from "./cli";

const file = path.join(__dirname, "..", "..", "plugin", "generated", "schema.json");

describe("the package schema of the plugin", function () {
  this.timeout(120_000);
  let workspace: Workspace;
  before(async () => {
    workspace = await createWorkspace();
  });
  after(() => workspace?.close());

  it("is one that Pulumi accepts without a complaint", async () => {
    const { code, stdout, stderr } = await workspace.pulumi("schema", "check", file);
    assert.deepEqual({ code, said: stdout + stderr }, { code: 0, said: "" });
  });

  it("would not be accepted with a reference to a type that is missing", async () => {
    const wrong = path.join(workspace.dir, "schema.json");
    fs.writeFileSync(wrong, fs.readFileSync(file, "utf8").replace('index:Swarm"', 'index:Swarn"'));
    const { code, stdout, stderr } = await workspace.pulumi("schema", "check", wrong);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /Swar[mn]/);
  });
});
