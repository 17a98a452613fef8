import * as assert from "node:assert/strict";
import { levelOf, readLevels } from "../../../../provider/dokploy";

describe("levels of checks in settings", () => {
  const read = (text: string) => readLevels(text, "HERE");

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

  it("may be of one resource or variable, for a check of a program", () => {
    const levels = read("no-https/wiki=off,no-https=error,plain-secret/api.env.KEY=off");
    assert.deepEqual(
      ["wiki", "shop"].map((name) => levelOf("no-https", name, levels)),
      ["off", "error"],
    );
    assert.equal(levelOf("plain-secret", "api.env.KEY", levels), "off");
    assert.equal(levelOf("no-memory-limit", "api", levels), "info");
    assert.throws(() => read("localhost/api=off"), /no check has the name "localhost\/api"/);
  });

  const wrong: [what: string, text: string, message: RegExp][] = [
    [
      "a check that is none",
      "latest=off",
      /^HERE: no check has the name "latest"; the checks are plain-secret, .*latest-tag, .*localhost/,
    ],
    [
      "a level that is none",
      "latest-tag=loud",
      /^HERE: the level of latest-tag must be off, warn, error, info/,
    ],
    ["broken JSON", '{"latest-tag"', /^HERE must be a map/],
    ["a list", "[1]", /^HERE must be a map/],
    ["a word", "off", /^HERE must be a map/],
    ["a name that objects have", "constructor=off", /no check has the name "constructor"/],
  ];
  for (const [what, text, message] of wrong) {
    it(`are refused for ${what}`, () => assert.throws(() => read(text), { message }));
  }
});
