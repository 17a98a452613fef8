import * as assert from "node:assert/strict";
import { type Api, Companions } from "../../provider/dokploy";
import { ReleaseCommand } from "../../provider/engine/release/command";
import { companionsOf } from "../../provider/engine/release/companion";
import type { Change } from "../../provider/schema";

describe("a release command", () => {
  const word = "a-random-word";
  const commandOf = (onVariables: boolean) => {
    const command = ReleaseCommand.in({ release: { command: "migrate", onVariables } });
    assert.ok(command);
    return command;
  };

  it("is due for another image or command, and for variables that containers get, where the program says so", () => {
    const env = { path: "env", apply: "deploy" } as Change;
    // Such as a comment: the containers stay.
    const comment = { path: "env", apply: "none" } as Change;
    const image = "acme/api:1";
    for (const onVariables of [true, false]) {
      const command = commandOf(onVariables);
      const state = { released: command.fingerprint(image, word), releaseWord: word, image };
      assert.equal(command.isDue({ ...state, changes: [] }), false);
      assert.equal(command.isDue({ ...state, changes: [env] }), onVariables);
      assert.equal(command.isDue({ ...state, changes: [comment] }), false);
      assert.equal(command.isDue({ ...state, changes: [{ ...env, path: "replicas" }] }), false);
      assert.equal(command.isDue({ ...state, image: "acme/api:2", changes: [] }), true);
      assert.equal(command.isDue({ ...state, releaseWord: "another-word", changes: [] }), true);
      assert.equal(command.isDue({ image, changes: [] }), true, "a new service");
      assert.equal(command.isDue({ image, changes: [env], runsAlready: true }), false, "an adopted one");
      assert.equal(command.isDue({ ...state, changes: [], runsAlready: false }), true);
    }
  });

  it("is looked for in each environment that its service had, and once in each", async () => {
    const rows: Record<string, object[]> = { now: [], before: [] };
    const read: string[] = [];
    const api = {
      call: async (_: string, { environmentId = "" }: { environmentId?: string }) => {
        read.push(environmentId);
        return { applications: rows[environmentId] };
      },
    } as unknown as Api;
    const description = new Companions(api, word).text("service", "companion");
    rows["before"]?.push({ applicationId: "companion", description });
    rows["now"]?.push({ applicationId: "copy", description: "mine" });
    const of = { id: "service", environmentIds: ["now", "before", "now"], releaseWord: word };
    assert.deepEqual(
      (await companionsOf(of, api)).map(({ id, isOwn }) => [id, isOwn]),
      [["companion", true]],
    );
    assert.deepEqual(read.sort(), ["before", "now"]);
    assert.deepEqual(await companionsOf({ ...of, id: "another" }, api), []);
    assert.deepEqual(await companionsOf({ ...of, releaseWord: "another-word" }, api), []);
  });
});
