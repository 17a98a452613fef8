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

  it("has the defaults of its options, the words that Dokploy stores, and a label", () => {
    const of = (release: Parameters<typeof ReleaseCommand.in>[0]["release"]) =>
      ReleaseCommand.in({ release });
    const plain = of("npm run migrate");
    assert.deepEqual([plain?.timeoutSeconds, plain?.onVariables], [600, false]);
    assert.deepEqual(of({ command: "x", timeoutSeconds: 7 })?.timeoutSeconds, 7);
    assert.deepEqual(plain?.columns, { command: "sh -c", args: ["npm run migrate"] });
    assert.deepEqual(of({ command: ["/m", "a b"] })?.columns, { command: "/m", args: ["a b"] });
    assert.equal(of({ command: ["/m", "a b", "--x=1"] })?.label, '`/m "a b" --x=1`');
    assert.equal(of("a\u001b[2Jb")?.label, "`a\\x1b[2Jb`");
    assert.equal(of("x".repeat(500))?.label.length, 122);
    for (const wrong of [undefined, null, 7, { command: 7 }, { command: ["a", 7] }, {}])
      assert.equal(of(wrong as never), undefined, JSON.stringify(wrong));
    assert.notEqual(plain?.fingerprint("a:1", word), of("npm run other")?.fingerprint("a:1", word));
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
