import * as assert from "node:assert/strict";
import { contentOf } from "../states/content";
import { importRecorded, type Recorded, readRecorded, writeRecordedProgram } from "../states/recorded";
import { nameOf, type Run, Story } from "./story";

/** What a service was asked to do, by its name: `deploy`, `redeploy`, `reload`; and how its containers began otherwise. */
export type Started = Record<string, string[]>;

/** A story that begins with a recorded state and its server. */
export class Continued {
  private constructor(
    readonly recorded: Recorded,
    readonly story: Story,
  ) {}

  static async begin(name: string, version = "0.1.0"): Promise<Continued> {
    const recorded = readRecorded(version, name);
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

export const once = (...names: string[]): Started =>
  Object.fromEntries(names.map((name) => [name, ["deploy"]]));
