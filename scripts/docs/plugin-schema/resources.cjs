// The resources of the package schema, from their definitions and from the classes of the Node.js package.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { fromTypeScript } = require("./from-typescript.cjs");
const { inputsOf } = require("./inputs.cjs");
const { described, documentation, exampleText } = require("./texts.cjs");
const { tokenOf } = require("./types.cjs");

const root = path.resolve(__dirname, "..", "..", "..");

/**
 * Returns the resources by their tokens.
 *
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 */
function resources(source, types) {
  return Object.fromEntries(source.all.map((found) => [tokenOf(found.kind), resource(found, source, types)]));
}

function resource(found, source, types) {
  const { kind } = found;
  const { checker, exported } = source;
  const { typePrefix } = require(path.join(root, "provider", "pulumi", "urn.ts"));
  const symbol = exported.get(kind);
  const { given, required, kept } = inputsOf(found, source, types);
  const outputs = outputsOf(kind, source, types);
  return {
    description: [documentation(symbol, checker), exampleText(symbol)]
      .filter((text) => text !== "")
      .join("\n\n"),
    // A stack of the dynamic provider continues with the same objects.
    aliases: [{ type: `${typePrefix}${kind}` }],
    inputProperties: given,
    ...(required.length > 0 ? { requiredInputs: required } : {}),
    properties: { ...kept, ...outputs.properties },
    required: [...required, ...outputs.required],
  };
}

/**
 * Returns the outputs of a class that are not inputs.
 *
 * @returns {{ properties: object, required: string[] }}
 */
function outputsOf(kind, source, types) {
  const { checker, exported } = source;
  const { typeOf } = fromTypeScript(source, types);
  const inputs = checker.getDeclaredTypeOfSymbol(exported.get(`${kind}Args`));
  const names = new Set([...inputs.getProperties().map(({ name }) => name), "id", "urn"]);
  const all = checker
    .getDeclaredTypeOfSymbol(exported.get(kind))
    .getProperties()
    .filter((property) => !names.has(property.name) && !isPrivate(property))
    .map((property) => ({ property, type: typeInOutput(checker.getTypeOfSymbol(property), checker) }))
    .filter(({ type }) => type !== undefined);
  const properties = all.map(({ property, type }) => {
    const text = documentation(property, checker);
    const spec = typeOf(type, { owner: kind, kind, path: [property.name] });
    return [
      property.name,
      { ...spec, ...described(text), ...(/\bSecret\./.test(text) ? { secret: true } : {}) },
    ];
  });
  const required = all.filter(({ type }) => checker.getNonNullableType(type) === type);
  return {
    properties: Object.fromEntries(properties),
    required: required.map(({ property }) => property.name),
  };
}

/** Returns the type of the value of an output; undefined for any other type. */
function typeInOutput(type, checker) {
  if (type.aliasSymbol?.name === "Output") return type.aliasTypeArguments[0];
  // The alias of an output of a boolean or a number is lost.
  return type.symbol?.name === "OutputInstance" ? checker.getTypeArguments(type)[0] : undefined;
}

function isPrivate({ valueDeclaration }) {
  if (!valueDeclaration) return false;
  return (ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Private) !== 0;
}

module.exports = { resources };
