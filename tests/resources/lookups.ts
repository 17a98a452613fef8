import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { LookupError } from "../../sdk/lookups/error";
import type { Server } from "./server";

/** What the engine would do for a program that only looks things up. */
export const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: inputs }),
  call: ({ inputs }) => inputs,
};

/** One run of a program, with the names of its calls. */
export async function run<T>(
  server: Server,
  program: () => T | Promise<T>,
  isPreview = false,
): Promise<{ value: T; calls: string[] }> {
  server.emulator.clearCalls();
  await pulumi.runtime.setMocks(mocks, "shop", "test", isPreview);
  pulumi.runtime.setAllConfig({
    "dokploy:url": server.emulator.url,
    "dokploy:apiKey": server.emulator.apiKey,
  });
  let value: { it: T } | undefined;
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      value = { it: await program() };
    });
  } finally {
    // Other test files run in this process.
    pulumi.runtime.setAllConfig({});
  }
  assert.ok(value);
  return { value: value.it, calls: server.emulator.calls.map(({ endpoint }) => endpoint) };
}

/** What a lookup that fails says. */
export async function messageOf(server: Server, program: () => Promise<unknown>): Promise<string> {
  const { value } = await run(server, () =>
    program().then(
      () => assert.fail("nothing was wrong"),
      (error: unknown) => error,
    ),
  );
  assert.ok(value instanceof LookupError, String(value));
  assert.ok(pulumi.RunError.isInstance(value));
  assert.equal(inspect(value), value.message);
  return value.message;
}

/** The value of an output, or that it is unknown, and whether it is secret. */
export async function seen<T>(
  output: pulumi.Output<T>,
): Promise<{ value: T | "unknown"; isSecret: boolean }> {
  const { isKnown, isSecret, promise } = output as unknown as {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    promise(): Promise<T>;
  };
  return { value: (await isKnown) ? await promise() : "unknown", isSecret: await isSecret };
}
