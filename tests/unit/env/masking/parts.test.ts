import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { maskSecrets } from "../../../../provider/env";
import { partsOf, secretsWithin } from "../../../../provider/env/masking/parts";

const file = `
# by hand: n0te-in-a-comment
services:
  shop:
    image: acme/shop:1.4
    restart: unless-stopped
    ports: ["3000:3000", 8080]
    command: [serve, --motto, "m0tto of the house", --pin=p1n]
    depends_on: [cache]
    environment:
      MOTTO: plain-looking-c4nary
      LIST: '["inner-c4nary", {"a": "deeper-c4nary"}]'
      SHORT: gr8ly
      PASS: true-ly
      PIN_CODE: "0123456"
      FALLBACK: \${MOTTO:-fallback-c4nary}/and-more
      DOLLARS: d0llar$$sign
  cache:
    image: registry.example/cache@sha256:abc
    environment:
      - WAY=list-c4nary
      - EMPTY
configs:
  conf:
    content: |
      first-c4nary = 1
      listen second-c4nary;
x-note: >-
  folded c4nary
  goes on
`;

describe("a secret compose file in a log", () => {
  const hidden = [
    "by hand: n0te-in-a-comment",
    "m0tto of the house",
    "plain-looking-c4nary",
    "inner-c4nary",
    "deeper-c4nary",
    "true-ly",
    "0123456",
    "fallback-c4nary",
    "/and-more",
    "d0llar$sign",
    "d0llar$$sign",
    "list-c4nary",
    "WAY=list-c4nary",
    "first-c4nary = 1",
    "listen second-c4nary;",
    "folded c4nary goes on",
  ];
  for (const text of hidden) {
    it(`hides ${JSON.stringify(text)} in any place`, () => {
      assert.equal(maskSecrets(`x${text}y`, [file]).includes(text), false);
      assert.match(maskSecrets(`error: ${text} is wrong`, [file]), /^error: .*\[secret\]( is wrong)?$/);
    });
  }

  for (const line of [
    "Error response from daemon: No such image: acme/shop:1.4",
    "Container app-shop-1 Started, cache is running, restart: unless-stopped",
    "listening on 3000, true, null, latest",
    "undefined volume in environment of configs.conf.content",
    "greatly, gr8lyer",
  ]) {
    it(`leaves ${JSON.stringify(line)} unchanged`, () => assert.equal(maskSecrets(line, [file]), line));
  }

  it("hides a value under the key image outside of a service", () => {
    for (const place of [
      "configs:\n  shop:\n    image: c4nary-image",
      "services:\n  shop:\n    build:\n      image: c4nary-image",
      "services:\n  image: c4nary-image",
      "image: c4nary-image\nx: y",
    ])
      assert.equal(maskSecrets("it is c4nary-image.", [`${place}\n`]), "it is [secret].", place);
  });

  it("hides a comment with which it begins", () => {
    assert.equal(maskSecrets("a c4nary-comment", ["# c4nary-comment\nservices:\n  a: {}\n"]), "a [secret]");
  });

  it("hides short values if they stand alone", () => {
    assert.equal(maskSecrets("SHORT=gr8ly, (gr8ly)", [file]), "SHORT=[secret], ([secret])");
  });

  it("hides a value wherever it is in the structure", () => {
    const value = fc.stringMatching(/^[a-zA-Z0-9_-]{6,20}$/).map((text) => `c4n${text}`);
    const structure = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        value,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("tree"), { maxKeys: 3 }),
      ),
    })).tree;
    fc.assert(
      fc.property(structure, value, fc.boolean(), (tree, secret, indented) => {
        const text = JSON.stringify(
          { tree, secret, nested: JSON.stringify([secret]) },
          null,
          indented ? 2 : 0,
        );
        assert.equal(maskSecrets(`it was ${secret}.`, [text]), "it was [secret].");
      }),
    );
  });
});

