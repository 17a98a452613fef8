import * as assert from "node:assert/strict";
import { cutOff, Interrupted, program, until } from "./interrupted";
import { count, type Story } from "./story";

describe("after an update that failed halfway", function () {
  this.timeout(120_000);
  let cut: Interrupted;
  let story: Story;
  beforeEach(async () => {
    cut = await Interrupted.begin();
    ({ story } = cut);
  });
  afterEach(() => story?.end());

  it("a lost response is not treated as a failure, and nothing is done twice", async () => {
    for (const endpoint of ["application.create", "application.update", "application.deploy"]) {
      // One for the update, one for the creation; a creation happens once.
      const times = endpoint === "application.create" ? 1 : 2;
      story.emulator.faults.add({ endpoint, cut: "after", times });
    }
    const { calls } = await story.up(program(cutOff));
    assert.equal(count(calls, "application.create"), 1);
    assert.equal(count(calls, "application.deploy"), 2);
    await cut.holds({ web: { level: "debug", deployments: 2 }, api: { level: "info", deployments: 1 } });
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("deployments that Dokploy lost or cancelled are repeated", async () => {
    const command = await cut.start(program(cutOff), 2);
    await until(() => /deployment queued behind 1/.test(command.output()), command.output);
    story.emulator.loseQueue();
    await until(() => /(creating|updating) failed/.test(command.output()), command.output);
    cut.restartDokploy();
    const { code, stdout } = await command.result;
    assert.notEqual(code, 0, stdout);
    assert.match(stdout, /was lost/);
    assert.match(stdout, /was cancelled/);
    assert.deepEqual(cut.pending(), []);

    const { calls, output } = await story.up(program(cutOff));
    assert.match(output, /the configuration saved in Dokploy has not taken effect yet/);
    assert.equal(count(calls, "application.deploy"), 2);
    assert.equal(count(calls, "application.create"), 0);
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
  });

  it("a deadline leaves running builds alone, removes queued jobs, and the next update deploys both", async () => {
    const hurried = (seconds: number) => ({
      web: { level: "debug", deploy: `{ timeoutSeconds: ${seconds} }` },
      api: { level: "info", deploy: `{ timeoutSeconds: ${seconds} }`, options: "{}" },
    });
    const command = await cut.start(program(hurried(1)), 2);
    const { code, stdout } = await command.result;
    assert.notEqual(code, 0, stdout);
    assert.match(stdout, /did not end within 1 s/);
    assert.match(stdout, /it still runs, and Dokploy cannot stop a build safely, so it was left alone/);
    assert.match(stdout, /it still waited in Dokploy's queue, and was removed/);
    assert.equal(story.resource("api").outputs["pending"], "deploy");
    story.emulator.releaseBuilds();

    const { calls } = await story.up(program(hurried(60)));
    assert.equal(count(calls, "application.deploy"), 2);
    assert.equal(count(calls, "application.create"), 0);
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
    await story.succeeds("preview", "--expect-no-changes");
  });
});
