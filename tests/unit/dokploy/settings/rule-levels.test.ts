import * as assert from "node:assert/strict";
import { readRuleLevels } from "../../../../provider/dokploy";

describe("levels of rules in settings", () => {
  const read = (text: string) => readRuleLevels(text, "HERE");

  it("come as JSON, or as pairs", () => {
    assert.deepEqual(read('{"latest-tag":"error","localhost":"off"}'), {
      "latest-tag": "error",
      localhost: "off",
    });
    assert.deepEqual(read(" latest-tag=error , localhost=off,"), { "latest-tag": "error", localhost: "off" });
    assert.deepEqual(read("{}"), {});
  });

  it("take false for off, as YAML has it", () => {
    assert.deepEqual(read('{"localhost":false}'), { localhost: "off" });
    assert.deepEqual(read('{"localhost":"false"}'), { localhost: "off" });
  });

  const wrong: [what: string, text: string, message: RegExp][] = [
    [
      "a rule that is none",
      "latest=off",
      /^HERE: no rule has the name "latest"; the rules are syntax, .*latest-tag/,
    ],
    ["a level that is none", "latest-tag=loud", /^HERE: the level of latest-tag must be off, warn, error/],
    ["broken JSON", '{"latest-tag"', /^HERE must be a map/],
    ["a list", "[1]", /^HERE must be a map/],
    ["a word", "off", /^HERE must be a map/],
    ["a name that objects have", "constructor=off", /no rule has the name "constructor"/],
  ];
  for (const [what, text, message] of wrong) {
    it(`are refused for ${what}`, () => assert.throws(() => read(text), { message }));
  }
});
