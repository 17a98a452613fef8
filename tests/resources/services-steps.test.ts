import * as assert from "node:assert/strict";
import type { ServiceResourceOutputs } from "../../provider/engine";
import { finishing, saveParts, settleParts } from "../../provider/engine/services/reconcile";
import { type PartIds, PartsError } from "../../provider/engine/simple/parts-state";
import { PartialFailureError } from "../../provider/errors";
import type { Context } from "../../provider/lifecycle";

type Model = Parameters<typeof settleParts>[0];

const outputs: ServiceResourceOutputs = { appName: "api-x7", status: "done" };
const inputs = { name: "api", environmentId: "env" };
const context = { progress() {} } as unknown as Context;
const down = new Error("down");

/** Returns the error, which has to be of this class. */
async function failure(work: Promise<unknown>): Promise<PartialFailureError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof PartialFailureError, String(error));
  return error;
}

describe("the last steps of a change of a service", () => {
  describe("what ran its release command", () => {
    function step(fails?: Error) {
      const log: string[] = [];
      const finish = async () => {
        await new Promise(setImmediate);
        log.push("removed");
        if (fails) throw fails;
      };
      const deploy = (result: ServiceResourceOutputs | Error) => async () => {
        await new Promise(setImmediate);
        log.push("deployed");
        if (result instanceof Error) throw result;
        return result;
      };
      return { log, deploy, release: { outputs: {}, run: undefined, finish } };
    }

    it("is removed after the deployment, also after one that failed, which is the reason", async () => {
      const fine = step();
      assert.equal(await finishing("id", fine.release, fine.deploy(outputs)), outputs);
      assert.deepEqual(fine.log, ["deployed", "removed"]);
      for (const { log, deploy, release } of [step(), step(down)]) {
        const failed = new Error("failed");
        await assert.rejects(finishing("id", release, deploy(failed)), failed);
        assert.deepEqual(log, ["deployed", "removed"]);
      }
    });

    it("is tried again by the next run where it stays, which deploys only what was left", async () => {
      for (const [applied, pending] of [
        [outputs, "none"],
        [{ ...outputs, pending: "reload" as const }, "reload"],
      ] as const) {
        const { deploy, release } = step(down);
        const error = await failure(finishing("id", release, deploy(applied)));
        assert.deepEqual(
          [error.id, error.outputs, error.reason, error.former],
          ["id", { ...outputs, pending }, down, {}],
        );
      }
    });
  });

  describe("parts that the program waits for", () => {
    const waiting = (error?: Error) => {
      const asked: unknown[][] = [];
      const parts = {
        async settle(...given: unknown[]) {
          asked.push(given);
          await new Promise(setImmediate);
          if (error) throw error;
        },
      };
      return { asked, model: { parts } as unknown as Model };
    };

    it("are looked at once they are in effect", async () => {
      const { asked, model } = waiting();
      for (const pending of ["deploy", "reload", "none"] as const)
        await settleParts(model, "id", inputs, { ...outputs, pending }, context);
      assert.deepEqual(asked, []);
      await settleParts(model, "id", inputs, outputs, context);
      assert.deepEqual(asked, [["id", inputs, context]]);
    });

    it("are looked at again by the next run where they do not work, without a deployment", async () => {
      const { model } = waiting(down);
      const error = await failure(settleParts(model, "id", inputs, outputs, context));
      assert.deepEqual(
        [error.id, error.outputs, error.reason, error.former],
        ["id", { ...outputs, pending: "none" }, down, {}],
      );
    });
  });

  describe("the save of its parts", () => {
    const of = { id: "id", row: {} };
    const olds = { lists: {}, partIds: {} };
    const former = { ...outputs, partIds: { ports: { web: "p1" } } };
    const saving = (error: unknown) => {
      const save = async () => {
        await new Promise(setImmediate);
        throw error;
      };
      return saveParts({ parts: { save } } as unknown as Model, of, inputs, olds, former, context);
    };
    const lists = { domains: { web: { host: "a.dev" } } };
    const stopped = (partIds: PartIds) => failure(saving(new PartsError({ lists, partIds }, down)));

    it("leaves those that were saved in the state, and no others", async () => {
      const partIds = { domains: { web: "d1" } };
      const error = await stopped(partIds);
      assert.deepEqual(
        [error.id, error.outputs, error.reason, error.former],
        ["id", { ...outputs, partIds }, down, lists],
      );
      assert.deepEqual((await stopped({ domains: {} })).outputs, outputs, "the former ones are gone");
    });

    it("that saved nothing leaves the state as it is", async () => {
      await assert.rejects(saving(down), (error: unknown) => error === down);
    });
  });
});
