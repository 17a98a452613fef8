import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { definitionOf } from "../../provider/resources/generated/definitions";
import * as sdk from "../../sdk";
import { inputNames } from "../../sdk/run/generated/input-names";
import { seen } from "./lookups";
import { type Server, startServer, withProvider } from "./server";
import { simpleData } from "./simple-data";

type Values = Record<string, unknown>;
type Kind = keyof typeof inputNames;

const kept = (Object.keys(inputNames) as Kind[]).flatMap((kind) => {
  const names = inputNames[kind];
  return "kept" in names ? names.kept.map((output) => [kind, output as string] as const) : [];
});

const email = "ana@acme.example";

/** Inputs of the kinds that are no simple objects. */
const others: Readonly<Record<string, Values>> = { Member: { email }, Project: { name: "other-shop" } };

function outputsOf(kind: Kind): z.ZodObject | undefined {
  return definitionOf(kind)?.outputs;
}

describe("an output that an update does not change", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(async () => {
    pulumi.runtime.setAllConfig({});
    await server.close();
  });

  /** The output in the plan of an update, in which Pulumi knows of a resource what its inputs say, and its id. */
  async function planned(kind: Kind, id: string, args: Values, output: string) {
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ inputs }) => ({ id, state: inputs }),
      call: ({ inputs }) => inputs,
    };
    await pulumi.runtime.setMocks(mocks, "shop", "test", true);
    pulumi.runtime.setAllConfig({
      "dokploy:url": server.emulator.url,
      "dokploy:apiKey": server.emulator.apiKey,
    });
    let found: Awaited<ReturnType<typeof seen>> | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
      // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a class of each kind, whatever they are
      const Class = sdk[kind] as unknown as new (name: string, args: object) => Record<string, unknown>;
      found = await seen(new Class("one", args)[output] as pulumi.Output<unknown>);
    });
    return found;
  }

  async function made(kind: Kind, args: Values): Promise<{ id: string; outs: Values }> {
    const person = { email, password: "made-up-password", role: "member" };
    if (kind === "Member") await server.byHand("user.createUserWithCredentials", person);
    const { inputs, failures } = await server.of(kind).check({}, withProvider(args));
    assert.deepEqual(failures, []);
    return await server.of(kind).create(inputs);
  }

  it("exists", () => {
    assert.ok(kept.length >= 4);
  });

  for (const [kind, output] of kept) {
    const type: z.ZodType | undefined = outputsOf(kind)?.shape[output];
    const { follows = [], secret = false } = type?.meta()?.output ?? {};
    const args = simpleData[kind]?.inputs ?? others[kind] ?? {};

    it(`is known in its plan: ${output} of ${kind}`, async () => {
      const { id, outs } = await made(kind, args);
      const value = secret ? (outs[output] as { value: unknown }).value : outs[output];
      assert.equal(typeof value, "string");
      assert.deepEqual(await planned(kind, id, args, output), { value, isSecret: secret });
    });

    for (const input of follows) {
      it(`is unknown where ${input} changes, or may: ${output} of ${kind}`, async () => {
        const { id } = await made(kind, args);
        for (const other of ["https://other.example", pulumi.output(pulumi.unknown)]) {
          assert.equal((await planned(kind, id, { ...args, [input]: other }, output))?.value, "unknown");
        }
      });
    }

    it(`is unknown if there is nothing: ${output} of ${kind}`, async () => {
      assert.equal((await planned(kind, "PQqzqTGCVtx0St2SA3vCi", args, output))?.value, "unknown");
    });
  }
});
