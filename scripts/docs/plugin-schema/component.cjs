// The component of the package schema, from its class in the Node.js package.
"use strict";
const path = require("node:path");
const { fromTypeScript } = require("./from-typescript.cjs");
const { described, documentation, exampleText } = require("./texts.cjs");
const { tokenOf } = require("./types.cjs");

const root = path.resolve(__dirname, "..", "..", "..");
const name = "DeploymentRepository";

/**
 * Returns the component by its token.
 *
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 */
function component(source, types) {
  const { checker, exported } = source;
  const { typesOfComponent } = require(path.join(root, "sdk", "run", "plugin.ts"));
  const symbol = exported.get(name);
  const args = checker.getDeclaredTypeOfSymbol(exported.get(`${name}Args`));
  const { properties, required } = fromTypeScript(source, types).membersOf(args, { owner: name, path: [] });
  const inputs = Object.entries(properties).map(([input, spec]) => {
    const type = checker.typeToString(checker.getTypeOfSymbol(args.getProperty(input)));
    // All others decide which resources there are.
    return [input, { ...spec, ...(/\bInput</.test(type) ? {} : { plain: true }) }];
  });
  const output = checker.getDeclaredTypeOfSymbol(symbol).getProperty("environmentId");
  return {
    [tokenOf(name)]: {
      isComponent: true,
      description: [documentation(symbol, checker), exampleText(symbol)].join("\n\n"),
      aliases: [{ type: typesOfComponent(name).dynamic }],
      inputProperties: Object.fromEntries(inputs),
      ...(required.length > 0 ? { requiredInputs: required } : {}),
      properties: { [output.name]: { type: "string", ...described(documentation(output, checker)) } },
      required: [output.name],
    },
  };
}

module.exports = { component };
