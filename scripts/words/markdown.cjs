const MarkdownIt = require("markdown-it");
const { TextBuilder } = require("./text.cjs");

const pages = new MarkdownIt({ html: true });
/** Parser for comments, where `<name>` is not HTML. */
const comments = new MarkdownIt({ html: false });

/**
 * Extracts the prose of Markdown: paragraphs, headings, items of lists, cells of tables, but not blocks of code.
 *
 * @param {string} source
 * @param {{isComment?: boolean, firstLine?: number, kind?: "docstring" | "tag" | "prose"}} options `kind` of the first
 * text
 * @returns {import("./text.cjs").Text[]}
 */
function markdownTexts(source, { isComment = false, firstLine = 1, kind = "prose" } = {}) {
  const texts = [];
  let line = firstLine;
  let isCell = false;
  for (const token of (isComment ? comments : pages).parse(source, {})) {
    if (token.map) line = firstLine + token.map[0];
    if (token.type === "th_open" || token.type === "td_open") isCell = true;
    if (token.type === "th_close" || token.type === "td_close") isCell = false;
    if (token.type !== "inline") continue;
    const kindOfThis = isCell ? "cell" : texts.length === 0 ? kind : "prose";
    texts.push(...inlineTexts(token.children ?? [], line, kindOfThis));
  }
  return texts;
}

function inlineTexts(children, firstLine, kind) {
  const text = new TextBuilder(kind);
  const others = [];
  let line = firstLine;
  let isUrl = false;
  for (const child of children) {
    if (child.type === "link_open") isUrl = child.info === "auto";
    else if (child.type === "link_close") isUrl = false;
    else if (child.type === "code_inline") text.addCode(`\`${child.content}\``, line);
    else if (child.type === "softbreak" || child.type === "hardbreak") {
      line += 1;
      text.add(" ", line);
    } else if (child.type === "text") {
      if (isUrl) text.addCode(child.content, line);
      else text.add(child.content, line);
    } else if (child.type === "image") {
      const alternative = new TextBuilder("prose");
      alternative.add(child.content, line);
      others.push(alternative.build());
    }
  }
  return [text.build(), ...others].filter(({ shown }) => shown.trim() !== "");
}

module.exports = { markdownTexts };
