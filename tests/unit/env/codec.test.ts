import * as assert from "node:assert/strict";
import { parse } from "dotenv";
import * as fc from "fast-check";
import { checkEnv, type EnvDialect, EnvError, equalEnv, readEnv, writeEnv } from "../../../provider/env";

const targets: EnvDialect[] = ["application", "compose", "build", "shared"];

/** Texts of the characters that matter: quotes, comments, separators, escapes, templates, references. */
const nasty = fc.string({
  unit: fc.constantFrom(..."ab= :#'\"`\\\n\r\t${}nr.x", "{{", "}}", "${{", "é", "😀", "\u2028", "\u00a0"),
  maxLength: 40,
});
const name = fc.string({ unit: fc.constantFrom(..."abAB_1.-"), minLength: 1, maxLength: 8 });
const maps = fc.dictionary(name, fc.oneof(nasty, fc.string(), fc.string({ unit: "binary" })), {
  maxKeys: 8,
  noNullPrototype: true,
});

/** What of a map can be carried at all. */
function carried(env: Record<string, string>, target: EnvDialect): Record<string, string> {
  let rest = env;
  for (;;) {
    const bad = new Set(checkEnv(rest, target).map(({ key }) => key));
    if (bad.size === 0) return rest;
    rest = Object.fromEntries(Object.entries(rest).filter(([key]) => !bad.has(key)));
  }
}

