/** States that version 0.1.0 wrote of unfinished work go on with exactly what was left. */
import * as assert from "node:assert/strict";
import { Continued, once } from "./continued";
import { count, nameOf } from "./story";

describe("an unfinished state of 0.1.0", function () {
  this.timeout(180_000);
  let state: Continued;
  const begins = (name: string) => {
    before(async () => {
      state = await Continued.begin(name);
    });
    after(() => state?.end());
  };

  describe("of a run that failed halfway", () => {
    begins("unfinished");

    it("has a plan of the unfinished work, and of nothing else", async () => {
      assert.deepEqual(await state.plan(), {
        update: [
          "cautious",
          "database-variables",
          "half",
          "jobs",
          "release",
          "shared",
          "staging",
          "undeployed",
          "undeployed-flags",
          "undeployed-jobs",
          "unsaved",
          "unsure",
          "web",
          "worker-flags",
        ],
        replace: ["moved"],
        delete: ["kept", "kept-flags"],
      });
    });

    it("is finished by the next update, which deploys each service once", async () => {
      const { calls, started } = await state.update();
      assert.deepEqual(started, {
        ...once("web", "jobs", "worker", "postgres", "released", "cautious", "unsure"),
        ...once("reader", "lost-reader", "moved", "undeployed", "unsaved", "undeployed-jobs", "compose"),
      });
      assert.equal(count(calls, "application.create"), 1);
      assert.equal(count(calls, "compose.create") + count(calls, "environment.create"), 0);

      assert.deepEqual(state.containersOf("web"), { LEVEL: "2", TOKEN: "canary-web-2" });
      assert.deepEqual(state.containersOf("unsure"), { LEVEL: "2", NEW: "canary-new-2" });
      assert.deepEqual(state.containersOf("unsaved"), { TOKEN: "canary-unsaved-2" });
      assert.deepEqual(state.containersOf("undeployed"), { TOKEN: "canary-undeployed-2" });
      assert.deepEqual(state.containersOf("moved"), { TOKEN: "canary-moved-2" });
      assert.deepEqual(state.containersOf("reader"), { KEY: "canary-shared-2" });
      assert.deepEqual(state.containersOf("lost-reader"), { STAGE: "2" });
      const { workerId = "", postgresId = "" } = state.recorded.ids;
      const { emulator } = state.story;
      assert.deepEqual(emulator.containerEnv(workerId), {
        THEIRS: "kept",
        FLAG: "2",
        TOKEN: "canary-worker-2",
      });
      assert.equal(emulator.containerEnv(postgresId)?.["TOKEN"], "canary-database-2");
      const applications = state.rows("application");
      assert.equal(applications["kept"], undefined);
      assert.equal(applications["released"]?.["env"], "# by hand\nTHEIRS=kept");
      assert.equal(applications["cautious"]?.["dockerImage"], "acme/cautious:2");
      assert.match(String(applications["moved"]?.["appName"]), /^two-/);
      assert.equal(state.rows("environment")["half"]?.["env"], "TOKEN=canary-half-2");
    });

    it("then has no change, and is destroyed without a trace", async () => {
      await state.isFinished();
      assert.deepEqual(await state.destroy(), {
        project: ["others"],
        environment: ["production"],
        application: ["released", "worker"],
        compose: ["compose"],
        postgres: ["postgres"],
      });
    });
  });

  describe("of a run that was killed", () => {
    begins("killed");

    it("notes the interrupted operations, and refuses the service that it created, with advice", async () => {
      const { pending_operations = [] } = state.story.workspace.state();
      assert.deepEqual(
        pending_operations.map(({ type, resource }) => `${type} ${nameOf(resource.urn)}`).sort(),
        ["creating api", "creating flags", "deleting gone", "deleting old", "updating web"],
      );
      const { output } = await state.story.fails("preview");
      const id = String(state.rows("application")["api"]?.["applicationId"]);
      assert.ok(output.includes(`give this resource the option { import: "${id}" }`), output);
      state.story.workspace.env["ADOPT"] = id;
    });

    it("is finished by the update that follows the advice", async () => {
      const { calls, started } = await state.update();
      assert.deepEqual(started, once("web", "api", "worker", "old", "gone"));
      assert.equal(count(calls, "application.create"), 2);
      for (const name of ["web", "api", "old", "gone"])
        assert.deepEqual(state.containersOf(name), { LEVEL: "2", TOKEN: `canary-${name}-2` });
      assert.deepEqual(Object.keys(state.rows("application")).sort(), [
        "api",
        "gone",
        "old",
        "web",
        "worker",
      ]);
    });

    it("then has no change, even without the option, and is destroyed without a trace", async () => {
      delete state.story.workspace.env["ADOPT"];
      const clear = ["--clear-pending-creates", "--expect-no-changes"];
      await state.story.succeeds("refresh", "--skip-preview", ...clear);
      assert.deepEqual(state.story.workspace.state().pending_operations ?? [], []);
      await state.isFinished();
      const left = await state.destroy();
      assert.deepEqual(left, { project: ["others"], environment: ["production"], application: ["worker"] });
    });
  });

  describe("that a refresh had changed", () => {
    begins("refreshed");

    it("has a plan that recreates missing objects, and undoes changes by hand", async () => {
      assert.deepEqual(await state.plan(), {
        create: ["gone", "gone-environment", "gone-flags", "gone-jobs", "gone-project", "gone-release"],
        update: ["flags", "jobs", "shop", "staging", "web", "whole"],
      });
    });

    it("is restored by the next update, with the deployments that it needs", async () => {
      const { started } = await state.update();
      assert.deepEqual(started, {
        ...once("jobs", "worker", "compose", "gone-jobs"),
        // The project is done before Pulumi asks for what is in it: nobody can know yet that the service changes, too.
        web: ["deploy", "deploy"],
        // The release of it is a deployment of its own.
        gone: ["deploy", "deploy"],
      });
      assert.deepEqual(state.containersOf("web"), {
        LEVEL: "info",
        TOKEN: "canary-web",
        KEY: "canary-shop",
      });
      assert.equal(state.rows("environment")["staging"]?.["env"], "STAGE=canary-staging");
      const { workerId = "", composeId = "" } = state.recorded.ids;
      assert.deepEqual(state.story.emulator.containerEnv(workerId), {
        THEIRS: "kept",
        FLAG: "canary-flag",
        OTHER: "1",
      });
      assert.equal(state.story.emulator.containerEnv(composeId, "web")?.["TOKEN"], "canary-whole");
    });

    it("then has no change, and is destroyed without a trace", async () => {
      await state.isFinished();
      assert.deepEqual(await state.destroy(), {
        project: ["others"],
        environment: ["production"],
        application: ["worker"],
        compose: ["compose"],
      });
    });
  });
});
