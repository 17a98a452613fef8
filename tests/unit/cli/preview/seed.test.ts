import * as assert from "node:assert/strict";
import { runSeeds } from "../../../../cli/preview/seed";
import { Stack } from "../../../../cli/stack";
import { Server, shared } from "../server";

const schedule = (name: string, id: string) => ({
  kind: "Schedule",
  name,
  id,
  inputs: { applicationId: "a" },
  outputs: {},
});

/** Its secrets cannot be decrypted here. */
const stack = new Stack("pr-12", async () => ({ code: 255, stdout: "", stderr: "error: no passphrase" }));

describe("the seeds of a preview", () => {
  async function run(
    resources: readonly ReturnType<typeof schedule>[],
    runs: readonly object[],
    status: string,
  ) {
    const server = new Server({
      "deployment.allByType": runs,
      "schedule.runManually": { status, deploymentId: "d" },
      "deployment.readLogs": "first\nlast\n",
      "application.one": { name: "web", appName: "web-x", env: "", deployments: [], environment: shared },
    });
    const lines: string[] = [];
    let reason: string | undefined;
    try {
      await runSeeds(stack, resources, server.api, (line) => lines.push(line));
    } catch (error) {
      reason = String(error);
    }
    return { server, lines, reason, ran: server.inputs("schedule.runManually") };
  }

  it("run in turn, and only they: other schedules of a service wait for their time", async () => {
    const resources = [
      schedule("web/seed", "s1"),
      schedule("web/nightly", "s2"),
      schedule("web/reseed", "s3"),
      { ...schedule("api/seed", "s4"), kind: "Application" },
      schedule("jobs/seed", "s5"),
    ];
    const { ran, lines, reason } = await run(resources, [], "done");
    assert.deepEqual(ran, [{ scheduleId: "s1" }, { scheduleId: "s5" }]);
    assert.deepEqual(lines, ["Running the seed of web …", "Running the seed of jobs …"]);
    assert.equal(reason, undefined);
  });

  it("run again only until they have succeeded once", async () => {
    const seed = [schedule("web/seed", "s1")];
    const again = await run(seed, [{ status: "error" }], "done");
    assert.deepEqual(again.ran, [{ scheduleId: "s1" }]);
    const done = await run(seed, [{ status: "error" }, { status: "done" }], "done");
    assert.deepEqual([done.ran, done.lines], [[], []]);
    assert.deepEqual(done.server.inputs("deployment.allByType"), [{ id: "s1", type: "schedule" }]);
  });

  it("end with the first that fails, and the end of its output", async () => {
    const { ran, reason, server } = await run(
      [schedule("web/seed", "s1"), schedule("jobs/seed", "s2")],
      [],
      "error",
    );
    assert.deepEqual(ran, [{ scheduleId: "s1" }]);
    assert.equal(reason, "UserError: The seed of web failed:\nfirst\nlast");
    assert.deepEqual(server.inputs("deployment.readLogs"), [{ deploymentId: "d", tail: 50 }]);
  });
});
