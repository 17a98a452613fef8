import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { code, link, messageBlock, prose } from "../../../../cli/plan/markdown";
import { commentOf } from "../../../../cli/preview/report";
import { visible } from "../../../../packages/text";

/** What means something in the Markdown of GitHub and GitLab, among other texts. */
const hostile = fc.constantFrom(
  ..."`|\\*_[]()<>!#@&$~:{}-+= \n\r\t",
  "``",
  "\\|",
  "[x](http://e.com)",
  "![i](http://e.com/i.png)",
  "<img src=x onerror=y>",
  "<!--",
  "-->",
  "</code>",
  "@team",
  "#12",
  "acme/shop#1",
  "https://e.com",
  "www.e.com",
  "me@e.com",
  "$$",
  "&lt;",
  "&#64;",
  ":tada:",
  "\u202e",
  "\u200b",
  "\u00a0",
  "é",
  "😀",
);
const text = fc.oneof(
  fc.array(hostile, { maxLength: 10 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme" }),
);

/** A character reference, which Markdown never takes for anything but its character. */
const reference = /&#(\d+);/g;
const decode = (markup: string) =>
  markup
    .replaceAll("&#8203;", "")
    .replaceAll("&#160;", " ")
    .replace(reference, (_, point) => String.fromCodePoint(Number(point)));

describe("text from outside in the Markdown of a summary", () => {
  it("is code that it cannot end, in a table too", () => {
    fc.assert(
      fc.property(text, (value) => {
        const markup = code(value);
        const expected = visible(value) === "" ? '""' : visible(value);
        const span = /^`([^`|\n\r]+)`$/.exec(markup);
        if (span) {
          assert.equal(span[1], expected);
          assert.doesNotMatch(markup, /^` | `$/);
        } else {
          const [, inner = ""] = /^<code>(.*)<\/code>$/.exec(markup) ?? assert.fail(markup);
          assert.equal(decode(inner), expected);
          assert.doesNotMatch(inner.replace(reference, ""), /[`|\\*_[\]()<>!#@&$~:{}.]/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("contains no mention, link or markup between other words", () => {
    fc.assert(
      fc.property(text, (value) => {
        const markup = prose(value);
        assert.equal(decode(markup), visible(value));
        assert.doesNotMatch(markup.replace(reference, ""), /[`|\\*_[\]()<>!#@&$~:{}.]/);
        // Filters that run on the decoded text find no mention or number in it.
        assert.doesNotMatch(
          markup.replace(reference, (_, point) => String.fromCodePoint(Number(point))),
          /[@#][\w]/,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("is a link only if it is an address without Markdown, and code otherwise", () => {
    for (const address of [
      "https://pr-7.acme.dev/",
      "http://10.0.0.7:8080/a/b.html",
      "https://acme.dev/%7Bx%7D",
    ])
      assert.equal(link(address), `<${address}>`);
    fc.assert(
      fc.property(fc.constantFrom("https://acme.dev/", "https://", ""), text, (start, value) => {
        const address = start + value;
        const [, inner] = /^<([^<>]*)>$/.exec(link(address)) ?? [];
        if (inner === undefined) assert.equal(link(address), code(address));
        else assert.match(inner, /^https?:\/\/[\w.~%/+=:-]+$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("adds nothing to the comment of a preview: no row, link, mention or markup", () => {
    const time = new Date("2026-01-02T03:04:05Z");
    const runs = { runs: "all", failed: false } as const;
    fc.assert(
      fc.property(text, text, text, (name, path, reason) => {
        const address = `https://pr-7.acme.dev/${path}`;
        const services = [{ name, kind: "Application", addresses: [address, address], running: runs }];
        const report = {
          number: "7",
          status: "failed",
          services,
          deployed: time,
          until: time,
          reason,
        } as const;
        const lines = commentOf(report).split("\n");
        assert.equal(lines[4], `| ${code(name)} | yes | ${link(address)}<br>${link(address)} |`);
        assert.equal(lines[5], "");
      }),
    );
  });

  it("stays inside its block", () => {
    fc.assert(
      fc.property(text, (value) => {
        const lines = messageBlock(value.split("\n")).split("\n");
        const fence = /^(`{3,})text$/.exec(lines[0] ?? "")?.[1] ?? assert.fail(lines[0]);
        assert.equal(lines.at(-1), fence);
        for (const line of lines.slice(1, -1)) assert.ok(!line.includes(fence), line);
      }),
    );
  });

  it("has no character that is invisible or changes the direction of the text", () => {
    assert.equal(code("a\u202eb\nc\u0000\u200b"), "`a\\u{202e}b\\nc\\x00\\u{200b}`");
  });

  it("has no space character other than the usual one", () => {
    assert.equal(code("a b\u00a0c\u2009d\u3000"), "`a b\\xa0c\\u{2009}d\\u{3000}`");
    assert.equal(prose("a\u00a0b"), "a&#92;xa0b");
  });
});
