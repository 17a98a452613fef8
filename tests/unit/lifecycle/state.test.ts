import * as assert from "node:assert/strict";
import { z } from "zod";
import { PartialFailureError } from "../../../provider/errors";
import { type Context, Run, type State } from "../../../provider/lifecycle";
import { lifecycle } from "../../../provider/lifecycle/handlers";
import { identityKey, providerKey } from "../../../provider/pulumi";
import { withoutColumn } from "../../../provider/schema";

describe("the state of a resource", () => {
  type Inputs = { name: string; note?: string | undefined };
  type Outputs = { made: number };

  const schema = z.strictObject({
    name: withoutColumn(z.string(), { apply: "none" }),
    note: withoutColumn(z.string().optional(), { apply: "none" }),
  });
  const context = { reads: { begin: () => {} } } as unknown as Context;
  const own = { [providerKey]: "the text that names the handlers", [identityKey]: "abcdefgh" };
  const kept = { name: "one", note: "first", made: 1, ofANewerVersion: true, ...own };

  function handlers(update: (olds: State<Inputs, Outputs>) => Promise<Outputs>) {
    const seen: unknown[] = [];
    const all = lifecycle<Inputs, Outputs>(
      {
        kind: "Thing",
        schema,
        create: async (inputs) => {
          seen.push(inputs);
          return { id: "t", outputs: { made: 1 } };
        },
        read: async (_id, state) => {
          seen.push(state);
          return state;
        },
        update: async (_id, olds, news) => {
          seen.push(olds, news);
          return await update(olds ?? assert.fail("adopted"));
        },
        delete: async (_id, inputs) => void seen.push(inputs),
      },
      () => context,
      new Run(),
    );
    return { ...all, seen };
  }

  it("is given to its definition as inputs, which the schema names, and outputs, which are all else", async () => {
    const { seen, ...all } = handlers(async ({ outputs }) => ({ made: outputs.made + 1 }));
    const state = {
      inputs: { name: "one", note: "first" },
      outputs: { made: 1, ofANewerVersion: true },
      isUnrecorded: false,
    };
    const news = { name: "two", ...own };
    assert.deepEqual(await all.read("t", { ...kept }), {
      id: "t",
      inputs: { ...state.inputs, ...own },
      props: kept,
    });
    assert.deepEqual(await all.update("t", { ...kept }, news), { outs: { ...news, made: 2 } });
    await all.delete("t", { ...kept });
    await all.create(news);
    const given = seen.map((one) => {
      const { interrupted: _, ...values } = one as { interrupted?: unknown };
      return values;
    });
    assert.deepEqual(given, [state, state, { name: "two" }, state.inputs, { name: "two" }]);
  });

  it("keeps the old values of inputs that may not be saved, together with new inputs", async () => {
    const { update } = handlers(async ({ inputs }) => {
      throw new PartialFailureError("t", { made: 7 }, new Error("lost"), inputs);
    });
    const error = await update("t", { ...kept }, { name: "one", note: "second", ...own }).catch((e) => e);
    const { note, ...rest } = error.properties;
    assert.deepEqual(rest, { name: "one", made: 7, ...own });
    assert.match(
      JSON.stringify(note),
      /"value":"first"/,
      "a secret, since nobody knows any more what it was",
    );
  });
});
