import * as assert from "node:assert/strict";
import { pluginPrefix, typePrefix } from "../../provider/pulumi/urn";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { type Any, inputsFor, isRead, surroundings } from "../resources/kinds";
import { type Server, startServer } from "../resources/server";
import { type Run, Story } from "./story";

/** Kinds of resources, each in a surrounding of its own on one server. */
const kinds = allDefinitions() as unknown as readonly Any[];

describe("a stack with a resource of every kind", function () {
  this.timeout(600_000);
  let server: Server;
  let story: Story;

  before(async () => {
    server = await startServer();
    story = await Story.begin({ emulator: server.emulator, plugin: false });
    const declared: string[] = [];
    for (const definition of kinds) {
      const inputs = inputsFor(definition, await surroundings(server, definition));
      declared.push(`new dokploy.${definition.kind}("one", ${JSON.stringify(inputs)});`);
    }
    story.program(declared.join("\n"));
    await story.succeeds("up", "--skip-preview");
    assert.deepEqual(typesIn(story), typesWith(typePrefix));
  });
  after(() => story.end());

  const set = (value: string) => story.succeeds("config", "set", "dokploy:plugin", value);
  const writes = ({ calls }: Run) => calls.filter((call) => !isRead(call));

  it("moves to the plugin without a change and without a call that writes", async () => {
    await set("true");
    const preview = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(writes(preview), []);
    const moved = await story.succeeds("up", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(writes(moved), []);
    assert.deepEqual(typesIn(story), typesWith(pluginPrefix));
  });

  it("is refreshed by the plugin without a difference", async () => {
    const refreshed = await story.succeeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(writes(refreshed), []);
  });

  it("moves back without a change and without a call that writes", async () => {
    await set("false");
    const moved = await story.succeeds("up", "--skip-preview");
    assert.deepEqual(writes(moved), []);
    assert.deepEqual(typesIn(story), typesWith(typePrefix));
    const after = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(after.calls, []);
  });

  it("is deleted afterwards", async () => {
    // No resource of the program says that it uses another, so a first deletion may come too early.
    await story.run("destroy", "--yes", "--skip-preview", "--continue-on-error");
    await story.succeeds("destroy", "--yes", "--skip-preview");
    assert.deepEqual(typesIn(story), []);
  });
});

function typesIn(story: Story): string[] {
  const types = story.workspace.state().resources?.map(({ type }) => type) ?? [];
  return types.filter((type) => type.startsWith(typePrefix) || type.startsWith(pluginPrefix)).sort();
}

function typesWith(prefix: string): string[] {
  return kinds.map(({ kind }) => `${prefix}${kind}`).sort();
}
