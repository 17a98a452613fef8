// The components of the package schema, from their classes in the Node.js package.
"use strict";
const path = require("node:path");
const { fromTypeScript } = require("./from-typescript.cjs");
const { described, documentation, exampleText } = require("./texts.cjs");
const { tokenOf } = require("./types.cjs");

const root = path.resolve(__dirname, "..", "..", "..");

/**
 * Returns the components by their tokens.
 *
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 * @param {Record<string, { inputProperties: object }>} kinds the resources of the schema
 */
function components(source, types, kinds) {
  const { checker, exported } = source;
  const names = [...exported.keys()].filter((name) => isComponent(exported.get(name), checker)).sort();
  return Object.fromEntries(names.map((name) => [tokenOf(name), component(name, source, types, kinds)]));
}

function isComponent(symbol, checker) {
  const bases = symbol.valueDeclaration?.heritageClauses?.flatMap(({ types }) => [...types]) ?? [];
  return bases.some((base) => checker.getTypeAtLocation(base).symbol?.name === "ComponentResource");
}

function component(name, source, types, kinds) {
  const { checker, exported } = source;
  const { typesOfComponent } = require(path.join(root, "sdk", "run", "plugin.ts"));
  const symbol = exported.get(name);
  const args = checker.getDeclaredTypeOfSymbol(exported.get(`${name}Args`));
  const application = kinds[tokenOf("Application")];
  const [own, others] = [false, true].map((isPassedOn) =>
    args.getProperties().filter((input) => isOfKind(input) === isPassedOn),
  );
  const members = fromTypeScript(source, types).membersOf(only(args, own), { owner: name, path: [] });
  const ownInputs = Object.entries(members.properties).map(([input, spec]) => {
    const type = checker.typeToString(checker.getTypeOfSymbol(args.getProperty(input)));
    // All others decide which resources there are.
    return [input, { ...spec, ...(/\bInput</.test(type) ? {} : { plain: true }) }];
  });
  const passedOn = others.map((input) => input.name);
  const required = [
    ...members.required,
    ...passedOn.filter((input) => application.requiredInputs.includes(input)),
  ];
  const outputs = checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .filter(({ name }) => name !== "urn" && !name.startsWith("#"))
    .filter((output) => /^Output</.test(checker.typeToString(checker.getTypeOfSymbol(output))));
  return {
    isComponent: true,
    description: [documentation(symbol, checker), exampleText(symbol)].join("\n\n"),
    aliases: [{ type: typesOfComponent(name).dynamic }],
    inputProperties: Object.fromEntries([
      ...ownInputs,
      ...passedOn.map((input) => [input, application.inputProperties[input]]),
    ]),
    ...(required.length > 0 ? { requiredInputs: required } : {}),
    properties: Object.fromEntries(
      outputs.map((output) => [
        output.name,
        { type: "string", ...described(documentation(output, checker)) },
      ]),
    ),
    required: outputs.map(({ name }) => name),
  };
}

/** True for an input that a component passes on to its application. */
function isOfKind({ declarations: [declaration] }) {
  return !/\/sdk\//.test(declaration.getSourceFile().fileName);
}

/** Returns a type with these properties alone. */
function only(type, properties) {
  return Object.create(type, { getProperties: { value: () => properties }, isUnion: { value: () => false } });
}

module.exports = { components };
