import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { maskSecrets, plainText } from "../../../provider/masking/mask";

const secret = `p@ss<w&o"r'd>\\é+\u00fc=/\`\n2`;
const oneLine = secret.replace("\n", "");

/** How others write the secret, each by means of its own. */
const ways: Readonly<Record<string, (text: string) => string>> = {
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex in capitals": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "a text of YAML in single quotes": (text) => text.replaceAll("'", "''"),
  "JSON in ASCII, as Python writes it": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "JSON for HTML, as Go writes it": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[<>&]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "JSON in ASCII, in capitals": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
      ),
  "octal escapes, as Git writes a path": (text) =>
    [...Buffer.from(text)]
      .map((byte) => (byte > 126 ? `\\${byte.toString(8)}` : String.fromCharCode(byte)))
      .join("")
      .replace(/\\(?![0-7]{3})|"/g, "\\$&"),
  HTML: (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;"),
  "HTML, as React writes it": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#x27;"),
  "HTML, as Go writes it": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&#34;")
      .replaceAll("'", "&#39;")
      .replaceAll("+", "&#43;"),
  "HTML with its apostrophes as they are": (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
  "HTML with its slashes, as Underscore and OWASP write it": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#x27;")
      .replaceAll("/", "&#x2F;"),
  "letters with their accents apart": (text) => text.normalize("NFD"),
  "base64 in lines of 20": (text) =>
    (
      Buffer.from(text)
        .toString("base64")
        .match(/.{1,20}/g) ?? []
    ).join("\n    "),
  "lines of 10": (text) => (text.match(/.{1,10}/gs) ?? []).join("\n"),
};

describe("a secret in another notation", () => {
  for (const [way, write] of Object.entries(ways)) {
    it(`is hidden as ${way}`, () => {
      const text = write(oneLine);
      assert.notEqual(text, oneLine);
      assert.equal(maskSecrets(`it is ${text} here`, [oneLine]), "it is [secret] here");
    });
  }

  it("is hidden in base64 of eight characters, but not of fewer", () => {
    const base64 = Buffer.from("abcd").toString("base64");
    assert.equal(maskSecrets(`it is ${base64}.`, ["abcd"]), "it is [secret].");
    const [piece] = /FiY2/.exec(Buffer.from("0abcd").toString("base64")) ?? assert.fail();
    assert.equal(maskSecrets(`it is ${piece}.`, ["abcd"]), `it is ${piece}.`);
  });

  it("is hidden in base64 for addresses", () => {
    const bytes = "~~~???>>>c4nary";
    const text = Buffer.from(bytes).toString("base64url");
    assert.match(text, /[-_]/);
    assert.equal(maskSecrets(`it is ${text}.`, [bytes]), "it is [secret].");
  });

  it("is hidden with characters in it that a terminal does not show", () => {
    assert.equal(plainText("hun\u0007t\u200ber\u009f2\tx"), "hunter2\tx");
    assert.equal(plainText("hun\u001bMter\u001b[1;31m2\u001b]8;;x\u001b\\"), "hunter2");
    assert.equal(plainText("Receiving 3%\rReceiving 9%\r\r\nend"), "Receiving 9%\nend");
  });

  it("is hidden if its letters and their accents are separate characters", () => {
    assert.equal(maskSecrets("it is caf\u00e9-au-lait.", ["cafe\u0301-au-lait"]), "it is [secret].");
  });

  it("is hidden wherever its lines break, with any text before each, and nothing else is", () => {
    const value = fc.stringMatching(/^[A-Za-z0-9+/=_-]{12,80}$/);
    const indent = fc.stringMatching(/^[ \t]{0,6}$/);
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 79 }), indent, (text, at, blanks) => {
        fc.pre(at < text.length);
        const broken = `first line\n${text.slice(0, at)}\n${blanks}${text.slice(at)} end\nlast line`;
        assert.equal(maskSecrets(broken, [text]), "first line\n[secret] end\nlast line");
      }),
    );
    const separate = "the path is /srv/one\ntwo lines";
    assert.equal(maskSecrets(separate, ["onetwo"]), separate, "too short to be one across two lines");
  });
});
