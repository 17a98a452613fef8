// Reduces an OpenAPI document of a Dokploy server to the facts that this project keeps: the endpoints, and the inputs
// of each. Responses are not typed in these documents. A document may also be the inputs of the tools of Dokploy's own
// MCP server, by operation, which say less: `{ "tag.create": { "method": "POST", "input": <JSON schema> } }`.
const fs = require("node:fs");

/**
 * @typedef {object} Endpoint
 * @property {"GET" | "POST"} method
 * @property {string[]} required names of the required inputs, without those that have a default
 * @property {Record<string, object>} takes JSON schemas by name, with `nullable: true` for a union with null
 */

/**
 * @param {string} argument a path, or `0.30.2=<path>` when the document does not contain its version
 * @returns {{version: string, endpoints: Record<string, Endpoint>, isPartial: boolean}} partial when facts that the
 * document omits may be as in the version before
 * @throws an Error with the problem of the document
 */
function readDocument(argument) {
  const [, given, path] = /^(?:(\d+\.\d+\.\d+)=)?(.+)$/s.exec(argument) ?? [];
  if (path === undefined) throw new Error("The path of a document is empty.");
  const document = parse(path);
  const said = /^v?(\d+\.\d+\.\d+)$/.exec(document.info?.version ?? "")?.[1];
  if (given !== undefined && said !== undefined && given !== said)
    throw new Error(`${path} is the document of Dokploy ${said}, not of ${given}.`);
  const version = given ?? said;
  if (version === undefined)
    throw new Error(`${path} does not say of which version it is: give it as 0.30.2=${path}`);
  return { version, endpoints: endpointsOf(document, path), isPartial: document.paths === undefined };
}

function parse(path) {
  try {
    return JSON.parse(fs.readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error.message}`);
  }
}

/** @returns {Record<string, Endpoint>} */
function endpointsOf(document, path) {
  const endpoints = document.paths === undefined ? endpointsOfTools(document) : {};
  for (const [address, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) {
      endpoints[address.slice(1)] = {
        method: method.toUpperCase(),
        ...(method === "get" ? inputOfQuery(operation) : inputOfBody(operation)),
      };
    }
  }
  if (Object.keys(endpoints).length === 0)
    throw new Error(`${path} names no endpoint: is it an OpenAPI document?`);
  return endpoints;
}

/** @returns {Record<string, Endpoint>} */
function endpointsOfTools(document) {
  const tools = Object.entries(document).filter(([, tool]) => tool?.method !== undefined);
  return Object.fromEntries(
    tools.map(([name, { method, input }]) => [name, { method, ...inputOf(input ?? {}) }]),
  );
}

function inputOfQuery({ parameters = [] }) {
  return inputOf({
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
  });
}

function inputOfBody({ requestBody }) {
  const [body] = Object.values(requestBody?.content ?? {});
  return inputOf(body?.schema ?? {});
}

function inputOf({ properties = {}, required = [] }) {
  const takes = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, simple(schema)]),
  );
  return { required: required.filter((name) => !("default" in (takes[name] ?? {}))), takes };
}

/**
 * Normalises a schema: unions with null, limits of JavaScript's integers, patterns of named formats and values of any
 * kind carry no information, so that all documents get one notation.
 */
function simple(schema) {
  const { anyOf = [], allOf, type } = schema;
  if (allOf !== undefined) return simpleOfAll(schema);
  if (Array.isArray(type)) return simpleOfTypes(schema);
  const others = anyOf.filter(({ type }) => type !== "null");
  if (others.length < anyOf.length) {
    const { anyOf: _, ...rest } = schema;
    const inner = others.length === 1 ? simple(others[0]) : { anyOf: others.map(simple) };
    return { ...inner, ...rest, nullable: true };
  }
  const kept = {};
  for (const [word, value] of Object.entries(schema)) {
    if (word === "propertyNames" || (word === "pattern" && schema.format !== undefined)) continue;
    if (["minimum", "maximum"].includes(word) && Math.abs(value) === Number.MAX_SAFE_INTEGER) continue;
    if (word === "additionalProperties" && isEmpty(value)) continue;
    if (word === "enum" && value.length === 1) kept.const = value[0];
    else kept[word] = simplePart(word, value);
  }
  return kept;
}

/** Simplifies `{ allOf: [one, {}] }` to that one. Several patterns are those of a named format. */
function simpleOfAll({ allOf, ...rest }) {
  const all = allOf.filter((one) => !isEmpty(one) && Object.keys(one).join() !== "pattern");
  if (all.length > 1) throw new Error(`There is no reading of ${JSON.stringify(allOf)} yet.`);
  return simple({ ...all[0], ...rest });
}

const isEmpty = (schema) => typeof schema === "object" && Object.keys(schema).length === 0;

/** Simplifies `{ type: ["string", "null"] }`. */
function simpleOfTypes({ type, enum: values, ...rest }) {
  const [first, ...others] = type.filter((one) => one !== "null");
  const named = values === undefined ? {} : { enum: values.filter((value) => value !== null) };
  const inner =
    others.length === 0
      ? simple({ type: first, ...named, ...rest })
      : { ...simple({ ...named, ...rest }), anyOf: [first, ...others].map((one) => ({ type: one })) };
  return type.includes("null") ? { ...inner, nullable: true } : inner;
}

function simplePart(word, value) {
  if (word === "anyOf" || word === "oneOf") return value.map(simple);
  if (word === "items" || (word === "additionalProperties" && typeof value === "object"))
    return simple(value);
  if (word !== "properties") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, simple(inner)]));
}

module.exports = { readDocument };
