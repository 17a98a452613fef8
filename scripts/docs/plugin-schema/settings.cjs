// The settings of a provider in the package schema, from their table.
"use strict";
const { settingsOf } = require("../settings.cjs");
const { fromTypeScript } = require("./from-typescript.cjs");
const { documentation } = require("./texts.cjs");

/**
 * Returns the settings as properties.
 *
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 */
function settingProperties(source, types) {
  const { program, checker } = source;
  const { typeOf } = fromTypeScript(source, types);
  const properties = settingsOf(program).map(({ symbol, setting: { variable, secret } }) => {
    const type = checker.getTypeOfSymbol(symbol);
    const [value] = type.aliasTypeArguments ?? checker.getTypeArguments(type);
    const environment =
      variable === undefined ? "" : ` The environment variable \`${variable}\` sets it too.`;
    const spec = typeOf(value, { owner: "Provider", path: [symbol.name] });
    return [
      symbol.name,
      {
        // All numbers among the settings are counts.
        ...(spec.type === "number" ? { type: "integer" } : spec),
        description: documentation(symbol, checker) + environment,
        ...(secret ? { secret: true } : {}),
      },
    ];
  });
  return Object.fromEntries(properties);
}

module.exports = { settingProperties };
