// The examples in docstrings.
"use strict";
const ts = require("typescript");

/**
 * Returns the examples in the docstring of a symbol. The source has the indentation of their code, which the compiler loses.
 *
 * @param {import("typescript").Symbol} symbol
 * @returns {{ title: string, body: string }[]}
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
      const [title = "", ...body] = tag.slice("example".length).split("\n");
      return { title: title.trim(), body: body.join("\n").trim() };
    });
}

module.exports = { examples };
