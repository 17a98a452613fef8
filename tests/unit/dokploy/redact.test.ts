import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { redact, secretsOf } from "../../../provider/dokploy/redact";

describe("redact", () => {
  for (const [what, text, expected] of [
    [
      "SQL with parameters",
      "Error: Failed query: insert … params: a,hunter2",
      "Error: (details of the database error withheld)",
    ],
    [
      "parameters alone",
      "went wrong\nparams: hunter2",
      "went wrong (details of the database error withheld)",
    ],
    [
      "a login in a URL",
      "clone https://bot:hunter2@git.example.com/x",
      "clone https://[secret]@git.example.com/x",
    ],
    [
      "the command of a failed command",
      "Command execution failed: Command failed: login -p hunter2\nError response: denied\n",
      "Command execution failed: Command failed: Error response: denied",
    ],
    [
      "a failed command of several lines without output",
      "Command failed: \n\t\tID=$(docker ps)\n\t\tdocker exec \"$ID\" mysql -p'hunter2'\n\t\t\n",
      "Command failed",
    ],
    ["a failed command without output", "Command failed: login -p hunter2", "Command failed"],
    ["line breaks and control characters", "a\r\n b\u001b[31m\tc", "a b [31m c"],
  ] as const) {
    it(`removes ${what}`, () => {
      assert.equal(redact(text, []), expected);
    });
  }

  it("bounds the length without cutting a character in two", () => {
    const out = redact("é😀".repeat(400), []);
    assert.equal([...out].length, 300);
    assert.ok(out.endsWith("…"));
    assert.equal(redact("a".repeat(300), []), "a".repeat(300));
    assert.equal(redact("x".repeat(2_000_000), []), "(a very long text, withheld)");
  });

  for (const [what, text] of [
    ["blanks after a failed command", `Command failed:${" ".repeat(19_000)}\ny\nz`],
    ["lines after a failed command", `Command failed:${"x \n".repeat(6_000)}end`],
    ["failed commands", "Command failed:\n".repeat(1_200)],
    ["blanks", `${" ".repeat(19_000)}x`],
    ["slashes", "//a".repeat(6_000)],
  ] as const) {
    it(`is fast for a text that consists only of ${what}`, function () {
      // Milliseconds where it is in proportion to the text, minutes where it is not.
      this.timeout(2_000);
      assert.ok(redact(text, ["secret"]).length <= 300);
    });
  }

  it("masks the longest secret first, so that none leaves a rest", () => {
    assert.equal(redact("got pass-word-1 and pass", ["pass", "pass-word-1"]), "got [secret] and [secret]");
  });
});

describe("secretsOf", () => {
  it("takes lines and values of environment texts, and leaves ids, names and kinds", () => {
    const secrets = secretsOf({
      applicationId: "application-id",
      name: "shop",
      sourceType: "docker",
      env: 'A=first-value\nTOKEN="quoted value"\n',
      args: ["--token=argument-secret"],
      nested: { password: 'pa"ss' },
      replicas: 2,
      missing: undefined,
    });
    const said = 'got first-value, «quoted value», --token=argument-secret, pa"ss and pa\\"ss';
    assert.equal(redact(said, secrets), "got [secret], «[secret]», [secret], [secret] and [secret]");
    assert.ok(!secrets.some((s) => ["application-id", "shop", "docker"].includes(s)));
  });

  it("hides the values of an environment text that YAML would treat as names", () => {
    const secrets = secretsOf({ env: "# of the shop\n\nKEY=/hunter:\nexport OTHER=;two::\n" });
    assert.equal(redact("got «/hunter:» and «;two::»", secrets), "got «[secret]» and «[secret]»");
  });

  it("hides every value of an environment text, wherever a message repeats it", () => {
    const value = fc.stringMatching(/^[A-Za-z0-9!$%&/=?+~#.,:;-]{4,30}$/);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), fc.string(), (values, around) => {
        const env = values.map((v, i) => `KEY_${i}=${v}`).join("\n");
        const out = redact(`${around} «${values.join("» «")}» ${around}`, secretsOf({ env }));
        for (const secret of values) {
          assert.ok(!out.includes(`«${secret}»`));
        }
      }),
    );
  });
});
