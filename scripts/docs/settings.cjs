// Generates docs/reference/settings.md from provider/dokploy/settings/table.ts.
"use strict";
const path = require("node:path");
const ts = require("typescript");

const root = path.resolve(__dirname, "..", "..");
const source = path.join(root, "provider", "dokploy", "settings", "table.ts");

/**
 * @param {ts.Program} program that has the table
 * @returns {string} the text of `docs/reference/settings.md`
 */
function settingsPage(program) {
  return `${[
    "# Settings",
    "`pulumi config set dokploy:url https://dokploy.acme.dev` writes a setting into the stack's file, and `--secret` encrypts it there.",
    table(program),
    "The inputs of a [Provider](../operations/servers.md) take precedence over the configuration, and the configuration over the " +
      "environment. For image tags, the order [differs](../start/deployment-repository.md#the-tag-of-an-image). Errors say where " +
      "a value comes from.",
    "- The key in `DOKPLOY_API_KEY` goes only to the address in `DOKPLOY_URL`. If `DOKPLOY_URL` is set, `dokploy:url` must be the same " +
      "or left out. [Why](../operations/keys-and-state.md#the-address-of-a-key).\n" +
      "- An unknown setting under `dokploy:` causes a warning, and a misspelt one an error.\n" +
      "- After you change the settings, run `pulumi up` once. Until then, `pulumi refresh` and `pulumi destroy` use the previous settings, " +
      "unless you add `--run-program`.\n" +
      "- If the server's certificate is from your own certificate authority, set `NODE_EXTRA_CA_CERTS`. `HTTPS_PROXY` names a proxy.",
  ].join("\n\n")}\n`;
}

function table(program) {
  const checker = program.getTypeChecker();
  const rows = settingsOf(program).map(({ symbol, setting: { variable } }) => {
    const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s*\n\s*/g, " ");
    return `| \`dokploy:${symbol.name}\` | ${variable ? `\`${variable}\`` : ""} | ${doc.replaceAll("|", "\\|")} |`;
  });
  return `| stack configuration | environment | description |\n|---|---|---|\n${rows.join("\n")}`;
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

module.exports = { settingsOf, settingsPage, settingsSource: source };
