import * as assert from "node:assert/strict";
import { resolve } from "node:path";

const { members, membersOf } = require(resolve("scripts/bench/members.cjs")) as {
  members(): string[];
  membersOf(text: string, name: string): string[];
};

describe("the contracts of a kind of resource", () => {
  it("have at most 30 members together", () => {
    const all = members();
    assert.ok(all.length <= 30, `${all.length}: ${all.join(", ")}`);
    assert.ok(all.includes("Entity.create") && all.includes("SimpleSpec.rules"));
  });

  it("are counted with the objects in them, and without what their functions take and return", () => {
    const text = `
      interface A extends Pick<B, "one"> { a: string; b?: { c: number; d(): { e: 1 } }; f: readonly B[] | (() => B) }
      interface B { one: 1 }`;
    assert.deepEqual(membersOf(text, "A"), ["A.a", "A.b", "A.b.c", "A.b.d", "A.f", "A.f.one"]);
    assert.throws(() => membersOf(text, "C"), /There is no C/);
  });
});
