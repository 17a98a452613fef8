// The descriptions of the package schema, from docstrings.
"use strict";
const ts = require("typescript");
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
 * Returns the examples in the docstring of a symbol. The source has the indentation of their code, which the compiler loses.
 *
 * @param {import("typescript").Symbol} symbol
 * @returns {{ title: string, code: string }[]}
 */
function examples(symbol) {
  const [declaration] = symbol.declarations ?? [];
  // The docstring of a constant belongs to its statement.
  const { jsDoc } = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = (jsDoc?.at(-1)?.getText() ?? "")
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n");
  return text
    .split(/^@/m)
    .filter((tag) => tag.startsWith("example"))
    .map((tag) => {
      const [title = "", ...body] = tag.slice("example".length).trimEnd().split("\n");
      return { title: title.trim(), code: body.filter((line) => !line.startsWith("```")).join("\n") };
    });
}

/**
 * Returns examples in YAML, in the form in which Pulumi's documentation shows them. An example of what only programs in
 * Node.js can do is left out.
 *
 * @param {{ title: string, code: string }[]} found
 */
function exampleText(found) {
  const each = found.flatMap(({ title, code }) => {
    const yaml = yamlExample(code);
    const text = `### ${title || "Example"}\n\n\`\`\`yaml\n${yaml}\n\`\`\``;
    return yaml === undefined ? [] : [`{{% example %}}\n${text}\n{{% /example %}}\n`];
  });
  if (each.length === 0) return "";
  return `{{% examples %}}\n## Example Usage\n${each.join("")}{{% /examples %}}`;
}

module.exports = { described, documentation, exampleText, examples };
