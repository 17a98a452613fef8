import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { maskSecrets, plainText } from "../../../../provider/env";

const secret = `p@ss<w&o"r'd>\\é+\u00fc=/\`\n2`;
const oneLine = secret.replace("\n", "");

/** How others write the secret, each by means of its own. */
const ways: Readonly<Record<string, (text: string) => string>> = {
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex in capitals": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "hex with colons": (text) => Buffer.from(text).toString("hex").replace(/..\B/g, "$&:"),
  "hex in capitals with colons": (text) =>
    Buffer.from(text).toString("hex").toUpperCase().replace(/..\B/g, "$&:"),
  "a field of CSV": (text) => text.replaceAll('"', '""'),
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
  "HTML, with the apostrophe of XML": (text) => xml(text),
  "HTML in hexadecimal numbers": (text) =>
    [...text].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(""),
  "HTML in decimal numbers": (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join(""),
  "HTML with the names of all signs": (text) =>
    text.replace(/[^\w]/g, (one) => (one in names ? `&${names[one]};` : one)),
  "HTML of HTML": (text) => xml(xml(text)),
  "the parameter of an address": encodeURIComponent,
  "the parameter of an address in the parameter of another one": (text) =>
    encodeURIComponent(encodeURIComponent(text)),
  "a form in the parameter of an address": (text) =>
    encodeURIComponent(new URLSearchParams({ a: text }).toString().slice(2)),
  "an address in a page": (text) => xml(encodeURI(text)),
  "JSON in a page": (text) => xml(JSON.stringify(text).slice(1, -1)),
  "HTML in JSON": (text) => JSON.stringify(xml(text)).slice(1, -1),
  "an address, as encodeURI writes it": encodeURI,
  "a form": (text) => new URLSearchParams({ a: text }).toString().slice(2),
  "a form of .NET, in small letters": (text) => dotnetForm(text),
  "Python's quote": (text) => percentExcept(/[\w.~/-]/, text),
  "Python's quote_plus": (text) => percentExcept(/[\w.~ -]/, text).replaceAll(" ", "+"),
  "Go's path": (text) => percentExcept(/[\w.~$&+=:@-]/, text),
  "an address with every byte escaped": (text) => percentExcept(/(?!)/, text),
  "Python's repr": (text) => pythonRepr(text),
  "Python's repr of bytes": (text) =>
    [...Buffer.from(text)]
      .map((byte) =>
        byte > 126 || byte < 32 ? `\\x${byte.toString(16).padStart(2, "0")}` : String.fromCharCode(byte),
      )
      .join("")
      .replace(/\\(?!x[89a-f])|'/g, "\\$&"),
  "Python's ascii": (text) =>
    pythonRepr(text).replace(/[\u0080-\u00ff]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`),
  "JavaScript's inspect": (text) => inspect(text).slice(1, -1),
  "Rust's debug form": (text) =>
    text.replace(/[\\"']/g, "\\$&").replace(/[^ -~]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`),
  "words of a shell": (text) => text.replace(/[^\w./:=@%+,-]/g, "\\$&"),
  "JSON inside JSON": (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
  "letters with their accents apart": (text) => text.normalize("NFD"),
  "base64 in lines of 20": (text) =>
    (
      Buffer.from(text)
        .toString("base64")
        .match(/.{1,20}/g) ?? []
    ).join("\n    "),
  "lines of 10": (text) => (text.match(/.{1,10}/gs) ?? []).join("\n"),
};

/** Writes a text as XML. */
function xml(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    "&": "amp",
    "<": "lt",
    ">": "gt",
    '"': "quot",
    "'": "apos",
  };
  return text.replace(/[&<>"']/g, (one) => `&${signs[one]};`);
}

/** Names of signs in HTML. */
const names: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "&amp <lt >gt \"quot 'apos +plus /sol =equals \\bsol `grave @commat !excl #num $dollar %percnt (lpar )rpar *ast ,comma " +
    ".period :colon ;semi ?quest [lsqb ]rsqb ^Hat _lowbar {lcub |vert }rcub"
  )
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/** Writes each byte of a character that does not match as `%3A`. */
function percentExcept(kept: RegExp, text: string): string {
  const escaped = (one: string) =>
    [...Buffer.from(one)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  return [...text].map((one) => (kept.test(one) ? one : escaped(one))).join("");
}

function dotnetForm(text: string): string {
  return percentExcept(/[\w.!*() -]/, text)
    .replace(/%[\dA-F]{2}/g, (one) => one.toLowerCase())
    .replaceAll(" ", "+");
}

/** Writes a text as Python does between quotes: printable characters as they are, those of both quotes escaped. */
function pythonRepr(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\\": "\\\\",
    "'": "\\'",
  };
  return text.replace(/[\\'\n\r\t]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (one) => {
    const code = one.codePointAt(0) ?? 0;
    const hex = (digits: number) => code.toString(16).padStart(digits, "0");
    return names[one] ?? (code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`);
  });
}

describe("a secret in another notation", () => {
  it("is hidden with any characters and from any writer, and the text around it stays", () => {
    const hard = fc.constantFrom(..."aZ9éü€名🚀'\"`%+ :/?#&=<>\\$!*()[]{};,~^|@._-\u00a0");
    const secrets = fc.array(hard, { minLength: 6, maxLength: 24 }).map((all) => `q${all.join("")}7`);
    const writers = Object.entries(ways).filter(([way]) => !/YAML|base64|lines|accents/.test(way));
    fc.assert(
      fc.property(secrets, fc.constantFrom(...writers), (text, [, write]) => {
        assert.equal(maskSecrets(`it is <${write(text)}> here`, [text]), "it is <[secret]> here");
      }),
      { numRuns: 600 },
    );
  });

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
