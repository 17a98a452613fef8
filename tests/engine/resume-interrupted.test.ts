import * as assert from "node:assert/strict";
import { adviceIn, cutOff, Interrupted, program, until } from "./interrupted";
import { count, type Story } from "./story";

describe("after Ctrl-C", function () {
  this.timeout(120_000);
  let cut: Interrupted;
  let story: Story;
  beforeEach(async () => {
    cut = await Interrupted.begin();
    ({ story } = cut);
  });
  afterEach(() => story?.end());

  it("once, the run ends after its deployments, or at once with the plugin, and the next update does the rest", async () => {
    const { plugin } = story.workspace;
    const after = { ...cutOff, last: { level: "info", options: "{ dependsOn: [api, web] }" } };
    const command = await cut.start(program(after), 2);
    command.interrupt();
    await until(() => command.output().includes("cancelling"), command.output);
    if (!plugin) story.emulator.releaseBuilds();
    const { code, stdout } = await command.result;
    assert.notEqual(code, 0, stdout);
    assert.deepEqual(cut.pending(), []);
    assert.equal(story.find("last"), undefined);
    const followed = { web: { level: "debug", deployments: 2 }, api: { level: "info", deployments: 1 } };
    if (plugin) story.emulator.releaseBuilds();
    else await cut.holds(followed);

    const { calls } = await story.up(program(after));
    assert.equal(count(calls, "application.create"), 1);
    // Nobody saw how the deployments ended that the plugin did not follow.
    const repeated = plugin ? 1 : 0;
    assert.equal(count(calls, "application.deploy"), 1 + 2 * repeated);
    await cut.holds({
      web: { level: "debug", deployments: 2 + repeated },
      api: { level: "info", deployments: 1 + repeated },
      last: { level: "info", deployments: 1 },
    });
  });

  it("twice, the deployments continue in Dokploy, and adopting what was created is all there is to do", async () => {
    const command = await cut.start(program(cutOff), 2);
    command.interrupt();
    await until(() => command.output().includes("cancelling"), command.output);
    command.interrupt();
    assert.notEqual((await command.result).code, 0);
    assert.deepEqual(cut.pending(), ["creating api", "updating web"]);
    story.emulator.releaseBuilds();

    const refused = await story.fails("up", "--skip-preview");
    const adopting = { ...cutOff, api: { level: "info", options: adviceIn(refused.output) } };
    await story.up(program(adopting));
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
  });
});
