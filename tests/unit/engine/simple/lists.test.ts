import * as assert from "node:assert/strict";
import { listsIn } from "../../../../provider/engine";
import { allDefinitions } from "../../../../provider/resources";

describe("the lists of a service", () => {
  const all = allDefinitions();
  const parts = all.flatMap((definition) => {
    const model = "model" in definition ? definition.model : undefined;
    return model && !model.isSeparate ? [model] : [];
  });

  for (const { kind, schema } of all.filter(({ schema }) => listsIn(schema).size > 0)) {
    it(`of ${kind} are those of all parts that a service of that kind can have`, () => {
      const service = kind.toLowerCase();
      const possible = parts.filter(({ parents }) => (parents as readonly string[]).includes(service));
      assert.deepEqual([...listsIn(schema).keys()].sort(), possible.map(({ list }) => list).sort());
    });
  }
});
