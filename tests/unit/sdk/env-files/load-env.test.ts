import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { checkEnv, writeEnv } from "../../../../provider/env";
import { type EnvVars, loadEnv } from "../../../../sdk";
import { ProgramError } from "../../../../sdk/run";
import { EnvFolder, failureOf } from "./env-folder";

describe("loading variables from a file", () => {
  let folder: EnvFolder;
  before(() => {
    folder = new EnvFolder();
  });
  after(() => folder.remove());

  function load(name: string, content: string | Buffer): EnvVars {
    folder.write(name, content);
    return loadEnv(name);
  }

  const failure = (name: string, content: string | Buffer) => failureOf(() => load(name, content));

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
    ["a nested mapping", "A: 1\nB:\n  C: canary", /^a\.yaml:3:3: B: has a nested value/],
    ["a nested list", "B: [canary]", /^a\.yaml:1:4: B: has a nested value/],
    [
      "a key that is there twice",
      "A: canary\nB: 1\nA: canary",
      /^a\.yaml:3:1: A: appears twice, first on line 1/,
    ],
    [
      "names with other characters",
      "A B: canary\nÄ: canary",
      /^a\.yaml:1:1: a key: is not a name.*\na\.yaml:2:1: a key: is not a name/,
    ],
    ["__proto__", "__proto__: canary", /^a\.yaml:1:1: __proto__: is not a name/],
    ["a key without a name", ": canary", /^a\.yaml:1:1: a key: is not a name/],
    ["a list as a key", "? [canary]\n: 1", /^a\.yaml:1:3: a key must be plain text/],
    ["an alias as a key", "A: &a x\n*a : canary", /^a\.yaml:2:1: a key must be plain text/],
    ["merge keys", "A: &a x\n<<: *a", /^a\.yaml:2:1: <<: merge keys are not supported/],
    ["an alias of nothing", "A: *canary", /^a\.yaml:1:4: A: refers to an anchor that does not exist/],
    ["a tag of a tool", "A: 1\nB: !kms canary", /^a\.yaml:2:\d+: B: has an unknown YAML tag.*!secret NAME, /],
    ["a tag of YAML", "A: !!str canary", /^a\.yaml:1:\d+: A: has an unknown YAML tag/],
    ["a bare exclamation mark", "A: ! canary", /^a\.yaml:1:\d+: A: has an unknown YAML tag/],
    ["a tag on a key", "!secret A: canary", /^a\.yaml:1:\d+: a key must be plain text/],
    ["a tag on the mapping", "!secret\nA: canary", /^a\.yaml:\d:1: the mapping has a YAML tag/],
    [
      "carriage returns alone",
      "A: canary\rB: canary\n",
      /^a\.yaml:1:10: a carriage return without a line feed/,
    ],
    ["brackets without end", `A: ${"[".repeat(50_000)}canary`, /^a\.yaml:1:\d+: is nested deeper than/],
    ["braces without end", "{canary: ".repeat(50_000), /^a\.yaml:1:\d+: is nested deeper than/],
    [
      "aliases that would grow without bounds",
      `A: &a [canary]\n${[..."BCDEFGHI"].map((k) => `${k}: &${k} [*a,*a,*a,*a,*a,*a,*a,*a]`).join("\n")}`,
      /^(a\.yaml:\d:7: \w: has a nested value.*\n?){9}$/,
    ],
    ["a second document", "A: 1\n---\nB: canary", /^a\.yaml:\d:1: another document begins here/],
    ["a tab that indents", "A: 1\n\tB: canary", /^a\.yaml:2:1: /],
    ["a quote that is not closed", 'A: 1\nB: "canary\n', /^a\.yaml:2:4: this quote is not closed/],
    [
      "a quote that is not closed far above",
      `A: 1\nB: "canary\n${Array.from({ length: 50 }, (_, i) => `K${i}: v`).join("\n")}\n`,
      /^a\.yaml:2:4: this quote is not closed/,
    ],
    ["a quote that ends in another", "A: 1\nB: 'canary\nC: 'x'\n", /^a\.yaml:2:4: this quote is not closed/],
    [
      "a blank too many before a key",
      "A: canary\n B: info\n",
      /^a\.yaml:2:2: is indented deeper than the line above/,
    ],
    ["blanks too many below two lines", "A: canary\n\n  x\n  B: c\n", /^a\.yaml:4:3: is indented deeper/],
    [
      "blanks before a key, below a comment",
      'A: "canary"\n\n# c\n  B: 1\n',
      /^a\.yaml:4:3: the indentation matches no line/,
    ],
    [
      "a first key that is indented",
      "  A: canary\nB: y\n",
      /^a\.yaml:2:1: the indentation matches no line above/,
    ],
    ["no blank behind a colon", "A: 1\nB:canary\nC: 1\n", /^a\.yaml:2:1: a space is missing after the colon/],
    [
      "no blank behind the last colon",
      "A: 1\nB:canary\n",
      /^a\.yaml:2:1: a space is missing after the colon/,
    ],
    ["no colon in a line between", "A: 1\nhttp://canary\nC: 1\n", /^a\.yaml:2:1: .*is the colon missing\?$/],
    [
      "a bracket that is not closed",
      "A: 1\nB: {a: canary\nC: 1\n",
      /^a\.yaml:3:1: a bracket or brace further up/,
    ],
    ["a line without a colon", "A: canary\nCANARY", /^a\.yaml:2:1: something is missing here/],
    ["half of a character", 'A: 1\nB: "\\ud800canary"', /^a\.yaml:2:1: B: contains half of a character/],
    ["a NUL character", 'A: 1\nB: "\\0canary"', /^a\.yaml:2:1: B: contains a NUL character/],
    ["toString", "toString: canary", /^a\.yaml:1:1: toString: is a name that Pulumi cannot handle/],
    [
      "toString from elsewhere",
      "toString: !secret a",
      /^a\.yaml:1:1: toString: is a name that Pulumi cannot handle/,
    ],
    [
      "what no dotenv text can carry",
      'A: "canary\'`\\"\\n\\\\n"',
      /^a\.yaml:1:1: A: has a value that cannot be written as dotenv/,
    ],
    ["two colons", "A: canary: canary", /^a\.yaml:1:4: a second colon/],
    ["a reserved character", "A: @canary", /^a\.yaml:1:4: a value cannot begin with this character/],
    ["an escape that does not exist", 'A: "canary\\q"', /^a\.yaml:1:\d+: this is not an escape sequence/],
    ["a bracket too many", "A: 1\n}canary", /^a\.yaml:2:1: /],
    ["a value that lost its key", "https://u:canary@h: 1", /^a\.yaml:1:1: https…: is not a name/],
    [
      "a key without the blank behind it",
      "{DB_PASSWORD:canary}",
      /^a\.yaml:1:2: DB_PASSWORD…: is not a name/,
    ],
    ["a line that a key swallowed", `${"canary ".repeat(20)}: 1`, /^a\.yaml:1:1: a key: is not a name/],
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
    [
      "unusual blanks in quotes",
      "A='\u00a0x\ufeff' \u00a0\nB= \tx\u00a0y\t \n",
      { A: "\u00a0x\ufeff", B: "x\u00a0y" },
    ],
    ["text like a tag in quotes, or longer", "A='!secret x'\nB=!secrets", { A: "!secret x", B: "!secrets" }],
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
      /^a\.env:4:1: A: appears twice, first on line 1/,
    ],
    ["a value that is cut at its #", "A=1\nB=can#canary", /^a\.env:2:1: B: is cut at the #/],
    ["a quote that is not closed", "A='canary\nB=1", /^a\.env:1:1: A: its quote is not closed/],
    ["a value on the line below", "A:\nCANARY=1", /^a\.env:1:1: A: its key and value are on different lines/],
    ["__proto__", "__proto__=canary", /^a\.env:1:1: __proto__: is not a name/],
    ["toString", "toString=canary", /^a\.env:1:1: toString: is a name that Pulumi cannot handle/],
    ["a tag of YAML", "A=1\nB=!secret canary", /^a\.env:2:1: B: !secret works in YAML files only/],
    [
      "what dotenv would take away around a value",
      "A=\u00a0canary\nB=canary\ufeff # c\nC=canary\u2028\nD=\u3000\n",
      /^a\.env:1:1: A: dotenv removes the character U\+00A0.*\na\.env:2:1: B: .*U\+FEFF.*\na\.env:3:1: C: .*U\+2028.*\na\.env:4:1: D: .*U\+3000/,
    ],
    ["a tag without a name", "B=!env", /^a\.env:1:1: B: !env works in YAML files only/],
  ];
  for (const [what, text, message] of badDotenv) {
    it(`dotenv: refuses ${what}, with its place and no value`, () =>
      assert.match(failure("a.env", text), message));
  }

  it("accepts a value that one of the targets accepts", () => {
    const long = "x".repeat(200_000);
    const text = `LONG: ${long}\nOPEN: "\${{vault.x"\nTEMPLATE: "{{ \\"a'\\" }}"\nOTHER: "\${{NOPE}} \${{ a b }}"\nvalueOf: x\nthen: x\n`;
    const env = load("a.yaml", text);
    assert.deepEqual([env["LONG"], env["OPEN"], env["valueOf"]], [long, "${{vault.x", "x"]);
  });

  it("keeps a literal secret of the file out of the messages of the program", () => {
    load("secret.yaml", "DB_PASSWORD: canary-literal\nREGION: visible-region\n");
    const { message } = new ProgramError("no canary-literal in visible-region");
    assert.equal(message, "no [secret] in visible-region");
  });

  it("goes by the name of the file", () => {
    for (const name of [".env", ".env.production", "prod.env"])
      assert.deepEqual(load(name, "A=a: b"), { A: "a: b" });
    for (const name of ["a.yml", "b.YAML", ".env.yaml"]) assert.deepEqual(load(name, "A: b=c"), { A: "b=c" });
    assert.match(failure("a.json", "{}"), /^a\.json: is neither YAML nor dotenv/);
  });

  it("refuses anything but a readable file, and says where it looked", () => {
    assert.equal(
      failureOf(() => loadEnv("missing.yaml")),
      `missing.yaml: there is no such file (looked for ${join(folder.path, "missing.yaml")}); create it or correct the path`,
    );
    assert.match(
      failureOf(() => loadEnv("")),
      /^The name of a file is missing/,
    );
    assert.match(
      failureOf(() => loadEnv("a\0b.yaml")),
      /^"a\\u0000b\.yaml": the name of a file must not contain a NUL/,
    );
    assert.match(
      failureOf(() => loadEnv("\0.yaml")),
      /NUL/,
    );
    assert.match(failure("l.yaml", Buffer.from("A: canary\xe9", "latin1")), /^l\.yaml: is not UTF-8/);
    assert.match(failure("l.yaml", Buffer.from("A: canary", "utf16le")), /^l\.yaml:1:2: contains a NUL/);
    symlinkSync("loop.yaml", "loop.yaml");
    assert.match(
      failureOf(() => loadEnv("loop.yaml")),
      /^loop\.yaml: is a symbolic link that leads to itself/,
    );
  });

  it("refuses files outside of the repository, even behind symbolic links, and accepts another root", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "env-elsewhere-"));
    try {
      writeFileSync(join(elsewhere, "a.yaml"), "A: canary");
      symlinkSync(join(elsewhere, "a.yaml"), "link.yaml");
      symlinkSync(elsewhere, "linked");
      for (const path of [join(elsewhere, "a.yaml"), "link.yaml", "linked/a.yaml", "linked"]) {
        assert.match(
          failureOf(() => loadEnv(path)),
          /: is outside of .*or give the option root$/,
        );
      }
      assert.deepEqual(loadEnv(join(elsewhere, "a.yaml"), { root: elsewhere }), { A: "canary" });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("finds the repository around the folder that it runs in", () => {
    mkdirSync(join(folder.path, "repo", "stacks", "shop"), { recursive: true });
    mkdirSync(join(folder.path, "repo", ".git"));
    folder.write("repo/envs/a.yaml", "A: 1");
    folder.write("above.yaml", "A: canary");
    process.chdir("repo/stacks/shop");
    try {
      assert.deepEqual(loadEnv("../../envs/a.yaml"), { A: "1" });
      assert.match(
        failureOf(() => loadEnv("../../../above.yaml")),
        /is outside of/,
      );
    } finally {
      process.chdir(folder.path);
    }
  });

  it("refuses a file over 1 MiB, and reads or refuses any below it in little time", function () {
    // What takes more than a second or two for each of these would take minutes.
    this.timeout(60_000);
    assert.match(failure("huge.yaml", `A: ${"canary ".repeat(200_000)}`), /^huge\.yaml: is \d+ KiB long/);
    const size = 1_000_000;
    const fill = (line: string) => line.repeat(size / line.length);
    const duplicate = failure("twice.yaml", fill("A: canary\n"));
    assert.equal(duplicate.split("\n").length, 21);
    assert.match(duplicate, /\ntwice\.yaml: and 99979 more problems/);
    assert.equal(failure("ignored.env", fill("canary\n")).split("\n").length, 21);
    const aliases = Array.from({ length: 30_000 }, (_, i) => `K${i}: *a`).join("\n");
    assert.equal(load("aliases.yaml", `A: &a x\n${aliases}`)["K29999"], "x");
    for (const value of ["://:", "://a:b", "eyJ-", "eyJaaaaaaaa.", "-----BEGIN ", "xoxb-", "${{", "?token"]) {
      assert.equal(typeof load("slow.env", `A=${fill(value)}`)["A"] !== "undefined", true);
    }
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
});

describe("files without variables", () => {
  it("cause a warning, since a resource that gets them loses all its variables", () => {
    const folder = new EnvFolder();
    const said: string[] = [];
    const { warn } = pulumi.log;
    pulumi.log.warn = async (message) => void said.push(message);
    try {
      folder.write("empty.yaml", "# nothing yet\n");
      folder.write("full.yaml", "A: 1\n");
      loadEnv(["empty.yaml", "full.yaml"]);
      assert.deepEqual(said, []);
      assert.deepEqual(loadEnv(["empty.yaml", { path: "none.yaml", optional: true }]), {});
      assert.match(
        said.join(),
        /^empty\.yaml, none\.yaml: no variables found, so a resource that gets them .* loses all/,
      );
    } finally {
      pulumi.log.warn = warn;
      folder.remove();
    }
  });
});
