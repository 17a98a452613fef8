import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Plays what Pulumi's dynamic host does with an error, in a process of its own: the entry changes `console.error`. */
function host(script: string): { stdout: string; stderr: string } {
  const { DOKPLOY_URL: _u, DOKPLOY_API_KEY: _k, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", `require("ts-node/register"); const { provider } = require("./provider/runtime"); ${script}`],
    { cwd: join(__dirname, "../.."), env: { ...env, TS_NODE_TRANSPILE_ONLY: "1" }, encoding: "utf8" },
  );
  return { stdout, stderr };
}

describe("the entry that states refer to", () => {
  it("gives errors their message alone, and leaves out the copy that Pulumi's host prints", () => {
    const { stdout, stderr } = host(`
      provider("Project").read("x", { name: "x" }).catch((e) => {
        console.error(\`\${e}: \${e.stack}\`);
        console.log(e.message);
      });`);
    assert.match(stdout, /DOKPLOY_URL/);
    assert.equal(stderr, "");
  });

  it("prints everything else as ever", () => {
    assert.equal(host(`console.error("a", "b"); console.error("c: d");`).stderr, "a b\nc: d\n");
  });

  it("says that a state is newer than the package when it does not know a kind", () => {
    const { stdout } = host(`try { provider("Moon"); } catch (e) { console.log(e.message); }`);
    assert.match(stdout, /no resource "Moon".*update the package/);
  });
});
