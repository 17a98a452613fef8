import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as fc from "fast-check";
import { checkEnv, writeEnv } from "../../../provider/env/codec";
import { FileError } from "../../../sdk/files/source";
import { loadEnv } from "../../../sdk/load-env";

describe("loading variables from a file", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "load-env-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function load(name: string, content: string | Buffer): Record<string, string> {
    const path = join(folder, name);
    writeFileSync(path, content);
    return loadEnv(path);
  }

  /** The message without the folder. */
  function failure(name: string, content: string | Buffer): string {
    try {
      load(name, content);
    } catch (error) {
      assert.ok(error instanceof FileError);
      assert.doesNotMatch(error.message, /canary/i);
      return error.message.replaceAll(join(folder, "/"), "");
    }
    throw new assert.AssertionError({ message: `${JSON.stringify(content)} was taken` });
  }

  const yaml: [what: string, text: string, env: Record<string, string>][] = [
    [
      "scalars as they are written",
      "A: on\nB: 1.10\nC: 007\nD: 0x1F\nE: 2020-01-02\nF: ~\nG: null\nH: 1e3\nI: Yes\nJ: .inf\nK: 1_000\nL: 12:30:45",
      {
        A: "on",
        B: "1.10",
        C: "007",
        D: "0x1F",
        E: "2020-01-02",
        F: "~",
        G: "null",
        H: "1e3",
        I: "Yes",
        J: ".inf",
        K: "1_000",
        L: "12:30:45",
      },
    ],
    ["no value as the empty text", "A:\nB: ''\nC: \"\"\nD: # c\n", { A: "", B: "", C: "", D: "" }],
    ["quoted scalars by their value", "A: 'it''s'\nB: \"x\\ny\\t\\u00e9\"", { A: "it's", B: "x\ny\té" }],
    [
      "block scalars by their value",
      "A: |\n  1\n  2\nB: |-\n  x\n   y\nC: >\n  a\n  b\n",
      { A: "1\n2\n", B: "x\n y", C: "a b\n" },
    ],
    [
      "text with #, $ and braces",
      "A: a#b\nB: a $b {{c}} ${{project.D}} # comment",
      { A: "a#b", B: "a $b {{c}} ${{project.D}}" },
    ],
    ["aliases of scalars", "A: &a on\nB: *a\nC: &e\nD: *e", { A: "on", B: "on", C: "", D: "" }],
    ["a flow mapping", "{A: 1, 'B': x}", { A: "1", B: "x" }],
    [
      "an explicit key and names of all kinds",
      "? A\n: 1\n1A: 2\na.b: 3\nc-d: 4\nconstructor: 5",
      { A: "1", "1A": "2", "a.b": "3", "c-d": "4", constructor: "5" },
    ],
    ["a byte order mark and CRLF", "\ufeffA: 1\r\nB: |\r\n  x\r\n  y\r\n", { A: "1", B: "x\ny\n" }],
    ["an empty file", "", {}],
    ["comments alone", "# nothing yet\n", {}],
    ["an empty document", "---\n", {}],
    ["a file that says it is YAML 1.1", "%YAML 1.1\n---\nA: on\nB: 012\n", { A: "on", B: "012" }],
  ];
  for (const [what, text, env] of yaml) {
    it(`YAML: takes ${what}`, () => assert.deepEqual(load("a.yaml", text), env));
  }

  const badYaml: [what: string, text: string, message: RegExp][] = [
    ["a list for a mapping", "- canary", /^a\.yaml:1:1: is not a mapping; /],
    ["text for a mapping", "canary", /^a\.yaml:1:1: is not a mapping; /],
    ["a nested mapping", "A: 1\nB:\n  C: canary", /^a\.yaml:3:3: "B": has a nested value/],
    ["a nested list", "B: [canary]", /^a\.yaml:1:4: "B": has a nested value/],
    [
      "a key that is there twice",
      "A: canary\nB: 1\nA: canary",
      /^a\.yaml:3:1: A: is there twice, first on line 1/,
    ],
    [
      "names with other characters",
      "A B: canary\nÄ: canary",
      /^a\.yaml:1:1: "A B": is no name.*\na\.yaml:2:1: "Ä": is no name/,
    ],
    ["__proto__", "__proto__: canary", /^a\.yaml:1:1: "__proto__": is no name/],
    ["a key without a name", ": canary", /^a\.yaml:1:1: "": is no name/],
    ["a list as a key", "? [canary]\n: 1", /^a\.yaml:1:3: a key must be plain text/],
    ["an alias as a key", "A: &a x\n*a : canary", /^a\.yaml:2:1: a key must be plain text/],
    ["merge keys", "A: &a x\n<<: *a", /^a\.yaml:2:1: <<: merge keys are not supported/],
    ["an alias of nothing", "A: *canary", /^a\.yaml:1:4: "A": refers to an anchor that is not there/],
    ["a tag of a tool", "A: 1\nB: !secret canary", /^a\.yaml:2:\d+: "B": has a YAML tag/],
    ["a tag of YAML", "A: !!str canary", /^a\.yaml:1:\d+: "A": has a YAML tag/],
    ["a second document", "A: 1\n---\nB: canary", /^a\.yaml:\d:1: another document begins here/],
    ["a tab that indents", "A: 1\n\tB: canary", /^a\.yaml:2:1: /],
    ["a quote that is not closed", 'A: 1\nB: "canary\n', /^a\.yaml:\d:\d+: something is missing here/],
    ["a line without a colon", "A: canary\nCANARY", /^a\.yaml:2:1: something is missing here/],
    ["two colons", "A: canary: canary", /^a\.yaml:1:4: a second colon/],
    ["a reserved character", "A: @canary", /^a\.yaml:1:4: a value cannot begin with this character/],
    ["an escape that does not exist", 'A: "canary\\q"', /^a\.yaml:1:\d+: no escape sequence/],
    ["a bracket too many", "A: 1\n}canary", /^a\.yaml:2:1: /],
    ["a line that a key swallowed", `${"canary ".repeat(20)}: 1`, /^a\.yaml:1:1: a key: is no name/],
  ];
  for (const [what, text, message] of badYaml) {
    it(`YAML: refuses ${what}, with its place and no value`, () =>
      assert.match(failure("a.yaml", text), message));
  }

  const dotenv: [what: string, text: string, env: Record<string, string>][] = [
    [
      "values in all quotes",
      "A='1 # 2'\nB=\"x\\ny\"\nC=`it's`\nD='a\nb'",
      { A: "1 # 2", B: "x\ny", C: "it's", D: "a\nb" },
    ],
    [
      "export, colons, blanks, comments",
      "# c\n\nexport A = 1 # c\n  B: 2\nC= # none\n",
      { A: "1", B: "2", C: "" },
    ],
    ["a byte order mark and CRLF", "\ufeffA=1\r\nB='x\r\ny'\r\n", { A: "1", B: "x\ny" }],
    ["an empty file", "", {}],
  ];
  for (const [what, text, env] of dotenv) {
    it(`dotenv: takes ${what}`, () => assert.deepEqual(load("a.env", text), env));
  }

  const badDotenv: [what: string, text: string, message: RegExp][] = [
    [
      "lines that dotenv ignores",
      "A=1\n  A canary=1\nÄ=canary\n",
      /^a\.env:2:3: dotenv ignores this line.*\na\.env:3:1: dotenv ignores/,
    ],
    ["text between values", "A='x' # c\ncanary", /^a\.env:2:1: dotenv ignores this line/],
    [
      "a key that is there twice",
      "A=canary\nB='\n'\nA=canary",
      /^a\.env:4:1: A: is there twice, first on line 1/,
    ],
    ["a value that is cut at its #", "A=1\nB=can#canary", /^a\.env:2:1: B: is cut at the #/],
    ["a quote that is not closed", "A='canary\nB=1", /^a\.env:1:1: A: its quote is not closed/],
    ["a value on the line below", "A:\nCANARY=1", /^a\.env:1:1: A: its key and value are on different lines/],
    ["__proto__", "__proto__=canary", /^a\.env:1:1: "__proto__": is no name/],
  ];
  for (const [what, text, message] of badDotenv) {
    it(`dotenv: refuses ${what}, with its place and no value`, () =>
      assert.match(failure("a.env", text), message));
  }

  it("goes by the name of the file", () => {
    for (const name of [".env", ".env.production", "prod.env"])
      assert.deepEqual(load(name, "A=a: b"), { A: "a: b" });
    for (const name of ["a.yml", "b.YAML", ".env.yaml"]) assert.deepEqual(load(name, "A: b=c"), { A: "b=c" });
    assert.match(failure("a.json", "{}"), /^a\.json: is neither YAML nor dotenv/);
  });

  it("takes a path relative to the working directory", () => {
    writeFileSync(join(folder, "r.yaml"), "A: 1");
    assert.deepEqual(loadEnv(relative(process.cwd(), join(folder, "r.yaml"))), { A: "1" });
  });

  it("refuses what is no readable file, and says where it looked", () => {
    const missing = relative(process.cwd(), join(folder, "missing.yaml"));
    assert.throws(
      () => loadEnv(missing),
      (error) => error instanceof FileError && error.message.includes(join(folder, "missing.yaml")),
    );
    mkdirSync(join(folder, "d.yaml"));
    assert.throws(() => loadEnv(join(folder, "d.yaml")), /d\.yaml: is a directory/);
    assert.match(failure("l.yaml", Buffer.from("A: caf\xe9", "latin1")), /^l\.yaml: is not UTF-8/);
  });

  it("reads back what this package writes, for any map", () => {
    const key = fc.string({ unit: fc.constantFrom(..."abAB_1.-"), minLength: 1, maxLength: 6 });
    const value = fc.string({
      unit: fc.constantFrom(..."ab =:#'\"`\\\n\r\t${}nr", "é", "\u2028"),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true }), (env) => {
        fc.pre(checkEnv(env, "shared").length === 0);
        assert.deepEqual(load("w.env", writeEnv(env, "shared")), env);
      }),
      { numRuns: 500 },
    );
  });

  it("loads no YAML parser and no HTTP client with the module", () => {
    const script =
      'require("ts-node/register"); require("./sdk/load-env"); ' +
      "process.stdout.write(Object.keys(require.cache).filter((f) => /node_modules.(yaml|axios|zod|dotenv)./.test(f)).join())";
    const env = { ...process.env, TS_NODE_TRANSPILE_ONLY: "1" };
    assert.equal(
      execFileSync(process.execPath, ["-e", script], {
        cwd: join(__dirname, "../../.."),
        env,
        encoding: "utf8",
      }),
      "",
    );
  });
});
