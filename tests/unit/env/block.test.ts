import * as assert from "node:assert/strict";
import { parse } from "dotenv";
import * as fc from "fast-check";
import {
  checkEnv,
  type EnvDialect,
  EnvError,
  mergeEnv,
  parse as parseMap,
  pickEnv,
  readEnv,
  replaceEnv,
  scan,
} from "../../../provider/env";

const name = fc.constantFrom("A", "B", "C", "D", "E.x", "F-1");
const value = fc.oneof(
  fc.constantFrom("", "1", "two words", "a#b", " padded ", "it's", 'say "hi"', "a\nb", "{{x}}", "$HOME"),
  fc.string({ unit: fc.constantFrom(..."ab #'\"`=:\\\n"), maxLength: 12 }),
);
/** Texts as people write them: assignments in every form, comments, blank lines, things that are no assignment. */
const line = fc.oneof(
  fc.tuple(name, value).map(([key, text]) => `${key}=${text}`),
  fc.tuple(name, value).map(([key, text]) => `export ${key} = "${text}" # said "so"`),
  fc.tuple(name, value).map(([key, text]) => `  ${key}: '${text}'`),
  name.map((key) => `${key}:`),
  fc.constantFrom("", "# comment", "   # it's one", "no assignment", "Ä=1", "\t"),
);
const texts = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ""));
const sets = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
const targets = fc.constantFrom<EnvDialect>("application", "compose", "build");

