// The descriptions of the package schema, from docstrings.
"use strict";
const ts = require("typescript");
const { examples } = require("../examples.cjs");
const { packageName } = require("./types.cjs");
const { yamlExample } = require("./yaml-example.cjs");

/**
 * Returns the docstring of a symbol as Markdown in the words of all languages, each paragraph on one line.
 *
 * @param {import("typescript").Symbol | undefined} symbol
 * @param {import("typescript").TypeChecker} checker
 */
function documentation(symbol, checker) {
  if (symbol === undefined) return "";
  return withoutLinks(ts.displayPartsToString(symbol.getDocumentationComment(checker)))
    .replace(/\bundefined\b/g, "not set")
    .replaceAll("`dokploy:", `\`${packageName()}:`)
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => (/^(?:```|\|)/.test(paragraph) ? paragraph : paragraph.replace(/\s*\n\s*/g, " ")))
    .join("\n\n");
}

/** Turns links to other symbols into their names. */
function withoutLinks(text) {
  return text.replace(/\{@link\s+([\w.]+)\s*\}/g, "`$1`");
}

/** Returns the member `description`; nothing for an empty text. */
function described(text) {
  return text === "" ? {} : { description: text };
}

/**
 * Returns the examples of a symbol in YAML, in the form in which Pulumi's documentation shows them. An example of what
 * only programs in Node.js can do is left out.
 *
 * @param {import("typescript").Symbol} symbol
 */
function exampleText(symbol) {
  const each = examples(symbol).flatMap(({ title, body }) => {
    const yaml = yamlExample(body.replace(/^```.*\n?/gm, ""));
    const text = `### ${title || "Example"}\n\n\`\`\`yaml\n${yaml}\n\`\`\``;
    return yaml === undefined ? [] : [`{{% example %}}\n${text}\n{{% /example %}}\n`];
  });
  if (each.length === 0) return "";
  return `{{% examples %}}\n## Example Usage\n${each.join("")}{{% /examples %}}`;
}

module.exports = { described, documentation, exampleText };
