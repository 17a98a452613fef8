import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { logLines, logTail } from "../../../provider/deploy/log";
import { DokployError, hideIn, redact } from "../../../provider/dokploy";
import { maskSecrets, plainText } from "../../../provider/env";

const CANARY = 'c4n4ry-$ecret "it\'s" \\ {{x}} %&ü';

describe("masking of secrets in a log", () => {
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

  it("hides each line of a value with several", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----";
    const log = "step 1\nMIIEvQIBADANBg\nfoo kqhkiG9w0BAQEF bar\ndone";
    assert.deepEqual(logLines(log, [key]), ["step 1", "[secret]", "foo [secret] bar", "done"]);
    assert.deepEqual(logLines(`a ${key} b`, [key]), ["a [secret] b"]);
  });

  it("hides values that overlap, and leaves no piece of either", () => {
    assert.equal(maskSecrets("x abcdefgh y", ["abcdef", "defgh"]), "x [secret] y");
  });

  it("leaves values of less than 4 characters and all other text alone", () => {
    assert.equal(maskSecrets("the port is 80", ["80", "", "on"]), "the port is 80");
    assert.equal(maskSecrets("nothing to hide", []), "nothing to hide");
  });

  it("hides a value that terminal codes interrupt", () => {
    assert.deepEqual(logLines("pass \u001b[31mhunter\u001b[0m2!\u001b]0;title\u0007 ok", ["hunter2!"]), [
      "pass [secret] ok",
    ]);
  });

  it("hides any value with at least 4 characters in a log", () => {
    const value = fc
      .string({ unit: "binary", minLength: 4, maxLength: 60 })
      .map((text) => text.replace(/[\r\n]/g, " "))
      .filter((text) => plainText(text).trim().length >= 4);
    fc.assert(
      fc.property(value, fc.constantFrom("", "A=", 'env "'), (secret, before) => {
        const masked = logLines(before + secret, [secret]).join("\n");
        assert.equal(masked.replace("[secret]", "").trim(), before.trim());
      }),
    );
  });

  const placed: [what: string, text: string, masked: string][] = [
    [
      "the value that Swarm refuses, and what the template error quotes of it",
      'desc = expanding env failed: expanding env "DB_URL=pg://{{hunter2}}": template: expansion:1: function "hunter2" not defined',
      'desc = expanding env failed: expanding env "DB_URL=[secret]" (rest withheld)',
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

describe("the tail of a log", () => {
  it("keeps the last 30 lines, and of an overwritten line what a terminal would show", () => {
    const log = `${Array.from({ length: 50 }, (_, i) => `line ${i}`).join("\n")}\n\nReceiving  33%\rReceiving 100%, done.\r\n`;
    const tail = logTail(log, []);
    assert.equal(tail.length, 30);
    assert.equal(tail[0], "line 21");
    assert.equal(tail.at(-1), "Receiving 100%, done.");
  });

  it("leaves out the box that Dokploy draws for compose", () => {
    assert.deepEqual(logTail("╔══╗\n║ App Name: web ║\n╚══╝\n web Pulling \n", []), [" web Pulling"]);
  });

  it("stays within 8 KB and 500 characters a line, and masks before it cuts", () => {
    const secret = "s3cret".repeat(20);
    const log = Array.from({ length: 40 }, (_, i) => `${i} ${"ü".repeat(440)}${secret}`).join("\n");
    const tail = logTail(log, [secret]);
    assert.ok(Buffer.byteLength(tail.join("\n")) <= 8 * 1024);
    assert.ok(tail.length > 5 && tail.every((line) => line.length <= 500));
    assert.doesNotMatch(tail.join("\n"), /s3c/);
  });

  it("is quick with megabytes in one line, and shows no cut piece of it", () => {
    assert.deepEqual(logTail(`hunter2${"a.".repeat(1_000_000)}\rhunter2`, ["hunter2"]), [
      "(one very long line, withheld)",
    ]);
    const tail = logTail(`${"x".repeat(300_000)}hunter2\nthe end`, ["hunter2"]);
    assert.deepEqual(tail, ["the end"]);
  });
});

describe("the reason that Dokploy gave for a refusal", () => {
  const refusal = (said?: string) =>
    new DokployError(`Dokploy refused it: ${said}. Correct it.`, {
      kind: "invalid",
      endpoint: "application.update",
      outcome: "refused",
      ...(said === undefined
        ? {}
        : { said, saidWithout: (secrets: Iterable<string>) => redact(said, [...secrets]) }),
    });

  it("shows no secret, and the text around it stays", () => {
    const error = refusal("no s3cret-1 $& and s3cret-1");
    assert.equal(hideIn(error, ["s3cret-1"]), error);
    assert.equal(error.message, "Dokploy refused it: no [secret] $& and [secret]. Correct it.");
  });

  it("is cut only afterwards, so that no half of a secret is left, and what was removed before stays so", () => {
    const error = refusal(`${"x ".repeat(140)}s3cret-1-s3cret-2-s3cret-3 other-1`);
    hideIn(hideIn(error, ["s3cret-1-s3cret-2-s3cret-3"]), ["other-1"]);
    assert.doesNotMatch(error.message, /s3cret|other/);
    assert.equal(error.said, `${"x ".repeat(140)}[secret] [secret]`);
  });

  it("is left alone if there is none, and so is any other error", () => {
    const silent = refusal();
    assert.equal(hideIn(silent, ["Correct"]).message, "Dokploy refused it: undefined. Correct it.");
    const other = new Error("s3cret-1");
    assert.equal(hideIn(other, ["s3cret-1"]).message, "s3cret-1");
    assert.equal(hideIn(undefined, ["s3cret-1"]), undefined);
  });
});