describe("finding the assignments of a text", () => {
  it("finds exactly those that dotenv reads, each with its value", () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: fc.constantFrom(..."AB= :#'\"`\\\n\r") })), (text) => {
        const found = scan(text);
        assert.deepEqual([...new Set(found.map(({ key }) => key))].sort(), Object.keys(parse(text)).sort());
        for (const { key, start, valueStart, valueEnd } of found) {
          assert.ok(start <= valueStart && valueStart <= valueEnd && valueEnd <= text.length);
          assert.ok(text.slice(start, valueStart).includes(key));
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("changing some variables of a text", () => {
  it("gives a text that dotenv reads as intended, or a clear error, and never loses anybody's variable", () => {
    let done = 0;
    let refused = 0;
    fc.assert(
      fc.property(texts, sets, fc.array(name, { maxLength: 2 }), targets, (text, set, remove, target) => {
        let merged: string;
        try {
          merged = mergeEnv(text, set, remove, target);
        } catch (error) {
          assert.ok(error instanceof EnvError);
          refused += 1;
          return;
        }
        done += 1;
        const expected: Record<string, string> = { ...readEnv(text, target), ...set };
        for (const key of remove) if (!Object.hasOwn(set, key)) delete expected[key];
        assert.deepEqual(readEnv(merged, target), expected);
      }),
      { numRuns: 3000 },
    );
    assert.ok(refused < done / 5, `${refused} refused, ${done} done`);
  });

  it("leaves every byte outside of the owned assignments as it is", () => {
    fc.assert(
      fc.property(texts, sets, targets, (text, set, target) => {
        let merged: string;
        try {
          merged = mergeEnv(text, set, [], target);
        } catch {
          return;
        }
        const others = (of: string) => {
          const owned = scan(of).filter(({ key }) => Object.hasOwn(set, key));
          return owned.reduceRight(
            (rest, { start, valueEnd }) => rest.slice(0, start) + rest.slice(valueEnd),
            of,
          );
        };
        const kept = others(text)
          .split(/\r\n|\n/)
          .filter((l) => l.trim() !== "");
        const now = new Set(others(merged).split(/\r\n|\n/));
        for (const l of kept) {
          const isTail = /^\s*#/.test(l);
          assert.ok(now.has(l) || isTail, `${JSON.stringify(l)} is gone from ${JSON.stringify(merged)}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing when there is nothing to change", () => {
    fc.assert(
      fc.property(texts, (text) => {
        assert.equal(mergeEnv(text, {}, [], "compose"), text);
      }),
    );
  });

  const cases: [what: string, text: string, set: Record<string, string>, remove: string[], merged: string][] =
    [
      [
        "replaces in place and keeps what is around",
        "# a\nA=1 # why\nB=2\n",
        { A: "x" },
        [],
        "# a\nA=x # why\nB=2\n",
      ],
      ["adds at the end", "A=1\n", { B: "2" }, [], "A=1\nB=2\n"],
      ["adds to a text without a last line break", "A=1", { B: "2" }, [], "A=1\nB=2"],
      ["adds to an empty text", "", { A: "1", B: "2" }, [], "A=1\nB=2"],
      ["keeps CRLF", "A=1\r\nB=2\r\n", { A: "x", C: "3" }, [], "A=x\r\nB=2\r\nC=3\r\n"],
      ["keeps export and its blanks", "export A = 1\n", { A: "2" }, [], "export A = 2\n"],
      ["replaces a value over several lines", "A='1\n2'\nB=3", { A: "x" }, [], "A=x\nB=3"],
      ["replaces the last of several and drops the others", "A=1\nB=2\nA=3\n", { A: "x" }, [], "B=2\nA=x\n"],
      ["takes a line out with its comment", "A=1 # why\nB=2\n", {}, ["A"], "B=2\n"],
      ["takes out a value over several lines", "A=0\nB='1\n2' # x\nC=3", {}, ["B"], "A=0\nC=3"],
      ["does not mind a name that is not there", "A=1\n", {}, ["Z"], "A=1\n"],
    ];
  for (const [what, text, set, remove, merged] of cases) {
    it(what, () => {
      assert.equal(mergeEnv(text, set, remove, "compose"), merged);
    });
  }

  const hazards: [
    what: string,
    text: string,
    set: Record<string, string>,
    remove: string[],
    merged: string,
  ][] = [
    ["a quote further up that a new one would close", "A='x", { B: "#y" }, [], "A='x\nB=`#y`"],
    ["the same where only that quote can carry the value", "A='x", { B: '#`"\\n' }, [], "B='#`\"\\n'\nA='x"],
    ["a key without a value at the end", "X:", { A: "1" }, [], "A=1\nX:"],
    ["the start of a file with a byte order mark", "\ufeffX:", { A: "1" }, [], "\ufeffA=1\nX:"],
    ["a removed line between a key and a quote", "A=\nB=1\n'x'", {}, ["B"], "A=\n#\n'x'"],
    ["a removed line between a name and `=`", "A\nB=1\n=2", {}, ["B"], "A\n#\n=2"],
    ["an empty value before a quote", "A=1\n'x'", { A: "" }, [], "A=\"\"\n'x'"],
    ["a value that begins on the next line", "A=\n'x' # c", { A: "y" }, [], "A=y # c"],
    ["the colon form on two lines", "A:\r\n'x'\r\nB=1", { A: "y" }, [], "A: y\r\nB=1"],
    ["a comment below a name that has no value", "A:\n# c\nB=1", { A: "x" }, [], "A: x\n# c\nB=1"],
    ["a comment below a removed name", "A:\r\n# c\r\nB=1", {}, ["A"], "# c\r\nB=1"],
    ["a blank line below a removed name", "A:\r\r# c\rB=1", {}, ["A"], "\r# c\rB=1"],
    ["an apostrophe in the comment behind it", "A=1 # it's\nB=2", { A: "x#" }, [], "A='x#' # it's\nB=2"],
    ["CR alone between lines", "A=1\rB=2\r", { A: "x", C: "3" }, [], "A=x\rB=2\rC=3\r"],
    ["the byte order mark of a removed line", "\ufeffA=1\nB=2", {}, ["A"], "\ufeffB=2"],
    ["the last line, which has no line break", "A=1\r\nB=2", {}, ["B"], "A=1"],
    ["all lines", "A=1\nB=2", {}, ["A", "B"], ""],
    ["a value that it has already, written in another way", 'A="x" # c', { A: "x" }, [], 'A="x" # c'],
    ["a name that is both set and removed", "A=1", { A: "2" }, ["A"], "A=2"],
    ["export on a line of its own", "export\nA=1\nB=2", {}, ["A"], "B=2"],
  ];
  for (const [what, text, set, remove, merged] of hazards) {
    it(`respects ${what}`, () => {
      const result = mergeEnv(text, set, remove, "compose");
      assert.equal(result, merged);
      assert.deepEqual(pickEnv(result, Object.keys(set), "compose"), set);
    });
  }

  it("gives back the text it began with when what it added is removed", () => {
    fc.assert(
      fc.property(texts, value, (text, added) => {
        fc.pre(checkEnv({ NEW: added }, "compose").length === 0);
        const merged = mergeEnv(text, { NEW: added }, [], "compose");
        assert.equal(mergeEnv(merged, {}, ["NEW"], "compose"), text);
      }),
      {
        numRuns: 2000,
        examples: [
          ["", "1"],
          ["A=1", "1"],
          ["A=1\n", "1"],
          ["A='x", "#y"],
        ],
      },
    );
  });

  it("applies any change to any text, or names the line in the way", () => {
    const wild = fc.string({ unit: fc.constantFrom(..."AB=: #'\"`\\\n\r\u2028", "export "), maxLength: 30 });
    let refused = 0;
    fc.assert(
      fc.property(
        wild,
        fc.dictionary(name, value, { maxKeys: 2, noNullPrototype: true }),
        fc.array(name, { maxLength: 2 }),
        (text, set, remove) => {
          if (checkEnv(set, "compose").length > 0) return;
          let merged: string;
          try {
            merged = mergeEnv(text, set, remove, "compose");
          } catch (error) {
            assert.ok(error instanceof EnvError);
            refused += 1;
            return;
          }
          const expected = new Map([...parseMap(text), ...Object.entries(set)]);
          for (const key of remove) if (!Object.hasOwn(set, key)) expected.delete(key);
          assert.deepEqual(parse(merged), Object.fromEntries(expected));
        },
      ),
      { numRuns: 5000 },
    );
    assert.ok(refused < 100, `${refused} of 5000 refused`);
  });

  it("gives a text all its variables and keeps its other lines, or names the line in the way", () => {
    let refused = 0;
    fc.assert(
      fc.property(texts, sets, targets, (text, env, target) => {
        if (checkEnv(env, target).length > 0) return;
        let replaced: string;
        try {
          replaced = replaceEnv(text, env, target);
        } catch (error) {
          assert.ok(error instanceof EnvError);
          refused += 1;
          return;
        }
        assert.deepEqual(readEnv(replaced, target), env);
        // A comment inside of a value is a part of that value.
        const comments = (of: string) =>
          scan(of)
            .reduceRight((rest, { start, valueEnd }) => rest.slice(0, start) + rest.slice(valueEnd), of)
            .split(/\r\n|\n/)
            .filter((l) => /^\s*# ?(?:comment|it's one)$/.test(l));
        assert.deepEqual(comments(replaced), comments(text));
      }),
      { numRuns: 3000, examples: [["A=\na:\n# comment", {}, "application"]] },
    );
    assert.ok(refused < 150, `${refused} of 3000 refused`);
    assert.equal(
      replaceEnv("# by hand\nA=1 # one\nB=2\njunk\n", { A: "2" }, "compose"),
      "# by hand\nA=2 # one\njunk\n",
    );
    assert.equal(replaceEnv("B=2\nA=1\n", { A: "2" }, "compose"), "A=2");
  });

  it("names the line that is in the way and shows no value", () => {
    // B's quote ends A's value; without it A would run into the comment.
    const text = "# first\nA='canary\nB=1'\n#'";
    const values = parse(text);
    for (const key of Object.keys(values)) {
      try {
        assert.ok(!Object.hasOwn(parse(mergeEnv(text, {}, [key], "compose")), key));
      } catch (error) {
        assert.ok(
          error instanceof EnvError && /line \d+/.test(error.message) && !/canary/.test(error.message),
        );
      }
    }
  });

  it("refuses invalid values, and a text that has become too long, without showing a value", () => {
    for (const [text, set] of [
      ["", { BAD: "canary'`\"\n" }],
      ["", { "B D": "canary" }],
      ["#".repeat(94_990), { BIG: "canary canary" }],
      ["enc:v1:x", { A: "canary" }],
    ] as const) {
      assert.throws(
        () => mergeEnv(text, set, [], "compose"),
        (error) => error instanceof EnvError && !/canary/.test(error.message),
      );
    }
  });

  it("escapes templates for an application only", () => {
    assert.equal(mergeEnv("", { A: "{{x}}" }, [], "application"), 'A={{"{{"}}x}}');
    assert.equal(mergeEnv("", { A: "{{x}}" }, [], "compose"), "A={{x}}");
  });

  it("picks the owned part, and leaves out what does not exist", () => {
    assert.deepEqual(pickEnv("A=1\nB='2'\nC=3", ["B", "Z"], "compose"), { B: "2" });
  });
});
