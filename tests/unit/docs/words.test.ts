import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

interface Text {
  readonly shown: string;
  readonly kind: string;
}

interface Finding {
  readonly line: number;
  readonly rule: string;
  readonly sentence: string;
}

const { markdownTexts } = require("../../../scripts/words/markdown.cjs") as {
  markdownTexts: (source: string) => Text[];
};
const { titleTexts, typescriptTexts } = require("../../../scripts/words/typescript.cjs") as {
  titleTexts: (source: string) => Text[];
  typescriptTexts: (source: string) => Text[];
};
const { checkerOf } = require("../../../scripts/words/rules.cjs") as {
  checkerOf: (rules: readonly object[]) => (texts: readonly Text[]) => Finding[];
};
const { main, proseFiles } = require("../../../scripts/words.cjs") as {
  main: (args: string[], root: string) => number;
  proseFiles: (root: string) => string[];
};
const rules = require("../../../scripts/words/words.json") as {
  readonly rule: string;
  readonly find?: readonly string[];
  readonly reason: string;
  readonly instead: string;
}[];

const check = checkerOf(rules);

/** Findings in a page, as `line rule`. */
const inPage = (source: string) => check(markdownTexts(source)).map(({ line, rule }) => `${line} ${rule}`);
const inCode = (source: string) => check(typescriptTexts(source)).map(({ line, rule }) => `${line} ${rule}`);

describe("the checker of words", () => {
  it("finds banned words and phrases, in any case and across lines", () => {
    assert.deepEqual(inPage("The error tells all.\n\nIt is\nof use. Told once."), ["1 tell", "4 tell"]);
    assert.deepEqual(inPage("A container is beside it, and it starts by\nitself."), [
      "1 beside",
      "1 by itself",
    ]);
    assert.deepEqual(inPage("The retold story is intelligible."), []);
  });

  it("leaves out code, links' addresses and phrases that are right", () => {
    assert.deepEqual(
      inPage("The type `blank` and [this](https://a.test/blank) or <https://b.test/blank>."),
      [],
    );
    assert.deepEqual(inPage("```ts\n// blank\n```\n\n    blank\n"), []);
    assert.deepEqual(inPage("Apart from that, it works. They stand apart."), ["1 apart"]);
  });

  it("reads the text of links, each item of a list and each cell of a table", () => {
    assert.deepEqual(inPage("See [the blank](a.md).\n\n- one\n- the answer"), ["1 blank", "4 answer"]);
    assert.deepEqual(inPage("| a | b |\n|---|---|\n| x | what stays the same |\n| is | there |"), [
      "3 begin",
    ]);
  });

  it("finds how sentences begin, but not in questions and in the middle of one", () => {
    assert.deepEqual(inPage("It works. What stays is saved. Of these, two stay.\nThe same holds here."), [
      "1 begin",
      "1 begin",
      "2 begin",
    ]);
    assert.deepEqual(inPage("What does it cost? Of course it is free, e.g. What it says."), []);
    assert.deepEqual(inPage("It shows the changes:\n\n- who made it here"), []);
  });

  it("finds sentences of more than 40 words, where code is one word", () => {
    assert.deepEqual(inPage(`${"word ".repeat(40)}.`), []);
    assert.deepEqual(inPage(`${"word ".repeat(41)}.`), ["1 long"]);
    assert.deepEqual(inPage(`${"word ".repeat(39)} \`a b c\`.`), []);
  });

  it("finds docstrings that begin with neither a noun nor a verb", () => {
    const source = [
      "/** Whether it runs. */",
      "const a = 1;",
      "/**",
      " * Returns the id.",
      " * What follows is a second sentence.",
      " *",
      " * @param id what the server calls it",
      " * @returns the id of {@link Blank}",
      " * @example A blank",
      " * const blank = tell();",
      " */",
      "const b = 2;",
    ];
    assert.deepEqual(inCode(source.join("\n")), ["1 docstring", "5 begin", "7 begin"]);
  });

  it("reads comments of several lines as one text, without directives", () => {
    assert.deepEqual(
      inCode(
        "f(); // The blank\n// It starts by\n// itself.\n// biome-ignore lint: told\ng(/* an answer */);",
      ),
      ["1 blank", "2 by itself", "5 answer"],
    );
  });

  it("reads messages of four words and more, put together from their parts", () => {
    assert.deepEqual(inCode('const a = "a blank here";'), []);
    assert.deepEqual(inCode('const a = "the blank is here";'), ["1 blank"]);
    assert.deepEqual(inCode("const a = `the blank of ${name}`;"), ["1 blank"]);
    assert.deepEqual(inCode('const a =\n  `Saved ${n} of it. ` +\n  "What remains is by " + "itself.";'), [
      "3 by itself",
      "3 begin",
    ]);
    assert.deepEqual(inCode('const a = `${x ? "the blank is here" : ""}`; import "the blank is here";'), [
      "1 blank",
    ]);
    assert.deepEqual(inCode("const a = `One line here\nand a second with a blank`;"), ["2 blank"]);
    assert.deepEqual(inCode('const a = "of the project that is new";'), []);
  });

  it("reads only the titles of tests", () => {
    const source = [
      'describe("a blank", () => {',
      '  it(`tells ${"all"}`, () => {',
      "    // A blank.",
      '    assert.match(text, /x/, "the blank tells all");',
      "  });",
      "});",
    ].join("\n");
    assert.deepEqual(
      check(titleTexts(source)).map(({ line, rule }) => `${line} ${rule}`),
      ["1 blank", "2 tell"],
    );
  });

  it("has a reason and other words for each rule, and finds each phrase that it names", () => {
    for (const { rule, find = [], reason, instead } of rules) {
      assert.match(reason, /\.$/, rule);
      assert.notEqual(instead, "", rule);
      for (const phrase of find) {
        const sentence = `${phrase.replace("…", "a few things")} and more words.`;
        const found = [...inCode(`/** ${sentence} */`), ...inPage(sentence)];
        assert.ok(found.includes(`1 ${rule}`), `${rule}: ${phrase}`);
      }
    }
  });

  it("fails with --check only where a sentence breaks a rule", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "words-"));
    const [banned = ""] = rules.flatMap(({ find = [] }) => find.filter((phrase) => !phrase.includes("…")));
    const printed: string[] = [];
    const { log } = console;
    console.log = (line: string) => printed.push(line);
    try {
      fs.writeFileSync(path.join(folder, "README.md"), `A page with ${banned} in it.\n`);
      fs.writeFileSync(path.join(folder, "SECURITY.md"), "A page without it.\n");
      assert.equal(main(["--check", "SECURITY.md"], folder), 0);
      assert.deepEqual(printed, []);
      assert.equal(main(["--check", "README.md"], folder), 1);
      assert.match(printed[0] ?? "", /^README\.md:1: /);
      assert.equal(main(["README.md"], folder), 0);
    } finally {
      console.log = log;
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it("reads pages and code that people write", () => {
    const files = proseFiles(`${__dirname}/../../..`);
    for (const file of [
      "README.md",
      "docs/start/ci.md",
      "provider/runtime.ts",
      "packages/compose-checks/README.md",
      "tests/unit/docs/words.test.ts",
    ])
      assert.ok(files.includes(file), file);
    assert.deepEqual(
      files.filter((file) => /generated\/|docs\/reference\/|\/tests\/|node_modules/.test(file)),
      [],
    );
  });
});
