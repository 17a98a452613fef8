/**
 * States that version 0.1.0 wrote go on with this one without a change, where nothing was left to do.
 */
import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Continued, once } from "./continued";
import { nameOf } from "./story";

describe("a state of 0.1.0", function () {
  this.timeout(180_000);
  let state: Continued;
  const begins = (name: string) => {
    before(async () => {
      state = await Continued.begin(name);
    });
    after(() => state?.end());
  };

  describe("of a deployment repository", () => {
    begins("repository");

    it("has no change, and none after a refresh", async () => {
      await state.isSettled();
    });

    it("takes another tag, and is destroyed", async () => {
      state.story.workspace.env["DOKPLOY_IMAGE_TAG"] = "1.2.4";
      assert.deepEqual((await state.update()).started, once("lamp"));
      assert.equal(state.rows("application")["lamp"]?.["dockerImage"], "acme/lamp:1.2.4");
      assert.deepEqual(await state.destroy(), {});
    });
  });

  describe("with each object under two names", () => {
    begins("twins");

    it("loses the old names with the next update, and no object", async () => {
      const { calls, started } = await state.update();
      assert.deepEqual(started, {});
      assert.deepEqual(
        calls.filter((call) => /\.(delete|remove|update|saveEnvironment|create)$/.test(call)),
        [],
      );
      const names = state.story.workspace.state().resources?.map(({ urn }) => nameOf(urn)) ?? [];
      assert.deepEqual(
        names.filter((name) => name.startsWith("old-")),
        [],
      );
      assert.deepEqual(state.containersOf("api"), { FLAG: "on", TOKEN: "canary-flags" });
    });

    it("then has no change, and is destroyed without a trace", async () => {
      await state.isFinished();
      assert.deepEqual(await state.destroy(), {});
    });
  });

  describe("with a variable of a stack that Swarm expands", () => {
    begins("templates");

    it("has no change until a refresh shows that the value does not arrive", async () => {
      const { calls } = await state.story.succeeds("up", "--skip-preview", "--expect-no-changes");
      assert.deepEqual(calls, []);
      const id = state.story.resource("greeter").id;
      const greeting = () => state.story.emulator.containerEnv(id, "web")?.["GREETING"];
      assert.match(String(greeting()), /^Hello compose-\S+_web$/);
      await state.story.succeeds("refresh", "--skip-preview");
      assert.deepEqual((await state.update()).started, once("greeter"));
      // The old container stops before the new one starts.
      while (greeting() === undefined) await sleep(20);
      assert.equal(greeting(), "Hello {{.Service.Name}}");
      await state.isFinished();
      assert.deepEqual(await state.destroy(), {});
    });
  });
});
