// The lines that recipes take as given: those at the start of README's first program.
const fs = require("node:fs");
const path = require("node:path");

/** @returns {Map<string, string>} the prelude of a checkout, each line by the name that it makes */
function readPrelude(root) {
  const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");
  const [, code] = /^```ts\n([\s\S]*?)^```$/m.exec(readme);
  const lines = code.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [/^(?:const|import \* as) (\w+)/.exec(line)[1], line]));
}

/**
 * Returns the lines of the prelude that a recipe needs; none if it has its own imports.
 *
 * @param {string} code
 * @param {ReadonlyMap<string, string>} prelude
 * @returns {string[]}
 */
function neededBy(code, prelude) {
  if (/^import /m.test(code)) return [];
  const given = new Set();
  const take = (text, own) => {
    for (const [name, line] of prelude) {
      const isUsed = new RegExp(`(?<![.\\w])${name}(?![-:\\w])`).test(codeOf(text));
      const isOwn = new RegExp(`^const (?:${name}\\b|\\{[^}]*\\b${name}\\b[^}]*\\})`, "m").test(own);
      if (!isUsed || isOwn || given.has(name)) continue;
      given.add(name);
      take(line, "");
    }
  };
  take(code, code);
  return [...prelude].flatMap(([name, line]) => (given.has(name) ? [line] : []));
}

/** Returns a text without its strings and comments. */
function codeOf(text) {
  return text.replaceAll(/"[^"\n]*"/g, '""').replaceAll(/\/\/.*/g, "");
}

module.exports = { neededBy, readPrelude };
