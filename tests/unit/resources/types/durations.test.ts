import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { allDefinitions } from "../../../../provider/resources";
import { Mapping } from "../../../../provider/schema";

describe("durations", () => {
  const definition = allDefinitions().find(({ kind }) => kind === "Application");
  assert.ok(definition);
  const mapping = new Mapping(definition.schema);
  const swarm = (Delay: unknown) => ({ swarm: { restartPolicy: { Delay } } });
  const written = (Delay: unknown) =>
    (mapping.columns(swarm(Delay))["restartPolicySwarm"] as { Delay: unknown }).Delay;
  const read = (Delay: number) => {
    const { inputs } = mapping.shown({ restartPolicySwarm: { Delay } });
    return (inputs["swarm"] as { restartPolicy: { Delay: unknown } }).restartPolicy.Delay;
  };

  const cases: [text: string, nanoseconds: number][] = [
    ["500ms", 5e8],
    ["10s", 1e10],
    ["1m30s", 9e10],
    ["1h", 3.6e12],
    ["1h2m3s4ms", 3_723_004_000_000],
    ["0s", 0],
  ];
  for (const [text, nanoseconds] of cases) {
    it(`writes ${text} as nanoseconds, and shows them so`, () => {
      assert.equal(written(text), nanoseconds);
      assert.equal(read(nanoseconds), text);
    });
  }

  it("takes fractions, and other texts for the same time", () => {
    assert.equal(written("1.5s"), 15e8);
    assert.equal(written("90s"), 9e10);
    assert.deepEqual(mapping.changes(swarm("90s"), swarm("1m30s")), []);
  });

  it("keeps numbers as they are, and finds no change between a number and its text", () => {
    assert.equal(written(10), 10);
    assert.equal(read(10), 10);
    assert.deepEqual(mapping.changes(swarm(10_000_000_000), swarm("10s")), []);
    assert.deepEqual(mapping.changes(swarm("10s"), swarm(10_000_000_000)), []);
    assert.deepEqual(
      mapping.changes(swarm("10s"), swarm("11s")).map(({ path }) => path),
      ["swarm.restartPolicy"],
    );
  });

  it("leaves a number in the state as it is when Dokploy has the same", () => {
    const row = { restartPolicySwarm: { Delay: 10_000_000_000 } };
    assert.deepEqual(mapping.readBack(row, swarm(10_000_000_000)), swarm(10_000_000_000));
    assert.deepEqual(mapping.readBack(row, swarm("9s")), swarm("10s"));
  });

  it("shows each number of nanoseconds as a text that is written as the same number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), fc.constantFrom(1, 1e6), (count, unit) => {
        const nanoseconds = Math.floor(count / unit) * unit;
        assert.equal(written(read(nanoseconds)), nanoseconds);
      }),
    );
  });
});