describe("reading environment texts", () => {
  it("agrees with dotenv on any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          nasty,
          fc.array(fc.tuple(name, nasty)).map((all) => all.map(([k, v]) => `${k}=${v}`).join("\n")),
        ),
        (text) => {
          assert.deepEqual(readEnv(text, "compose"), parse(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("agrees with dotenv on separators and spaces of every kind", () => {
    const odd = fc.string({
      unit: fc.constantFrom(
        ..."AB=:#'\"`\\\n\r\u2028\u2029\ufeff\u00a0\v\t ",
        "export ",
        "\\n",
        "\r\n",
        "'\n",
      ),
      maxLength: 40,
    });
    const examples = [
      "A:\r\nB=2",
      "A\n\n=1",
      "export = 1",
      "export export=1",
      "A=x\u2028'y'",
      "\ufeffA=1",
      "A=\n'x'#",
      "A='\\'\\''",
    ];
    fc.assert(
      fc.property(odd, (text) => {
        assert.deepEqual(readEnv(text, "build"), parse(text));
      }),
      { numRuns: 20_000, examples: examples.map((text) => [text]) },
    );
  });

  for (const text of [
    "A='x' y'",
    "A='x' 'y'",
    'A="x\\ny" "',
    "A=`x` `y`",
    "A='",
    "A=x'",
    "A='x\"",
    "A='a\r\nb\rc'",
    'A="a\r\nb"',
    'A="\\n\\r\\n\\r"',
    "A='\\n'",
    "export\tA=1",
    "exportA=1",
    "export A",
    "A: 1",
    "A:\t1",
    "A:1",
    "A : 1",
    "A=1 # c\nB=2",
    "A=1#c\nB=2",
    "A='1' # c\nB=2",
    "A='1'x\nB=2",
    "A=\n\nB=2",
    "A=\u2028'y'\u2028z'",
    "A='x\u2028'\u2028",
  ]) {
    it(`agrees with dotenv on ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readEnv(text, "build"), parse(text));
    });
  }

  // In quadratic time each of them would take minutes, far beyond the runner's own limit.
  it("reads a megabyte of blank lines and open quotes", () => {
    readEnv("\n".repeat(1_000_000), "compose");
    readEnv("A='\\'\n".repeat(140_000), "compose");
    readEnv("A\n\n".repeat(250_000), "compose");
  });

  it("leaves out __proto__, as Dokploy does, and keeps the names of an object's own methods", () => {
    const env = readEnv("__proto__=1\nconstructor=2\nhasOwnProperty=3", "application");
    assert.deepEqual(Object.entries(env), [
      ["constructor", "2"],
      ["hasOwnProperty", "3"],
    ]);
  });

  it("reads no variables from the empty text", () => {
    assert.deepEqual(readEnv(null, "application"), {});
    assert.deepEqual(readEnv(undefined, "build"), {});
  });

  it("shows templates that were written by hand unchanged", () => {
    assert.deepEqual(readEnv("A={{.Service.Name}}\nB={{/* c */}}", "application"), {
      A: "{{.Service.Name}}",
      B: "{{/* c */}}",
    });
  });
});

describe("writing environment texts", () => {
  for (const target of targets) {
    it(`${target}: a written map is read back unchanged`, () => {
      fc.assert(
        fc.property(maps, (env) => {
          const map = carried(env, target);
          const text = writeEnv(map, target);
          assert.ok(equalEnv(readEnv(text, target), map));
          assert.deepEqual(Object.keys(parse(text)).sort(), Object.keys(map).sort());
        }),
        { numRuns: 2000 },
      );
    });
  }

  it("refuses little: nearly all random texts can be written", () => {
    const sample = fc.sample(fc.string({ unit: "grapheme", maxLength: 30 }), { numRuns: 1000, seed: 1 });
    const refused = sample.filter((value) => checkEnv({ A: value }, "application").length > 0);
    assert.ok(refused.length < 30, `${refused.length} of 1000 refused`);
  });

  const forms: [value: string, target: EnvDialect, text: string][] = [
    ["plain", "application", "A=plain"],
    ["", "application", "A="],
    ["a b", "application", "A=a b"],
    ["a#b", "application", "A='a#b'"],
    [" a ", "application", "A=' a '"],
    ["it's #1", "application", "A=`it's #1`"],
    ["'`\n", "application", 'A="\'`\n"'],
    ["a\r\nb", "application", 'A="a\\r\nb"'],
    ["pa$$word $HOME", "application", "A=pa$$word $HOME"],
    ["Hello {{name}}", "application", 'A=Hello {{"{{"}}name}}'],
    ["Hello {{name}}", "compose", "A=Hello {{name}}"],
    ["${{ secrets.X }}", "application", 'A={{"\\x24{{"}} secrets.X }}'],
    ["a\u2028`", "compose", "A='a\u2028`'"],
    ["${{ x", "application", 'A={{"\\x24{{"}} x'],
    ['{"a":{"b":{}}}', "application", 'A={"a":{"b":{}}}'],
    ["${{project.X}} {{y}}", "application", 'A=${{project.X}} {{"{{"}}y}}'],
  ];
  for (const [value, target, text] of forms) {
    it(`${target}: writes ${JSON.stringify(value)} as ${JSON.stringify(text)}`, () => {
      assert.equal(writeEnv({ A: value }, target), text);
    });
  }

  it("throws an error that names the keys without values", () => {
    assert.throws(
      () => writeEnv({ GOOD: "1", BAD: "canary'`\"\r\n" }, "application"),
      (error) => error instanceof EnvError && /BAD/.test(error.message) && !/canary|GOOD/.test(error.message),
    );
  });
});

describe("checking variables", () => {
  const problems = (env: Record<string, string>, target: EnvDialect = "application", options = {}) =>
    checkEnv(env, target, options).map(({ key }) => key);

  const refused: [what: string, env: Record<string, string>, target?: EnvDialect][] = [
    ["a name with a blank", { "A B": "1" }],
    ["an empty name", { "": "1" }],
    ["a name with an accent", { Ä: "1" }],
    ["a name with a line break", { "A\nB": "1" }],
    ["__proto__", JSON.parse('{"__proto__":"1"}')],
    ["a value with all quotes and a line break", { A: "'`\"\n" }],
    ["a value that needs quotes and ends in a backslash", { A: "#\\" }],
    ["a CR with a double quote", { A: '\r"' }],
    ["NUL", { A: "a\0b" }],
    ["half of a character", { A: "\ud800" }],
    ["a variable that is too long for Linux", { A: "x".repeat(131_070) }],
    ["a text that is too long for compose", { A: "x".repeat(100_000) }, "compose"],
    ["an open vault reference, in compose", { A: "${{vault.p.x\n" }, "compose"],
    ["braces that a reference completes", { A: "{${{B}}x}}", B: "{" }],
    ["a text that is too long for a request", { A: "x".repeat(1_100_000) }, "build"],
    ["a missing reference", { A: "${{NOPE}}" }],
    ["a reference with blanks", { A: "${{ X }}", X: "1" }],
    ["a blank after the dot", { A: "${{project. X}}" }],
    ["a reference to a shared variable with blanks", { A: "${{ project.X }}" }],
    ["an expression of another tool, in compose", { A: "${{ secrets.X }}" }, "compose"],
    ["three braces in build arguments", { A: "${{{X}}}", X: "1" }, "build"],
    ["a property of all objects", { A: "${{constructor}}" }],
    ["a reference to itself", { A: "${{A}}" }],
    ["a reference to a reference", { A: "${{B}}", B: "${{project.X}}" }],
    ["a project that refers to itself", { A: "${{project.B}}", B: "1" }, "shared"],
  ];
  it("shows no value in any reason", () => {
    const shapes = [
      "canary${{ A }}",
      "canary${{canary is it}}",
      "canary'`\"\n",
      "canary\0",
      "canary\ud800",
      "canary${{vault.canary\n",
      "canary${{NOPE}}",
      `canary${"x".repeat(200_000)}`,
    ];
    for (const target of targets) {
      for (const value of shapes) {
        for (const { reason } of checkEnv({ A: value, B: "${{A}}" }, target))
          assert.doesNotMatch(reason, /canary|xxx/);
      }
    }
  });

  for (const [what, env, target] of refused) {
    it(`refuses ${what}, and shows no value`, () => {
      const found = checkEnv(env, target ?? "application");
      assert.ok(found.length > 0);
      for (const { reason } of found) assert.ok(reason.length < 400 && !reason.includes("xxxx"));
    });
  }

  it("names one problem of a variable whose name cannot be written", () => {
    const found = checkEnv({ "A B": "'`\"\n" }, "build");
    assert.deepEqual(
      found.map(({ key }) => key),
      ["A B"],
    );
  });

  const why: [env: Record<string, string>, target: EnvDialect, key: string, reason: string][] = [
    [
      { "A B": "1" },
      "build",
      "A B",
      "is a name that Dokploy ignores; use letters without accents, digits, _, . and - only",
    ],
    [
      { A: "~/x" },
      "secret",
      "A",
      "begins with ~, which the shell that starts the build replaces with a home folder; encode it",
    ],
    [
      { A: "${{B}}!", B: "it's" },
      "secret",
      "A",
      "contains a single quote and an exclamation mark once its references are resolved, and the shell that",
    ],
    [JSON.parse('{"__proto__":"1"}'), "build", "__proto__", "is a name that Dokploy loses; choose another"],
    [{ A: "'`\"\n" }, "build", "A", "no kind of quote fits its mix of quotes, CR, \\n or \\r as text"],
    [
      { A: "a\0b" },
      "build",
      "A",
      "contains a NUL character, which no environment variable can hold; encode it, for example in",
    ],
    [
      { A: "\ud800" },
      "build",
      "A",
      "contains half of a character (a lone surrogate), which is lost on the way; encode binary",
    ],
    [
      { A: "${{vault.p.x\n" },
      "compose",
      "A",
      "contains ${{vault. without a proper end, so Dokploy searches for one in all the",
    ],
    [
      { A: "${{ X }}", X: "1" },
      "build",
      "A",
      "contains a reference with spaces, so the deployment fails; write ${{X}}",
    ],
    [{ A: "${{ project.X }}" }, "build", "A", "so the deployment fails; write ${{project.X}}"],
    [{ A: "${{environment. X}}" }, "application", "A", "write ${{environment.X}}"],
    [
      { A: "${{ a b }}" },
      "compose",
      "A",
      "contains ${{…}} that is not a reference, so the deployment fails; write ${{NAME}}, ${{project.NAME}}, " +
        "${{environment.NAME}} or ${{vault.<provider>.<reference>}}",
    ],
    [
      { A: "${{project.B}}" },
      "shared",
      "A",
      "refers to a variable of the project, which shared variables cannot do: a deployment that uses it fails; put the reference into the service instead",
    ],
    [
      { A: "${{B}}", B: "${{project.X}}" },
      "application",
      "A",
      "refers to B, which contains a reference too: Dokploy resolves only one, and Swarm fails on the other; write the reference of B here",
    ],
    [
      { A: "${{NOPE}}" },
      "build",
      "A",
      "refers to NOPE, which does not exist here, so the deployment fails; add it, or write ${{project.NOPE}} or " +
        "${{environment.NOPE}} if it is set there",
    ],
    [
      { A: "x".repeat(131_070) },
      "application",
      "A",
      "has 131072 bytes as KEY=value, and no container starts with more than 131071 in one",
    ],
    [
      { A: "x".repeat(100_000) },
      "compose",
      "",
      "has 100002 bytes, and at most 95000 are known to work for a compose service: with 130 KB the",
    ],
    [
      { A: "x".repeat(60_000) },
      "stack",
      "",
      "has 60002 bytes, and at most 50000 are known to work for a stack: with more the deployment",
    ],
    [
      { A: "x".repeat(1_100_000) },
      "build",
      "",
      "makes a request of 1102052 bytes, and Dokploy accepts at most 1048576; put large values in",
    ],
    [{ A: "${{B}}'", B: "a\nb!" }, "stack", "A", "line"],
    [
      { "1A": "x" },
      "secret",
      "1A",
      "is not a variable name for a shell, and the build fails; use letters, digits and _",
    ],
    [
      { PATH: "x" },
      "secret",
      "PATH",
      "makes the build fail: Dokploy starts docker with the build secrets, and can then no longer find it; rename it",
    ],
    [
      { PATH: "x" },
      "stack",
      "PATH",
      "makes the deployment of a stack fail: Dokploy starts docker with these variables",
    ],
    [{ HOME: "x" }, "stack", "HOME", "is also the home folder of the docker command that deploys the stack"],
    [
      { HOME: "x" },
      "compose",
      "HOME",
      "reaches a container only through env_file: where the compose file uses it as ${HOME}, the",
    ],
    [
      { A: "" },
      "secret",
      "A",
      "is empty, and Dokploy does not pass empty build secrets: the build does not get it",
    ],
  ];
  for (const [env, target, key, reason] of why) {
    it(`says of ${target}: ${key} ${reason}`, () => {
      const found = checkEnv(env, target);
      assert.deepEqual(
        found.map((problem) => problem.key),
        [key],
      );
      assert.ok(found[0]?.reason.includes(reason), found[0]?.reason);
    });
  }

  it("counts bytes, and accepts values at the limit", () => {
    assert.deepEqual(problems({ A: "é".repeat(65_535) }), ["A"]);
    assert.deepEqual(problems({ A: "é".repeat(65_534) }), []);
    assert.deepEqual(problems({ A: "x".repeat(94_998) }, "compose"), []);
    assert.deepEqual(problems({ A: "x".repeat(94_999) }, "compose"), [""]);
    assert.deepEqual(problems({ A: "x".repeat(49_998) }, "stack"), []);
    assert.deepEqual(problems({ A: "x".repeat(49_999) }, "stack"), [""]);
    // With its quotes and what else a request holds.
    const most = 1_048_576 - 2_048 - "A=".length - 2;
    assert.deepEqual(problems({ A: "x".repeat(most) }, "build"), []);
    assert.deepEqual(problems({ A: "x".repeat(most + 1) }, "build"), [""]);
    assert.deepEqual(problems({ enc: "v1:x" }, "build"), []);
  });

  const taken: [what: string, env: Record<string, string>, target?: EnvDialect][] = [
    ["names with dots, dashes and digits", { "a.b-c_1": "1", "1A": "2" }],
    ["references to shared variables", { A: "${{project.X}} ${{environment.Y}} ${{vault.p.some/path}}" }],
    ["references beside it", { A: "x${{B}}y", B: "1" }],
    ["a dollar before a reference", { A: "$${{B}}", B: "1" }],
    [
      "an expression of another tool, which Swarm can be told to leave alone",
      { A: "${{ secrets.X }} ${{{X}}}" },
    ],
    ["braces that close nothing", { A: "${{ never closed" }],
    ["the longest variable", { A: "x".repeat(131_069) }],
    ["a reference to a secret of a vault beside it", { A: "x${{B}}", B: "${{vault.main.db}}" }],
    ["a chain in compose", { A: "${{B}}", B: "${{project.X}}" }, "compose"],
    ["what services may resolve", { A: "${{environment.X}} ${{Y}}" }, "shared"],
  ];
  for (const [what, env, target] of taken) {
    it(`takes ${what}`, () => {
      assert.deepEqual(problems(env, target), []);
    });
  }

  it("accepts a reference to a name with an unknown value, and to names that others may own", () => {
    assert.deepEqual(problems({ A: "${{B}}" }, "application", { unknownKeys: ["B"] }), []);
    assert.deepEqual(problems({ A: "${{B}}" }, "application", { foreignKeys: "unknown" }), []);
    assert.deepEqual(problems({}, "application", { unknownKeys: ["A B"] }), ["A B"]);
  });
});

describe("hostile values", () => {
  for (const [what, value] of [
    ["references that are never closed", "${{".repeat(300_000)],
    ["references that are closed on another line", `${"${{".repeat(300_000)}\n}}`],
    ["a row of dollars", `{{${"$".repeat(900_000)}`],
    ["a row of braces", "{".repeat(900_000)],
  ] as const) {
    // In quadratic time each of them would take minutes, far beyond the runner's own limit.
    it(`are read only once: ${what}`, () => {
      checkEnv({ A: value }, "build");
      checkEnv({ A: value }, "application");
    });
  }
});
