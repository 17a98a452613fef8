import * as assert from "node:assert/strict";
import { encodeValue } from "../../../provider/env/dotenv";
import { expandTemplate } from "../../../provider/env/go-template";
import { fromRaw, isLiteral } from "../../../provider/env/quoting";
import { escapeForStack, isLostInStack, unescapeFromStack } from "../../../provider/env/swarm";

describe("a value of a stack", () => {
  for (const [value, written] of [
    ["plain", "plain"],
    ["a\nb", 'a{{"\\x0a"}}b'],
    ["a\r\n\nb", 'a{{"\\x0d\\x0a\\x0a"}}b'],
    ["~/x", '{{"~"}}/x'],
    ["a~b", "a~b"],
    ["it's", "it's"],
    ["it's!", 'it{{"\\x27"}}s!'],
    ["wow!", "wow!"],
    ["a {{b}}", 'a {{"{{"}}b}}'],
  ] as const) {
    it(`is written as ${written}, and arrives as it is`, () => {
      assert.equal(escapeForStack(value), written);
      assert.deepEqual(expandTemplate(written), { text: value });
      assert.equal(unescapeFromStack(written), value);
    });
  }

  it("is written so that dotenv reads it, with any quotes in it", () => {
    for (const value of ["#'`\"\\", "#'x`\"", "'#\\\n`", "~'#`\\", "#`\"\n'\\"]) {
      const written = escapeForStack(value);
      assert.notEqual(encodeValue(written), undefined, value);
      assert.deepEqual(expandTemplate(written), { text: value });
      assert.equal(isLostInStack(written), false, written);
    }
  });

  it("is lost with a line break, or an exclamation mark together with a single quote", () => {
    assert.deepEqual(["a\nb", "a\rb", "'!", "!", "'", "ab"].map(isLostInStack), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a value with a part that something on the way replaces", () => {
  it("is read with a note that names the program that replaces it", () => {
    assert.equal(fromRaw("a ${B} c", "compose-templates"), "a ${B} c (not as it stands: Compose reads it)");
    assert.equal(isLiteral("a ${B} c", "compose-templates"), false);
    assert.equal(isLiteral("a ${B} c", "compose"), true);
    assert.equal(fromRaw("a ${B} c", "compose"), "a ${B} c");
    assert.equal(isLiteral("'a", "compose-unquoted"), false);
    assert.equal(fromRaw("'a'", "compose-unquoted"), "a");
  });
});
