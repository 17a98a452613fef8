import * as assert from "node:assert/strict";
import { check, found, service } from "./found";

describe("reading a compose file", () => {
  const right: [what: string, text: string][] = [
    ["a plain file", service("")],
    ["a byte order mark", `\uFEFF${service("")}`],
    ["CRLF", service("restart: always").replaceAll("\n", "\r\n")],
    ["a document mark at its beginning", `---\n${service("")}`],
    ["comments, also at its end", `# a\n${service("")}# b\n`],
    [
      "anchors, aliases and merge keys",
      "x-base: &base\n  restart: always\n  image: acme/base:1\nservices:\n  a:\n    <<: *base\n  b:\n    <<: [*base]\n    image: acme/b:2\n",
    ],
    [
      "a merge key in quotes, which Dokploy takes off",
      "x-base: &base {image: 'acme/base:1'}\nservices:\n  a:\n    '<<': *base\n",
    ],
    ["extensions on every level", service("x-note: a", "x-more: {a: [1]}\n")],
    ["JSON", '{"services": {"web": {"image": "acme/web:1"}}}'],
  ];
  for (const [what, text] of right) {
    it(`finds nothing in ${what}`, () => assert.deepEqual(check(text), []));
  }

  const wrong: [what: string, text: string, place: string, reason: RegExp][] = [
    ["an empty file", "", "syntax", /is empty/],
    ["a file of comments alone", "# nothing\n", "syntax", /is empty/],
    ["null", "null\n", "1:1 syntax", /mapping/],
    ["a list", "- a\n", "1:1 syntax", /mapping that begins with services/],
    ["a text", "hello\n", "1:1 syntax", /mapping/],
    ["a tab", "services:\n\tweb: {}\n", "2:1 syntax", /tab/],
    ["an open bracket", "services: [\n", "2:1 syntax", /bracket/],
    ["an open quote", 'services:\n  web:\n    image: "acme\n', "3:12 syntax", /quote is not closed/],
    ["a key that is there twice", "services: {}\nservices: {}\n", "2:1 syntax", /twice/],
    ["a second document", `${service("")}---\na: 1\n`, "4:1 syntax", /another document/],
    ["an alias of nothing", "services:\n  web: *nothing\n", "2:8 syntax", /no anchor above/],
    ["an alias of what is around it", "services: &a\n  web: *a\n", "2:8 syntax", /contains it/],
    ["a merge of a text", "services:\n  web:\n    <<: text\n", "3:5 syntax", /<< must name a mapping/],
    [
      "two merge keys",
      "x-a: &a {init: true}\nservices:\n  web:\n    <<: *a\n    '<<': *a\n",
      "5:5 syntax",
      /<< appears twice: .*<<: \[\*a, \*b\]/,
    ],
    ["a mapping as a key", "? {a: b}\n: c\n", "1:3 syntax", /key must be text/],
    ["a wrong indentation", "services:\n    web:\n   a: 1\n", "3:4 syntax", /indentation/],
    [
      "a line too deep below a value",
      "services:\n  web:\n    image: x:1\n      command: y\n",
      "4:7 syntax",
      /indented deeper than the line above/,
    ],
    ["a colon in a value", "services:\n  web: a: b\n", "2:8 syntax", /second colon/],
  ];
  for (const [what, text, place, reason] of wrong) {
    it(`tells the place of ${what}, and nothing else`, () => {
      assert.deepEqual(found(text), [place]);
      assert.match(check(text)[0]?.message ?? "", reason);
    });
  }

  it("counts lines that end in CRLF once, and columns after a byte order mark from 1", () => {
    assert.deepEqual(found("\uFEFFversion: '3'\r\nservices:\r\n  web:\r\n    image: web\r\n"), [
      "1:1 version-field",
      "4:12 latest-tag",
    ]);
  });

  it("says so of a file over 1 MB, without reading it", () => {
    const [finding, ...others] = check(`${service("")}# ${"x".repeat(1_000_000)}`);
    assert.deepEqual(others, []);
    assert.match(finding?.message ?? "", /1 MB/);
  });

  it("ends at aliases that stand for too much", () => {
    const layers = "bcdefghi".split("").map((name, index) => {
      const below = `*${"abcdefgh"[index]}`;
      return `${name}: &${name} [${Array(9).fill(below).join(", ")}]`;
    });
    assert.match(check(["a: &a [x, x]", ...layers].join("\n"))[0]?.message ?? "", /too large/);
  });

  for (const [what, open] of [
    ["lists", "["],
    ["mappings", "{a: "],
    ["lists by dashes", "- "],
  ] as const) {
    it(`says so of ${what} that are nested too deep, where reading them would end the process`, () => {
      const [finding, ...others] = check(open.repeat(20_000));
      assert.deepEqual(others, []);
      assert.match(finding?.message ?? "", /nested too deep/);
    });
  }

  it("looks at what stands behind an alias at the place where it is written", () => {
    const text =
      "x-base: &base\n  container_name: web\n  image: acme/web:1\nservices:\n  web:\n    <<: *base\n";
    assert.deepEqual(found(text), ["2:3 container-name"]);
  });

  it("lets a key of its own win over a merged one", () => {
    const text =
      "x-base: &base\n  image: acme/web\nservices:\n  web:\n    image: acme/web:1\n    <<: *base\n";
    assert.deepEqual(found(text), []);
  });
});
