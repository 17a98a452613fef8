import * as assert from "node:assert/strict";
import { wholeMap } from "../../../cli/plan/changes";

describe("a map of variables that a plan tells as a whole", () => {
  const secret = "[secret]";
  const changes = (old: unknown, now: unknown) =>
    wholeMap("env", old, now, "update").map(({ key, change }) => [key, change]);

  it("names each key that is new, gone or other, and none that is the same", () => {
    assert.deepEqual(changes({ A: "1", B: "1", C: "1" }, { B: "2", C: "1", D: "1" }), [
      ["A", "delete"],
      ["B", "update"],
      ["D", "add"],
    ]);
  });

  it("names each key of a map that is new or gone as a whole", () => {
    assert.deepEqual(changes(undefined, { A: "1" }), [["A", "add"]]);
    assert.deepEqual(changes({ A: "1" }, undefined), [["A", "delete"]]);
    assert.deepEqual(changes(undefined, undefined), [[undefined, "update"]]);
  });

  it("names every secret, since two secrets look the same", () => {
    assert.deepEqual(changes({ TOKEN: secret, LOG: "info" }, { TOKEN: secret, LOG: "info" }), [
      ["TOKEN", "update"],
    ]);
    assert.deepEqual(changes({ TOKEN: secret }, { TOKEN: "clear" }), [["TOKEN", "update"]]);
    assert.deepEqual(changes({ TOKEN: "clear" }, { TOKEN: secret }), [["TOKEN", "update"]]);
  });

  it("is one change where it is secret as a whole", () => {
    assert.deepEqual(wholeMap("env", { A: "canary" }, secret, "update"), [
      { map: "env", change: "update", before: { kind: "secret" }, after: { kind: "secret" } },
    ]);
  });
});
