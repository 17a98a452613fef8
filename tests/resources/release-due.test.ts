import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { type Api, Companions } from "../../provider/dokploy";
import { ReleaseCommand } from "../../provider/engine/release/command";
import { companionsOf, createCompanion } from "../../provider/engine/release/companion";
import { type ReleaseOutputs, releaseOutputs, releaseStep } from "../../provider/engine/release/step";
import type { Context } from "../../provider/lifecycle";
import type { Change } from "../../provider/schema";
import { withApplications } from "./applications-alone";

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
      for (const apply of ["reload", "redeploy", "deploy"] as const)
        assert.equal(command.isDue({ ...state, changes: [{ ...env, apply }] }), onVariables);
      assert.equal(command.isDue({ ...state, changes: [comment, env] }), onVariables);
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
    assert.equal(
      of({ command: ["/m", "--to=v1.2", "me@db:5432/x", "a,b+c%20"] })?.label,
      "`/m --to=v1.2 me@db:5432/x a,b+c%20`",
    );
    assert.equal(of({ command: ["/m", "$HOME"] })?.label, '`/m "$HOME"`');
    assert.equal(of("a\u001b[2Jb")?.label, "`a\\x1b[2Jb`");
    assert.equal(of("x".repeat(500))?.label.length, 122);
    for (const wrong of [undefined, runtime.unknownValue, null, 7, { command: 7 }, { command: ["a", 7] }, {}])
      assert.equal(of(wrong as never), undefined, JSON.stringify(wrong));
    const prints = [
      ...["a b", "sh -c a b", "npm run migrate", "npm run other"],
      ...[{ command: ["a", "b"] }, { command: ["a b"] }, { command: ["a,b"] }],
      ...[{ command: ["sh", "-c", "a b"] }, { command: ["a", "b,c"] }, { command: ["a,b", "c"] }],
    ].map((release) => of(release)?.fingerprint("a:1", word));
    assert.equal(new Set(prints).size, prints.length, "each command has its own");
    assert.ok(prints.every((print) => print?.length === 22));
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

  describe("in a change of its service", () => {
    const row = { dockerImage: "acme/api:1" };
    const stepOf = (release: string | undefined, olds?: { release?: string; outputs: ReleaseOutputs }) => {
      const { api, rows, calls } = withApplications({});
      const subject = {
        ...{ id: "service", name: "api", row, changes: [], secrets: [], environmentIds: ["env"] },
        inputs: release === undefined ? {} : { release },
        olds: olds && { inputs: "release" in olds ? { release: olds.release } : {}, outputs: olds.outputs },
      };
      const step = releaseStep(subject, { api } as Context);
      /** Leaves an application that ran the command of a state. */
      const leave = async (releaseWord: string | undefined) => {
        const of = { id: "service", name: "api", environmentId: "env", environmentIds: ["env"], releaseWord };
        await createCompanion({ of, command: commandOf(false), columns: row, mounts: [] }, api);
        calls.length = 0;
      };
      return { step, rows, calls, leave };
    };

    it("that has none, costs no call", async () => {
      for (const { step, calls } of [stepOf(undefined), stepOf(undefined, { outputs: {} })]) {
        assert.deepEqual([step.outputs, step.run], [{}, undefined]);
        await step.finish();
        assert.deepEqual(calls, []);
      }
    });

    it("has a word of its own, which stays", async () => {
      const made = stepOf("migrate").step;
      assert.ok(made.run);
      assert.match(made.outputs.releaseWord ?? "", /^[\w-]{32}$/);
      assert.notEqual(stepOf("migrate").step.outputs.releaseWord, made.outputs.releaseWord);
      const again = stepOf("migrate", { release: "migrate", outputs: made.outputs }).step;
      assert.deepEqual([again.outputs, again.run], [made.outputs, undefined]);
      const other = stepOf("seed", { release: "migrate", outputs: made.outputs }).step;
      assert.ok(other.run);
      assert.equal(other.outputs.releaseWord, made.outputs.releaseWord);
      assert.notEqual(other.outputs.released, made.outputs.released);
      assert.deepEqual(releaseOutputs({ ...made.outputs, status: "done" } as ReleaseOutputs), made.outputs);
      assert.deepEqual(releaseOutputs({}), {});
    });

    it("leaves nothing once it has ended, also when the program no longer has it", async () => {
      const outputs = { released: "x", releaseWord: word };
      for (const { step, rows, leave } of [
        stepOf("migrate", { outputs }),
        stepOf("migrate", { release: "migrate", outputs }),
        stepOf(undefined, { release: "migrate", outputs }),
      ]) {
        await leave(word);
        await step.finish();
        assert.equal(rows.size, 0);
      }
    });
  });
});
