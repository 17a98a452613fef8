// The types of inputs, from the schemas of their definitions; the descriptions come from the TypeScript types of these.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { described, documentation } = require("./texts.cjs");
const { within } = require("./types.cjs");

const root = path.resolve(__dirname, "..", "..", "..");
const anything = { $ref: "pulumi.json#/Any" };

/**
 * Returns the JSON schema of a Zod schema, in which each input keeps its facts as `field`. A map that holds parts of a service
 * may get their kind as `part`.
 *
 * @param {import("zod").z.ZodType} schema
 */
function jsonOf(schema) {
  const { z } = require(path.join(root, "node_modules", "zod"));
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
}

/**
 * Makes the converter of JSON schemas to types of Pulumi.
 *
 * @param {import("typescript").TypeChecker} checker
 * @param {import("./types.cjs").Types} types
 */
function fromZod(checker, types) {
  return { membersOf };

  /**
   * Returns the members of an object.
   *
   * @param {object} json
   * @param {import("./types.cjs").Place} place
   * @param {import("typescript").Type | undefined} type
   */
  function membersOf(json, place, type) {
    const properties = Object.entries(json.properties).map(([name, node]) => {
      const symbol = type?.getProperty(name);
      const spec = typeOf(node, within(place, name), symbol && checker.getTypeOfSymbol(symbol));
      return [name, { ...spec, ...factsOf(node), ...described(documentation(symbol, checker)) }];
    });
    return { properties: Object.fromEntries(properties), required: json.required ?? [] };
  }

  function typeOf(json, place, type) {
    const plain = type && checker.getNonNullableType(type);
    const arms = json.anyOf ?? json.oneOf;
    if (json.const !== undefined) return { type: typeof json.const, const: json.const };
    if (json.enum) return types.enumeration(place, json.enum);
    if (arms) return unionOf(json, arms, place, plain);
    if (json.properties) return types.object(place, membersOf(json, place, plain));
    if (typeof json.additionalProperties === "object") {
      const [index] = plain ? checker.getIndexInfosOfType(plain) : [];
      const { part } = json;
      const inner = part === undefined ? place : { owner: `Listed${part}`, kind: part, path: [] };
      return { type: "object", additionalProperties: typeOf(json.additionalProperties, inner, index?.type) };
    }
    if (json.type === "array") {
      const item = plain && checker.isArrayType(plain) ? checker.getTypeArguments(plain)[0] : undefined;
      return { type: "array", items: typeOf(json.items, place, item) };
    }
    if (json.type === "integer") return { type: numberOf(place.path.at(-1), json) };
    return ["string", "boolean", "number"].includes(json.type) ? { type: json.type } : anything;
  }

  function unionOf({ field }, arms, place, type) {
    const members = type?.isUnion() ? type.types : type ? [type] : [];
    const objects = arms.filter(({ properties }) => properties !== undefined);
    const tagOf = ({ properties }) => properties.type?.const;
    if (objects.length === arms.length && arms.every((arm) => tagOf(arm) !== undefined))
      return taggedUnion(arms, tagOf, field, place, members);
    if (objects.length === arms.length) {
      // Each form has one member, and a program gives exactly one of all these.
      const merged = { properties: Object.assign({}, ...arms.map(({ properties }) => properties)) };
      return types.object(
        place,
        membersOf(merged, place, { getProperty: (name) => propertyOf(members, name) }),
      );
    }
    const object = members.find((member) => member.flags & ts.TypeFlags.Object);
    const specs = arms.map((arm) =>
      typeOf(arm.const === undefined ? arm : { type: arm.type }, place, object),
    );
    const distinct = [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()];
    return distinct.length === 1 ? distinct[0] : { oneOf: distinct };
  }

  /** Returns a union whose members differ by `type`; its facts are those of `type`. */
  function taggedUnion(arms, tagOf, field, union, members) {
    const mapping = arms.map((arm) => {
      const tag = tagOf(arm);
      const place = within(union, tag);
      const member = members.find((candidate) => literalOf(candidate.getProperty("type")) === tag);
      const { properties, required } = membersOf(arm, place, member);
      const type = { ...properties.type, ...replacing(field), description: `Always \`${tag}\`.` };
      return [tag, types.object(place, { properties: { ...properties, type }, required }).$ref];
    });
    return {
      oneOf: mapping.map(([, $ref]) => ({ $ref })),
      discriminator: { propertyName: "type", mapping: Object.fromEntries(mapping) },
    };
  }

  function propertyOf(members, name) {
    return members.map((member) => member.getProperty(name)).find((symbol) => isDocumented(symbol));
  }

  function isDocumented(symbol) {
    return symbol !== undefined && documentation(symbol, checker) !== "";
  }

  function literalOf(symbol) {
    return symbol && checker.getTypeOfSymbol(symbol).value;
  }
}

/**
 * Returns the facts that Pulumi knows about an input. A map of variables is not secret as a whole, so that a plan shows which
 * keys change; the plugin marks their values.
 */
function factsOf({ field = {}, oneOf }) {
  return {
    ...(field.secret === true && field.env === undefined ? { secret: true } : {}),
    ...(oneOf ? {} : replacing(field)),
  };
}

/** Returns the type of a whole number. Docker's own numbers have 64 bits, more than an integer in .NET. */
function numberOf(name, { maximum }) {
  const isDockers = /^[A-Z]/.test(name);
  return isDockers && !(maximum < 2 ** 31) ? "number" : "integer";
}

/**
 * Returns the types of the numbers among all inputs, by name: a result of a function has the same type as the input.
 *
 * @param {readonly { definition: object }[]} all
 * @returns {ReadonlyMap<string, "integer" | "number">}
 */
function numbersIn(all) {
  const found = new Map();
  const note = (name, type) => {
    if ((found.get(name) ?? type) !== type) throw new Error(`${name} is an integer and a number.`);
    found.set(name, type);
  };
  const visit = (json, name) => {
    if (json.type === "integer") note(name, numberOf(name, json));
    if (json.type === "number") note(name, "number");
    for (const arm of json.anyOf ?? json.oneOf ?? []) visit(arm, name);
    for (const [inner, node] of Object.entries(json.properties ?? {})) visit(node, inner);
    for (const node of [json.items, json.additionalProperties])
      if (typeof node === "object") visit(node, name);
  };
  for (const { definition } of all) visit(jsonOf(definition.schema), "");
  return found;
}

/** Only says that a change replaces: the plugin decides, since a change to the value of the default does not. */
function replacing(field) {
  return field?.replace === true ? { willReplaceOnChanges: true } : {};
}

module.exports = { anything, fromZod, jsonOf, numbersIn };
