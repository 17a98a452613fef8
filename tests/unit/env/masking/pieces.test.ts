import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { MASK, MaskedPieces, maskSecrets } from "../../../../provider/env";
import { unfinished } from "../../../../provider/env/masking/occurrences";

const pem = `-----BEGIN PRIVATE KEY-----\n${"canarypem0A".repeat(5)}\n${"canarypem1B".repeat(5)}\n-----END PRIVATE KEY-----\n`;

/** Two secrets with nothing but space between them may be hidden as one. */
const withoutRepeats = (text: string) => text.replace(/\[secret\](?:\s*\[secret\])+/g, MASK);

/** Returns what is shown after each piece, and at the end. */
function shown(secrets: readonly string[], pieces: readonly string[]): string[] {
  const masked = new MaskedPieces(() => secrets);
  return [...pieces.map((piece) => masked.add(piece).text), masked.rest().text];
}

describe("a text in pieces", () => {
  const secrets = [
    pem,
    "canary one",
    'canary"json',
    "ab\ncd\nef\ngh canary\n",
    "cd\nef\nxy",
    "é canary ü",
    Buffer.from("canary of bytes").toString("base64"),
  ];
  const written = [
    ...secrets,
    ...secrets.map((secret) => JSON.stringify(secret)),
    ...secrets.map((secret) => Buffer.from(secret).toString("base64").replace(/.{20}/g, "$&\n  ")),
    ...secrets.map(encodeURIComponent),
  ];
  const part = fc.oneof(
    fc.constantFrom(...written),
    fc.constantFrom("~", "\n", "cd\n", "ef\n", "canary\n", "  ", "Y2"),
    fc.tuple(fc.constantFrom(...written), fc.nat(30)).map(([text, length]) => text.slice(0, length)),
  );

  it("shows what the whole text shows, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (parts, lengths) => {
          // No secret begins with its end.
          const text = `${parts.join("")}\n~\n`;
          const pieces: string[] = [];
          for (let at = 0; at < text.length; ) {
            const length = lengths[pieces.length % lengths.length] ?? 1;
            pieces.push(text.slice(at, at + length));
            at += length;
          }
          assert.equal(
            withoutRepeats(shown(secrets, pieces).join("")),
            withoutRepeats(maskSecrets(text, secrets)),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("shows a line once it ends", () => {
    assert.deepEqual(shown(["canary"], ["a ", "can", "ary b\nc", "\n"]), [
      "",
      "",
      `a ${MASK} b\n`,
      "c\n",
      "",
    ]);
  });

  it("shows a line that may begin a secret of several lines once the next one says that it does not", () => {
    assert.deepEqual(shown([pem], ["-----BEGIN PRIVATE KEY-----\n", "other\n"]), [
      "",
      `${MASK}\nother\n`,
      "",
    ]);
    const [first, second, ...later] = shown(["on\nno\ncanary"], ["on\n", "no\n", "no\n", "on\nno\ncanary\n"]);
    assert.deepEqual([first, second], ["", ""]);
    assert.equal(later.join(""), `on\nno\nno\n${MASK}\n`);
  });

  it("shows the rest of a text that stops in a line, without the beginning of a secret", () => {
    assert.deepEqual(shown(["canary-value"], ["a\nb"]), ["a\n", "b"]);
    assert.deepEqual(shown(["canary-value"], ["a\nb canary-v"]), ["a\n", `b ${MASK}`]);
    assert.deepEqual(shown(["canary-value", "my canary-"], ["my canary-"]), ["", MASK]);
    assert.deepEqual(shown(["canary-value"], ["abc"]), ["", "abc"], "three letters say nothing");
  });

  it("hides the end of a secret whose beginning was shown as the rest", () => {
    const masked = new MaskedPieces(() => ["canary-value-1"]);
    assert.equal(masked.add("a\nb canar\n").text, "a\n");
    assert.deepEqual(masked.rest(), { text: `b ${MASK}`, lines: 1 });
    assert.deepEqual(masked.rest(), { text: "", lines: 0 });
    assert.equal(masked.add("y-val\n").text, "", "it goes on");
    assert.equal(masked.rest().text, MASK);
    assert.equal(masked.add("ue-1 end\nnext\n").text, `${MASK} end\nnext\n`);
    assert.equal(masked.rest().text, "");
  });

  it("stays hidden though its secret is forgotten before it ends", () => {
    let known = ["canary"];
    const masked = new MaskedPieces(() => known);
    assert.equal(masked.add("a can").text, "");
    known = [];
    assert.equal(masked.add("ary\n").text, `a ${MASK}\n`);
    assert.equal(masked.add("canary").text, "");
    assert.equal(masked.rest().text, MASK);
  });

  it("is taken in time that grows with its length", () => {
    const secret = `${"a".repeat(20_000)}b${"a".repeat(20_000)}c`;
    const started = performance.now();
    assert.equal(shown([secret], [`${"a".repeat(20_000)}b${"a".repeat(19_000)}\n`, "~\n"]).length, 3);
    assert.ok(performance.now() - started < 5_000);
  });
});

describe("the unfinished end of a text", () => {
  it("is the longest with which a longer word begins", () => {
    const text = (max: number) =>
      fc
        .array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: max })
        .map((letters) => letters.join(""));
    fc.assert(
      fc.property(text(20), fc.array(text(9), { maxLength: 5 }), (whole, words) => {
        const starts = Array.from({ length: whole.length }, (_, at) => at);
        const first = starts.find((at) =>
          words.some((word) => word.length > whole.length - at && word.startsWith(whole.slice(at))),
        );
        assert.equal(unfinished(whole, words), first);
      }),
      { numRuns: 1000 },
    );
  });
});
