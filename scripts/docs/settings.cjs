// Generates the table of settings in README.md from provider/dokploy/settings/table.ts.
"use strict";
const path = require("node:path");
const ts = require("typescript");

const root = path.resolve(__dirname, "..", "..");
const source = path.join(root, "provider", "dokploy", "settings", "table.ts");
const [begin, end] = ["<!-- settings: by `npm run docs` -->\n", "<!-- /settings -->\n"];

/**
 * @param {ts.Program} program that has the table
 * @param {string} page the text of README.md
 * @returns {string} the page with the current table
 */
function withSettings(program, page) {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md lacks the lines ${begin.trim()} and ${end.trim()}.`);
  return page.slice(0, from + begin.length) + table(program) + page.slice(to);
}

function table(program) {
  const checker = program.getTypeChecker();
  const rows = settingsOf(program).map(({ symbol, setting: { variable } }) => {
    const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s*\n\s*/g, " ");
    return `| \`dokploy:${symbol.name}\` | ${variable ? `\`${variable}\`` : ""} | ${doc.replaceAll("|", "\\|")} |\n`;
  });
  return `| stack configuration | environment | description |\n|---|---|---|\n${rows.join("")}`;
}

/**
 * Returns the settings in the order of the table.
 *
 * @param {ts.Program} program that has the table
 * @returns {{ symbol: ts.Symbol, setting: import("../../provider/dokploy/settings/table").Setting<never> }[]}
 */
function settingsOf(program) {
  const { settings } = require(source);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(source));
  const found = checker.getExportsOfModule(module).find(({ name }) => name === "settings");
  const symbols = checker.getTypeOfSymbol(found).getProperties();
  return symbols.map((symbol) => ({ symbol, setting: settings[symbol.name] }));
}

module.exports = { settingsOf, settingsSource: source, withSettings };