describe("parts of a secret", () => {
  const texts = (secret: string) => partsOf(secret).map(({ text }) => text);

  it("are the values of JSON in one line, of assignments, and the text around references", () => {
    assert.ok(texts('{"hook":"c4nary-1"}').includes("c4nary-1"));
    assert.ok(texts("export NAME='c4nary-2'").includes("c4nary-2"));
    assert.ok(texts("A=1\nB=c4nary-3\n").includes("c4nary-3"));
    assert.ok(texts("pre-c4nary-${{project.X}}-post-c4nary").includes("pre-c4nary-"));
    assert.equal(texts("pre-c4nary-${{project.X}}").includes("project.X"), false);
  });

  it("are values of JSON in YAML in JSON, and no values deeper than that", () => {
    const wrap = (text: string) => JSON.stringify({ a: text, b: 1 });
    assert.ok(texts(wrap(wrap(wrap("c4nary-4")))).includes("c4nary-4"));
  });

  it("are the values of each document, and of texts that are not YAML or only names", () => {
    for (const [secret, ...parts] of [
      ["a: c4nary-10\n---\nb: c4nary-11\n", "c4nary-10", "c4nary-11"],
      ["a: [c4nary-10\nb: c4nary-11\n", "c4nary-11"],
      ["NAME=c4nary-10:\nOTHER=c4nary-11:\n", "c4nary-10:", "c4nary-11:"],
      ['a: "c4\\x6eary-10"\nb: c\n', "c4nary-10", "c4\\x6eary-10"],
      ['a: "c4\\x6eary-10"\na: "c4\\x6eary-11"\n', "c4nary-10", "c4nary-11"],
      ["first\ngo to postgres://me:c4nary-10@db/x\n", "c4nary-10"],
      ['a: ["https://c4nary.example/hook"]\n', "https://c4nary.example/hook"],
    ] as const)
      for (const part of parts) assert.ok(texts(secret).includes(part), `${secret}: ${part}`);
  });

  it("exclude names before values, common words in capitals, and numbers inside others", () => {
    assert.equal(maskSecrets("got WAY=list-c4nary.", [file]), "got WAY=[secret].");
    assert.equal(maskSecrets("the LATEST", ["A: LATEST\nB: c4nary\n"]), "the LATEST");
    assert.equal(
      maskSecrets("code 13471123, 471123", ["PASSWORD: 471123\nA: b\n"]),
      "code 13471123, [secret]",
    );
    for (const secret of ["true ", " TRUE", "Off\n"])
      assert.equal(maskSecrets("it is true , TRUE, Off\n", [secret]), "it is true , TRUE, Off\n");
  });

  it("are the password of an address, plain and decoded, and the text after a name of a secret", () => {
    assert.ok(texts("postgres://me:c4n%2Fary@db/x").includes("c4n%2Fary"));
    assert.ok(texts("postgres://me:c4n%2Fary@db/x").includes("c4n/ary"));
    assert.ok(texts("postgres://me:c4n%zzary@db/x").includes("c4n%zzary"));
    assert.ok(texts("run --api-token=c4nary-5").includes("c4nary-5"));
    assert.ok(texts("run with apiKey: 'c4nary-6'").includes("c4nary-6"));
  });

  it("are the default of a variable, in each notation", () => {
    for (const sign of ["-", ":-", "+", ":+", "?", ":?"])
      assert.ok(texts(`pre-\${NAME${sign}c4nary-7}`).includes("c4nary-7"), sign);
    assert.equal(texts("pre-c4nary-${NAME_LONG}").includes("NAME_LONG"), false);
    assert.ok(texts("c4nary-8$NAME-c4nary-9").includes("c4nary-8"));
  });

  it("exclude switches, and numbers inside other words", () => {
    assert.equal(maskSecrets("it is true, structure", ["true"]), "it is true, structure");
    assert.equal(
      maskSecrets("code 471123, 13471123, 471123.", ["471123"]),
      "code [secret], 13471123, [secret].",
    );
    assert.equal(maskSecrets("-phunter2", ["hunter2"]), "-p[secret]");
  });

  it("are hidden from four characters on, without the text before them", () => {
    assert.equal(maskSecrets("it is xp1n4x, p1n", ["p1n4", "p1n"]), "it is x[secret]x, p1n");
    assert.equal(maskSecrets("got X=p1n4, X", ["X=p1n4\nY=z\n"]), "got X=[secret], X");
  });

  it("of six characters are hidden in the middle of words, and numbers only alone", () => {
    const secret = "A: abcdef\nB: 1234567\nC: 123456abc\nD: abcde\n";
    assert.equal(
      maskSecrets("xabcdefx 91234567 1234567 x123456abcx xabcdex abcde", [secret]),
      "x[secret]x 91234567 [secret] x[secret]x xabcdex [secret]",
    );
  });

  it("are the same without the spaces around them, which no message keeps", () => {
    for (const secret of ["hunter2-c4nary ", "\thunter2-c4nary", "A=1\n  hunter2-c4nary  \n"])
      assert.equal(maskSecrets("it is hunter2-c4nary.", [secret]), "it is [secret].");
  });

  it("are hidden in the middle of words if one place requires it, in any order", () => {
    const texts = ["PASSWORD: gr8ly\nMOTTO: gr8ly\n", "MOTTO: gr8ly\nPASSWORD: gr8ly\n"];
    for (const secrets of [
      ...texts.map((text) => [text]),
      ["MOTTO: gr8ly\nX: y\n", "gr8ly"],
      ["gr8ly", "MOTTO: gr8ly\nX: y\n"],
    ]) {
      const all = secrets.map((text) => (text.includes("\n") ? `${text}MORE: x\n` : text));
      assert.equal(maskSecrets("xgr8lyx", all), "x[secret]x", all.join());
    }
    assert.equal(maskSecrets("xgr8lyx", ["MOTTO: gr8ly\nMORE: x\n"]), "xgr8lyx");
  });

  it("are a text of base64 with its padding, which is no assignment", () => {
    const secret = '{"note":"bm90LXlvdXJzLTEyMw=="}';
    assert.equal(maskSecrets("it is bm90LXlvdXJzLTEyMw== here", [secret]), "it is [secret] here");
  });

  it("are the short passwords of each address, in the middle of words too", () => {
    const secret = "a: postgres://me:fr3sh@db/x\nb: postgres://me:gr8ly@db/x\n";
    assert.equal(maskSecrets("xfr3shx xgr8lyx", [secret]), "x[secret]x x[secret]x");
  });

  it("survives any text, however hard to read", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void partsOf(text)));
    for (const text of [
      `${"[".repeat(20_000)}\n`,
      `a: &a [*a]\nb: *a\n`,
      `${"a: 1\n".repeat(20_000)}`,
      "${".repeat(50_000),
    ]) {
      const start = performance.now();
      partsOf(text);
      assert.ok(performance.now() - start < 10_000);
    }
  }).timeout(60_000);

  it("of a plain text are the parts that look secret", () => {
    assert.deepEqual(
      secretsWithin("services:\n  a:\n    environment: {DB_PASSWORD: c4nary, LEVEL: info}\n"),
      ["c4nary"],
    );
    assert.deepEqual(secretsWithin("services:\n  a:\n    environment: [DB_PASSWORD=c4nary, LEVEL=info]\n"), [
      "c4nary",
    ]);
    assert.deepEqual(secretsWithin("DB_PASSWORD=c4nary\nLEVEL=info\n"), ["c4nary"]);
    assert.deepEqual(secretsWithin("postgres://me:c4nary@db/x"), ["c4nary", "c4nary"]);
    assert.deepEqual(secretsWithin("plain"), []);
  });
});
