import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { address, code, element, fold, section, table, write } from "../../../../cli/page";
import { visibleLines } from "../../../../packages/text";
import { text } from "../plan/hostile";
import { count, partsOf, textOf } from "./markup";

const page = (...content: Parameters<typeof element>[2][]) =>
  partsOf(write({ title: "Page", content, footer: "" }));

describe("a page", () => {
  it("has each string as a text, wherever it stands", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const parts = partsOf(
          write({
            title: one,
            heading: other,
            content: [
              element("p", { class: other, "aria-label": one }, one),
              section({ id: "x", title: other, content: one }),
              table({ caption: one, heads: [other], rows: [[one], [other]] }, other),
              fold(one, other),
            ],
            footer: other,
          }),
        );
        assert.equal(textOf(parts.filter(({ within }) => within.at(-1) === "p")), visibleLines(one));
        assert.equal(parts.find(({ tag }) => tag === "p")?.attributes.get("class"), visibleLines(other));
        assert.equal(count(parts, "td") + count(parts, "th"), 3);
      }),
      { numRuns: 200 },
    );
  });

  it("leads only to addresses of the web, and shows others as text", () => {
    const links = (given: string) =>
      page(address(given)).filter(({ tag, within }) => tag === "a" && within[0] === "main");
    for (const good of ["https://shop.example.com/a?b=1", "http://10.0.0.1:3000", "HTTPS://shop.example.com"])
      assert.equal(links(good).length, 1, good);
    for (const bad of [
      "javascript:alert(1)",
      " https://x",
      "data:text/html,x",
      "//x.example",
      "https://u:p@x.example",
      "https://",
      "ftp://x",
      "/x",
      "",
    ])
      assert.equal(links(bad).length, 0, bad);
    fc.assert(
      fc.property(
        text,
        fc.constantFrom("", "https://", "javascript:", "https://a.example/"),
        (rest, start) => {
          const parts = page(address(start + rest));
          assert.ok(textOf(parts.filter(({ within }) => within[0] === "main")).length > 0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("shows hidden characters, and which text has them", () => {
    const shown = textOf(page(code("a\u202eb\n\u200b")).filter(({ within }) => within.includes("code")));
    assert.equal(shown, String.raw`a\u{202e}b\n\u{200b}`);
  });

  it("makes no markup out of an object that only looks like some", () => {
    const parts = page(JSON.parse('["<b>x</b>"]') as string[]);
    assert.ok(textOf(parts).includes("<b>x</b>"));
  });
});
