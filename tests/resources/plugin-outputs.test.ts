/** The package schema of the plugin has the outputs that new objects get. */
import * as assert from "node:assert/strict";
import { isRecord } from "../../packages/values";
import { outputs } from "../../plugin/generated/outputs";
import { allDefinitions, type Kind } from "../../provider/resources/generated/definitions";
import { type Any, inputsFor, mark, surroundings } from "./kinds";
import { type Server, startServer, withProvider } from "./server";

interface Property {
  readonly secret?: true;
}
interface Schema {
  readonly resources: Readonly<
    Record<string, { readonly properties: Record<string, Property>; readonly required: readonly string[] }>
  >;
}
const { resources } = require("../../plugin/generated/schema.json") as Schema;

describe("the outputs in the package schema", function () {
  this.timeout(60_000);
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  for (const definition of allDefinitions() as unknown as Any[]) {
    const { kind, schema } = definition;
    it(`are those of a new ${kind}, with their marks`, async () => {
      const { properties = {}, required = [] } = resources[`dokploy-native:index:${kind}`] ?? {};
      const ids = await surroundings(server, definition);
      const handlers = server.of(kind);
      const { inputs } = await handlers.check({}, withProvider(inputsFor(definition, ids)));
      const { outs } = await handlers.create(inputs);
      const isOutput = (name: string) => !name.startsWith("__") && !(name in schema.shape);
      const found = Object.entries(outs).filter(([name]) => isOutput(name));
      const names = found.map(([name]) => name);
      assert.deepEqual(
        names.filter((name) => !outputs[kind as Kind].all.includes(name)),
        [],
      );
      assert.deepEqual(
        required.filter((name) => isOutput(name) && !names.includes(name)),
        [],
      );
      for (const [name, value] of found)
        assert.equal(isRecord(value) && mark in value, properties[name]?.secret === true, name);
    });
  }
});
