import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { planOf, render } from "../../../../cli/plan";
import { visible } from "../../../../packages/text";
import { contents, mark, type Preview, previewOf } from "./hostile";

import MarkdownIt = require("markdown-it");

const markdown = new MarkdownIt({ html: true, linkify: true });
type Token = ReturnType<typeof markdown.parse>[number];

/** The types of tokens that a plan is made of; no link, no image, no HTML of several lines, no indented code. */
const blocks =
  /^(?:heading|paragraph|blockquote|bullet_list|list_item|table|thead|tbody|tr|th|td)_(?:open|close)$|^fence$|^inline$/;
/** The lines around a fold. Its title is HTML, so that nothing in it is Markdown. */
const folds = /^<details(?: open)?><summary>(.*)<\/summary>\n$|^<\/details>\n?$/;
const inlines = /^(?:text|code_inline|softbreak|text_special|(?:strong|em)_(?:open|close))$/;
/** What we write outside of code, between which no text of others is. */
const ownTags = /^<\/?code>$|^<br>$/;

/** The words outside of code, which are ours alone. */
function proseOf(token: Token): string {
  let isCode = false;
  let words = "";
  for (const child of token.children ?? []) {
    if (child.type === "html_inline") {
      assert.match(child.content, ownTags);
      if (child.content !== "<br>") isCode = child.content === "<code>";
    } else {
      assert.match(child.type, inlines, `${child.type}: ${child.content}`);
      if (child.type !== "code_inline" && !isCode) words += child.content;
    }
  }
  assert.equal(isCode, false);
  return words;
}

const count = (tokens: readonly Token[], type: string, tag?: string) =>
  tokens.filter((token) => token.type === type && (tag === undefined || token.tag === tag)).length;

describe("a plan with texts by others, as a Markdown renderer reads it", function () {
  this.timeout(120_000);

  it("consists only of our headings, tables and blocks, with those texts in code", () => {
    fc.assert(
      fc.property(contents, fc.constantFrom(65_000, 3_000), (given, maxLength) => {
        const preview = previewOf(given);
        const plan = planOf(preview);
        const source = render(plan, { maxLength });
        const tokens = markdown.parse(source, {});
        for (const token of tokens) {
          if (token.type === "html_block") {
            const [, title = ""] = folds.exec(token.content) ?? assert.fail(token.content);
            const bare = title.replace(/<code>(?:[^<`]*)<\/code>|<\/?b>/g, "");
            assert.doesNotMatch(bare, new RegExp(`${mark}|[<>]`));
            continue;
          }
          assert.match(token.type, blocks, `${token.type}: ${token.content}`);
          if (token.type === "inline") assert.doesNotMatch(proseOf(token), new RegExp(mark));
          if (token.type === "fence") assert.match(token.info, /^(?:diff|text)$/);
        }
        // Nothing is hidden, and no line would be a command in a log.
        assert.equal(source, visibleButLayout(source));
        if (source.includes("_Shortened to fit")) return;
        assert.equal(count(tokens, "heading_open", "h2"), 1);
        const { resources, warnings, findings, others, errors } = plan;
        const isFold = ({ type, content }: Token) => type === "html_block" && content.startsWith("<details");
        const folded = tokens.filter(isFold).length;
        assert.ok(folded === 0 || folded === resources.length);
        const sections = [warnings, findings, others].filter(({ length }) => length > 0).length;
        assert.equal(count(tokens, "heading_open", "h3"), sections + (folded === 0 ? resources.length : 1));
        assert.equal(count(tokens, "heading_open", "h4"), 0);
        const names = given.names.length * given.copies;
        assert.equal(count(tokens, "fence"), names + errors.length);
        assert.equal(count(tokens, "list_item_open"), warnings.length + findings.length);
        const rows = names * (Object.keys(given.variables).length + 3) + others.length + findings.length;
        assert.equal(count(tokens, "tr_open") - count(tokens, "thead_open"), rows);
      }),
      { numRuns: 1_800 },
    );
  });

  /** The same, but for the characters that Markdown itself needs. */
  function visibleButLayout(source: string): string {
    return source
      .split("\n")
      .map((each) => {
        assert.doesNotMatch(each, /##[\w.-]*\[|^\s*::/);
        // Tabs of a message stay, as in a log.
        const bare = each.replaceAll(/[\\\t]/g, "");
        return visible(bare) === bare ? each : `hidden in ${each}`;
      })
      .join("\n");
  }

  it("has a block that no line of backticks in it ends", () => {
    const fences = "`".repeat(5_000);
    const many = "```\n".repeat(200_000);
    for (const message of [`${fences}.yaml: is no file of variables`, "```\n<b>x</b>\n```", many]) {
      const preview: Preview = { steps: [], diagnostics: [{ severity: "error", message }], failed: true };
      const tokens = markdown.parse(render(planOf(preview), { maxLength: 65_000 }), {});
      assert.equal(count(tokens, "fence"), 1);
      assert.equal(count(tokens, "html_block") + count(tokens, "code_block"), 0);
    }
  });

  it("shows different values differently", () => {
    const shown = (value: string) => {
      const preview = previewOf({
        names: ["a"],
        variables: { A: value },
        image: "b",
        files: ["", ""],
        others: [],
        messages: [],
        findings: [],
        copies: 1,
        stack: "s",
      });
      const html = markdown.render(render(planOf(preview), { maxLength: 65_000 }));
      const [, cell = ""] = /<td><code>A<\/code><\/td>\n<td>(.*)<\/td>/.exec(html) ?? assert.fail(html);
      // As a browser shows it, which makes one of several blanks.
      return cell.replace(/ +/g, " ");
    };
    const alike = [
      "",
      '""',
      "a",
      "a\u3164",
      "a\u2800",
      "a\u034f",
      "a\ufe0f",
      "a\u115f",
      "a ",
      " a",
      "a\u00a0",
      "a\\u{3164}",
    ];
    const others = [
      "a b",
      "a  b",
      "a\tb",
      "a\\tb",
      "a\rb",
      "a\u200bb",
      "ab",
      "a\u2028b",
      "\u202eab",
      "_empty_",
      "_secret_",
    ];
    const cells = [...alike, ...others].map(shown);
    assert.equal(new Set(cells).size, cells.length, cells.join("\n"));
  });
});
