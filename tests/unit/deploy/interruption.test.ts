import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..", "..");

describe("a deployment of a process that was interrupted before", () => {
  it("is given up at once, and nothing keeps polling", () => {
    // In a process of its own, since an interruption never ends.
    const script = `
      require("ts-node/register");
      const { Deployments } = require("./provider/deploy/deployments");
      const { interrupt } = require("./provider/deploy/interruption");
      let calls = 0;
      const api = { call: async () => { calls += 1; return []; } };
      interrupt();
      new Deployments(api).run({ kind: "application", id: "id", name: "web" }, [], {}).then(
        () => console.log("it ended well"),
        ({ message }) => {
          const before = calls;
          process.on("exit", () => console.log(calls - before, message));
        },
      );`;
    const options = { cwd: root, encoding: "utf8", timeout: 60_000 } as const;
    const output = execFileSync(process.execPath, ["-e", script], options);
    assert.match(output, /^0 Deployment of application "web" continues in Dokploy.*Pulumi was interrupted\./);
  }).timeout(60_000);
});
