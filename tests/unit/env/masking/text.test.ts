import * as assert from "node:assert/strict";
import { maskSecrets } from "../../../../provider/env";

const CANARY = 'c4n4ry-$ecret "it\'s" \\ {{x}} %&ü';

describe("a text with secrets", () => {
  const written: [form: string, text: string][] = [
    ["as it stands", CANARY],
    ["in JSON", JSON.stringify({ a: CANARY })],
    ["in JSON in JSON", JSON.stringify(JSON.stringify({ a: CANARY }))],
    ["in single quotes of a shell", `'${CANARY.replaceAll("'", `'\\''`)}'`],
    ["in single quotes broken by double ones", `'${CANARY.replaceAll("'", `'"'"'`)}'`],
    ["in double quotes of a shell", `"${CANARY.replace(/["\\$`]/g, "\\$&")}"`],
    ["with the dollars of a compose file", CANARY.replaceAll("$", "$$$$")],
    ["in a URL", `https://host/?q=${encodeURIComponent(CANARY)}`],
    ["in a form", encodeURIComponent(CANARY).replaceAll("%20", "+")],
    ["in base64", Buffer.from(CANARY).toString("base64")],
  ];
  for (const [form, text] of written) {
    it(`hides a value ${form}`, () => {
      const masked = maskSecrets(`before ${text} after`, [CANARY]);
      assert.match(masked, /^before .*\[secret\].* after$/);
      assert.doesNotMatch(masked, /c4n4ry|ecret "|it's|YzRuNHJ5/);
    });
  }

  it("hides base64 of a text around the value, wherever it starts", () => {
    for (const before of ["", "A", "AB", "ABC"]) {
      const text = Buffer.from(`${before}${CANARY}\nB=1`).toString("base64");
      assert.match(maskSecrets(text, [CANARY]), /^.{0,5}\[secret\].{0,12}$/);
    }
  });

  it("hides values that overlap, and leaves no piece of either", () => {
    assert.equal(maskSecrets("x abcdefgh y", ["abcdef", "defgh"]), "x [secret] y");
  });

  it("leaves values of less than 4 characters and all other text alone", () => {
    assert.equal(maskSecrets("the port is 80", ["80", "", "on"]), "the port is 80");
    assert.equal(maskSecrets("nothing to hide", []), "nothing to hide");
  });

  const placed: [what: string, text: string, masked: string][] = [
    [
      "the value that Swarm refuses, and what the template error quotes of it",
      'desc = expanding env failed: expanding env "DB_URL=pg://{{hunter2}}": template: expansion:1: function "hunter2" not defined',
      'desc = expanding env failed: expanding env "DB_URL=[secret]" (rest withheld)',
    ],
    [
      "the value that Swarm refuses without quotes, but not the next line",
      "expanding env DB_URL=pg://{{hunter2}}: template: hunter2\nnext",
      'expanding env DB_URL=[secret]" (rest withheld)\nnext',
    ],
    [
      "a login in a URL",
      "Cloning into https://oauth2:hunter2@gitlab.com/a/b.git",
      "Cloning into https://[secret]@gitlab.com/a/b.git",
    ],
    [
      "a build argument",
      "docker build --build-arg TOKEN='hunter2 x' .",
      "docker build --build-arg TOKEN=[secret] .",
    ],
    ["a password option", "docker login --password hunter2 host", "docker login --password [secret] host"],
    ["a header", '"Authorization: Bearer hunter2"', '"Authorization: Bearer [secret]"'],
    ["a token option", "vault login --token=hunter2", "vault login --token=[secret]"],
    ["a key in a header", "x-api-key: hunter2 sent", "x-api-key: [secret] sent"],
    ["a login without a word for its kind", "Authorization=hunter2", "Authorization=[secret]"],
    [
      "the parameters of a failed query",
      "Failed query: insert into x params: hunter2",
      "Failed query [secret]",
    ],
  ];
  for (const [what, text, masked] of placed) {
    it(`hides ${what} without knowing it`, () => {
      assert.equal(maskSecrets(text, []), masked);
    });
  }
});
