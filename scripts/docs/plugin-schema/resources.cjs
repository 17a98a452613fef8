// The resources of the package schema, from their definitions and from the classes of the Node.js package.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { fromTypeScript } = require("./from-typescript.cjs");
const { fromZod, jsonOf } = require("./from-zod.cjs");
const { described, documentation, exampleText, examples } = require("./texts.cjs");
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
  const { inputs, requiredInputs, state } = inputsOf(found, source, types);
  const outputs = outputsOf(kind, source, types);
  return {
    description: [documentation(symbol, checker), exampleText(examples(symbol))]
      .filter((text) => text !== "")
      .join("\n\n"),
    // A stack of the dynamic provider continues with the same objects.
    aliases: [{ type: `${typePrefix}${kind}` }],
    inputProperties: inputs,
    ...(requiredInputs.length > 0 ? { requiredInputs } : {}),
    properties: { ...state, ...outputs.properties },
    required: [...requiredInputs, ...outputs.required],
  };
}

/** Returns the inputs of a kind as a program gives them, and as the state has them. */
function inputsOf({ kind, file, definition }, { checker, program }, types) {
  const { listsIn } = require(path.join(root, "provider", "simple", "lists.ts"));
  const source = definition.model
    ? path.join("sdk", "classes", "generated", "simple-inputs.ts")
    : path.join("provider", "resources", `${file}.ts`);
  const module = checker.getSymbolAtLocation(program.getSourceFile(path.join(root, source)));
  const alias = checker.getExportsOfModule(module).find(({ name }) => name === `${kind}Inputs`);
  const type = checker.getDeclaredTypeOfSymbol(alias);
  const { membersOf } = fromZod(checker, types);
  const json = jsonOf(definition.schema);
  const lists = [...listsIn(definition.schema)].map(([name, { spec }]) => [name, spec.kind]);
  const own = Object.fromEntries(
    Object.entries(json.properties).filter(([name]) => !lists.some(([list]) => list === name)),
  );
  const { properties, required } = membersOf(
    { ...json, properties: own },
    { owner: kind, kind, path: [] },
    type,
  );
  const { import: adopted, ...kept } = properties;
  const inList = (name, part) => {
    const place = { owner: `Listed${part}`, kind: part, path: [] };
    const symbol = type.getProperty(name);
    const [index] = checker.getIndexInfosOfType(checker.getNonNullableType(checker.getTypeOfSymbol(symbol)));
    const item = types.object(
      place,
      membersOf(json.properties[name].additionalProperties, place, index.type),
    );
    return { item, ...described(documentation(symbol, checker)) };
  };
  const given = {};
  const inState = {};
  for (const name of Object.keys(json.properties)) {
    const list = lists.find(([each]) => each === name);
    if (list === undefined) {
      if (name in kept) given[name] = inState[name] = kept[name];
      continue;
    }
    const { item, ...described } = inList(...list);
    const map = { type: "object", additionalProperties: item };
    // The program gives a list; the state names its parts, and so may the program.
    given[name] = { oneOf: [{ type: "array", items: item }, map], ...described };
    inState[name] = { ...map, ...described };
  }
  if (adopted) given.import = { ...adopted, description: adoption };
  return { inputs: given, requiredInputs: required, state: inState };
}

const adoption =
  "Id of an existing object in Dokploy, which the resource adopts while it is new: the object gets the values of the " +
  "inputs. Pulumi's own option `import` requires that they are already equal.";

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
