// The types of outputs, functions and settings, from their types in TypeScript.
"use strict";
const ts = require("typescript");
const { inDeclaredOrder } = require("../order.cjs");
const { anything } = require("./from-zod.cjs");
const { described, documentation } = require("./texts.cjs");
const { within } = require("./types.cjs");

/**
 * Makes the converter of TypeScript types to types of Pulumi.
 *
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 */
function fromTypeScript({ checker, numbers }, types) {
  return { membersOf, typeOf };

  /**
   * Returns the members of an object, or of all forms of one: required are those that every form has.
   *
   * @param {import("typescript").Type} type
   * @param {import("./types.cjs").Place} place
   */
  function membersOf(type, place) {
    const forms = partsOf(type)
      .map((form) => inDeclaredOrder(form.getProperties(), checker).filter(hasValue))
      // The order of a union in the compiler depends on the rest of the program.
      .sort((a, b) => a.length - b.length || (namesIn(a) < namesIn(b) ? -1 : 1));
    const byName = new Map();
    for (const symbol of forms.flat()) if (!byName.has(symbol.name)) byName.set(symbol.name, symbol);
    const properties = [...byName].map(([name, symbol]) => {
      const spec = typeOf(checker.getTypeOfSymbol(symbol), within(place, name));
      return [name, { ...spec, ...described(documentation(symbol, checker)) }];
    });
    const isRequired = (name) =>
      forms.every((form) => form.some((symbol) => symbol.name === name && !isOptional(symbol)));
    return {
      properties: Object.fromEntries(properties),
      required: [...byName.keys()].filter(isRequired),
    };
  }

  /** Returns false for a property that a form must not have. */
  function hasValue(symbol) {
    return partsOf(checker.getTypeOfSymbol(symbol)).length > 0;
  }

  /** Returns true for a property that may have no value. */
  function isOptional(symbol) {
    const type = checker.getTypeOfSymbol(symbol);
    return (symbol.flags & ts.SymbolFlags.Optional) !== 0 || checker.getNonNullableType(type) !== type;
  }

  /**
   * @param {import("typescript").Type} type
   * @param {import("./types.cjs").Place} place
   */
  function typeOf(type, place) {
    const parts = partsOf(type);
    const words = parts.filter((part) => part.isStringLiteral()).map(({ value }) => value);
    if (parts.length > 1 && words.length === parts.length) return types.enumeration(place, words.sort());
    const tags = parts.map((part) => literalOf(part.getProperty("type")));
    if (parts.length > 1 && tags.every((tag) => typeof tag === "string"))
      return taggedUnion(parts, tags, place);
    const objects = parts.filter((part) => isObject(part));
    if (parts.length > 1 && objects.length === parts.length)
      return types.object(place, membersOf(type, place));
    const specs = parts.map((part) => partOf(part, place));
    const distinct = [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()];
    return distinct.length === 1 ? distinct[0] : { oneOf: distinct.sort(byText) };
  }

  function partOf(part, place) {
    if (part.flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
    if (part.flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (part.flags & ts.TypeFlags.NumberLike) return { type: numbers.get(place.path.at(-1)) ?? "number" };
    if (checker.isArrayType(part))
      return { type: "array", items: typeOf(checker.getTypeArguments(part)[0], place) };
    const [index] = checker.getIndexInfosOfType(part);
    const [first, ...others] = part.getProperties();
    // Names that no program could write as a member are keys.
    if (first && [first, ...others].some(({ name }) => !/^\w+$/.test(name)))
      return { type: "object", additionalProperties: typeOf(checker.getTypeOfSymbol(first), place) };
    if (isObject(part)) return types.object(place, membersOf(part, place));
    if (!index) return anything;
    // TypeScript has no other type for an object without members.
    if (partsOf(index.type).length === 0) return types.object(place, { properties: {}, required: [] });
    return { type: "object", additionalProperties: typeOf(index.type, place) };
  }

  function taggedUnion(parts, tags, union) {
    const mapping = parts
      .map((part, at) => [tags[at], part])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, part]) => {
        const place = within(union, tag);
        const { properties, required } = membersOf(part, place);
        const type = { type: "string", const: tag, description: `Always \`${tag}\`.` };
        return [tag, types.object(place, { properties: { ...properties, type }, required }).$ref];
      });
    return {
      oneOf: mapping.map(([, $ref]) => ({ $ref })),
      discriminator: { propertyName: "type", mapping: Object.fromEntries(mapping) },
    };
  }

  function isObject(part) {
    return (
      !checker.isArrayType(part) &&
      part.getProperties().length > 0 &&
      (part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0
    );
  }

  function literalOf(symbol) {
    return symbol && checker.getTypeOfSymbol(symbol).value;
  }

  /** Returns the members of a union that are values, also where a program may give an output. */
  function partsOf(type) {
    const plain = checker.getNonNullableType(type);
    const parts = plain.isUnion() ? plain.types : [plain];
    return parts.filter(
      ({ flags, symbol }) =>
        (flags & (ts.TypeFlags.Never | ts.TypeFlags.Undefined)) === 0 &&
        symbol?.name !== "Promise" &&
        symbol?.name !== "OutputInstance",
    );
  }
}

function namesIn(symbols) {
  return symbols.map(({ name }) => name).join();
}

function byText(a, b) {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

module.exports = { fromTypeScript };
