/**
 * States that version 0.1.0 wrote go on with this one: without a change where nothing was left to do, and else with
 * exactly what was left.
 */
import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { contentOf } from "../states/content";
import { importRecorded, type Recorded, readRecorded, writeRecordedProgram } from "../states/recorded";
import { count, nameOf, type Run, Story } from "./story";

/** What a service was asked to do, by its name: `deploy`, `redeploy`, `reload`; and how its containers began otherwise. */
type Started = Record<string, string[]>;

class Continued {
  private constructor(
    readonly recorded: Recorded,
    readonly story: Story,
  ) {}

  static async begin(name: string): Promise<Continued> {
    const recorded = readRecorded("0.1.0", name);
    const story = await Story.begin({ content: recorded.server });
    try {
      writeRecordedProgram(story.workspace, recorded.folder, recorded.ids);
      await importRecorded(story.workspace, recorded);
      return new Continued(recorded, story);
    } catch (error) {
      await story.end();
      throw error;
    }
  }

  /** No change and no call of Dokploy, neither in a plan nor in an update; a refresh shows no drift and changes none of that. */
  async isSettled(): Promise<void> {
    const isUnchanged = async (...args: string[]) => {
      const { calls } = await this.story.succeeds(...args, "--expect-no-changes");
      assert.deepEqual(calls, [], args.join(" "));
    };
    await isUnchanged("preview", "--diff");
    await isUnchanged("up", "--skip-preview");
    await this.story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
    await isUnchanged("preview");
  }

  /** What was left is done: the next update is empty, and a refresh shows no drift. */
  async isFinished(): Promise<void> {
    const { calls } = await this.story.succeeds("up", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
    await this.story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
  }

  /** What a plan does, by what it does: names of resources, sorted. */
  async plan(): Promise<Record<string, string[]>> {
    const { stdout } = await this.story.succeeds("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const plan: Record<string, string[]> = {};
    for (const { op, urn } of steps) {
      if (op === "same" || op.includes("replacement") || op === "delete-replaced") continue;
      plan[op] = [...(plan[op] ?? []), nameOf(urn)].sort();
    }
    return plan;
  }

  /** An update, with what it started. */
  async update(): Promise<Run & { started: Started }> {
    const { emulator } = this.story;
    const before = emulator.calls.length;
    const run = await this.story.succeeds("up", "--skip-preview");
    const started: Started = {};
    for (const { endpoint, input } of emulator.calls.slice(before)) {
      const [, how] = /\.(deploy|redeploy|reload)$/.exec(endpoint) ?? [];
      if (how === undefined) continue;
      const ids = Object.values((input ?? {}) as Record<string, unknown>);
      const name = Object.values(contentOf(emulator).rows).flatMap((rows) =>
        ids.flatMap((id) => rows[String(id)]?.["name"] ?? []),
      );
      started[String(name[0])] = [...(started[String(name[0])] ?? []), how];
    }
    return { ...run, started };
  }

  containersOf(name: string): Record<string, string> | undefined {
    return this.story.emulator.containerEnv(this.story.resource(name).id);
  }

  /** Rows of a table, by their name. */
  rows(table: string): Record<string, Record<string, unknown>> {
    const rows = Object.values(contentOf(this.story.emulator).rows[table] ?? {});
    return Object.fromEntries(rows.map((row) => [String(row["name"]), row]));
  }

  /** Destroys all; gives the names of what is left on the server, by its table. */
  async destroy(): Promise<Record<string, string[]>> {
    await this.story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(this.story.workspace.state().resources ?? [], []);
    const { deployment: _d, mount: _m, ...tables } = contentOf(this.story.emulator).rows;
    return Object.fromEntries(
      Object.entries(tables).map(([table, rows]) => [
        table,
        Object.values(rows)
          .map((row) => String(row["name"]))
          .sort(),
      ]),
    );
  }

  end(): Promise<void> {
    return this.story.end();
  }
}

const once = (...names: string[]): Started => Object.fromEntries(names.map((name) => [name, ["deploy"]]));

describe("a state of 0.1.0", function () {
  this.timeout(180_000);
  let state: Continued;
  const begins = (name: string) => {
    before(async () => {
      state = await Continued.begin(name);
    });
    after(() => state?.end());
  };

  describe("with every kind of resource, source and target", () => {
    begins("settled");

    it("has no change, and none after a refresh", async () => {
      await state.isSettled();
    });

    it("is destroyed, and all other objects stay", async () => {
      assert.deepEqual(await state.destroy(), {
        project: ["others"],
        environment: ["production"],
        application: ["shared", "worker"],
        compose: ["compose"],
        libsql: ["libsql"],
        mariadb: ["mariadb"],
        mongo: ["mongo"],
        mysql: ["mysql"],
        postgres: ["postgres"],
        redis: ["redis"],
      });
      const { shared, worker } = state.rows("application");
      assert.equal(shared?.["env"], "# by hand\nTHEIRS=kept");
      assert.deepEqual([worker?.["env"], worker?.["buildArgs"], worker?.["buildSecrets"]], ["", "", ""]);
    });
  });

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
