// The descriptions of the package schema, from docstrings.
"use strict";
const ts = require("typescript");

/**
 * Returns the docstring of a symbol as Markdown, each paragraph on one line.
 *
 * @param {import("typescript").Symbol | undefined} symbol
 * @param {import("typescript").TypeChecker} checker
 */
function documentation(symbol, checker) {
  if (symbol === undefined) return "";
  return withoutLinks(ts.displayPartsToString(symbol.getDocumentationComment(checker)))
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, " "))
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
 * Returns examples in the form in which Pulumi's documentation shows them.
 *
 * @param {{ title: string, code: string }[]} found
 */
function exampleText(found) {
  if (found.length === 0) return "";
  const each = found.map(
    ({ title, code }) =>
      `{{% example %}}\n### ${title || "Example"}\n\n\`\`\`typescript\n${code}\n\`\`\`\n{{% /example %}}\n`,
  );
  return `{{% examples %}}\n## Example Usage\n${each.join("")}{{% /examples %}}`;
}

module.exports = { described, documentation, exampleText, examples };
