import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { keyedHash } from "../../../packages/values";
import { type Api, Companions } from "../../../provider/dokploy";

const withKey = (apiKey: string): Pick<Api, "sign"> => ({
  sign: (purpose, ...values) => keyedHash(apiKey, purpose, ...values),
});
const rowOf = (applicationId: string, description: string) => ({ applicationId, description });

describe("the description of a companion", () => {
  const word = "a word that only the state has";
  const companions = new Companions(withKey("key"), word);
  const text = companions.text("app1", "own1");

  it("is that of this application alone", () => {
    assert.deepEqual(companions.read(rowOf("own1", text)), { of: "app1", subject: "own1", isOwn: true });
    assert.equal(companions.read(rowOf("other", text))?.isOwn, false, "a copy");
  });

  it("is recognised by the word or by the key", () => {
    assert.ok(new Companions(withKey("new key"), word).read(rowOf("own1", text)));
    assert.ok(new Companions(withKey("key")).read(rowOf("own1", text)));
    assert.ok(new Companions(withKey("key"), "another word").read(rowOf("own1", text)));
    assert.equal(new Companions(withKey("new key"), "another word").read(rowOf("own1", text)), undefined);
    assert.equal(new Companions({}).read(rowOf("own1", new Companions({}).text("app1", "own1"))), undefined);
  });

  it("contains neither the word nor the key", () => {
    const all = new Companions(withKey("canary-key"), "canary-word").text("app1", "own1");
    assert.doesNotMatch(all, /canary/);
  });

  it("is nothing that somebody without both can write", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."abcXYZ019+/_- ().".split("")), maxLength: 60 });
    fc.assert(
      fc.property(letters, fc.nat({ max: text.length }), fc.nat({ max: 30 }), (piece, at, length) => {
        const forged = text.slice(0, at) + piece + text.slice(at + length);
        const read = companions.read(rowOf("victim", forged));
        // It may have become a copy of the whole, or lost one of its two signatures.
        assert.ok(read === undefined || (read.of === "app1" && read.subject === "own1" && !read.isOwn));
        assert.equal(companions.read(rowOf("victim", forged.replaceAll("own1", "victim"))), undefined);
      }),
    );
  });
});
