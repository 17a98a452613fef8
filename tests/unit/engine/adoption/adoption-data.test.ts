import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { adoptionData, readAdoptionData } from "../../../../provider/engine/adoption/adoption-data";
import type { Change } from "../../../../provider/schema";

const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(..."+-~,;%.[] "),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 12,
  })
  .filter((each) => each.isWellFormed());

describe("the data of an adoption", () => {
  it("is one word that gives back its paths and keys", () => {
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), fc.array(text), (path, key, inputs) => {
        const keys = { added: [key], changed: [key], removed: [key] };
        const within = new Map([[key, inputs]]);
        const changes = [{ path, ...(key === undefined ? {} : { keys, within }) }] as unknown as Change[];
        const word = adoptionData("identity", "deploy", changes);
        assert.match(word, /^\S+$/);
        assert.deepEqual(
          readAdoptionData(word)?.changes,
          key === undefined
            ? [{ path }]
            : [
                { path, key: { name: key, change: "added", inputs } },
                { path, key: { name: key, change: "changed", inputs } },
                { path, key: { name: key, change: "removed", inputs } },
              ],
        );
      }),
    );
  });

  it("keeps a path with a hyphen apart from a key that is removed", () => {
    const path = 'domains["a-b.dev/"].port';
    const data = readAdoptionData(adoptionData("identity", "deploy", [{ path } as Change]));
    assert.deepEqual(data?.changes, [{ path }]);
  });

  it("is not read from another text", () => {
    assert.equal(readAdoptionData("identity;%"), undefined);
    assert.equal(readAdoptionData("identity;none;%"), undefined);
  });
});
