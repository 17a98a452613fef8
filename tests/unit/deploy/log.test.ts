import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { logLines, logTail } from "../../../provider/deploy/log";
import { DokployError, hideIn, redact } from "../../../provider/dokploy";
import { plainText } from "../../../provider/env";

describe("masking of secrets in a log", () => {
  it("hides each line of a value with several", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----";
    const log = "step 1\nMIIEvQIBADANBg\nfoo kqhkiG9w0BAQEF bar\ndone";
    assert.deepEqual(logLines(log, [key]), ["step 1", "[secret]", "foo [secret] bar", "done"]);
    assert.deepEqual(logLines(`a ${key} b`, [key]), ["a [secret] b"]);
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
