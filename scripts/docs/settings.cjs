// Generates the table of settings in README.md from provider/settings/table.ts.
"use strict";
const path = require("node:path");
const ts = require("typescript");

const root = path.resolve(__dirname, "..", "..");
const source = path.join(root, "provider", "settings", "table.ts");
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
  const { settings } = require(source);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(source));
  const symbol = checker.getExportsOfModule(module).find(({ name }) => name === "settings");
  const rows = checker
    .getTypeOfSymbol(symbol)
    .getProperties()
    .map((property) => {
      const { variable } = settings[property.name];
      const doc = ts
        .displayPartsToString(property.getDocumentationComment(checker))
        .replace(/\s*\n\s*/g, " ");
      return `| \`dokploy:${property.name}\` | ${variable ? `\`${variable}\`` : ""} | ${doc.replaceAll("|", "\\|")} |\n`;
    });
  return `| stack configuration | environment | description |\n|---|---|---|\n${rows.join("")}`;
}

module.exports = { settingsSource: source, withSettings };
