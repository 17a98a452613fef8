// An OpenAPI document of a Dokploy server as what this project keeps of it: which endpoints there are, and what each takes.
// Answers are not typed in these documents.
const fs = require("node:fs");

/**
 * @typedef {object} Endpoint
 * @property {"GET" | "POST"} method
 * @property {string[]} required the names of what it cannot be called without
 * @property {Record<string, object>} takes JSON schemas by name, with `nullable: true` for a union with null
 */

/**
 * @param {string} argument a path, or `0.30.2=<path>` where the document does not say its version
 * @returns {{version: string, endpoints: Record<string, Endpoint>}}
 * @throws an Error that says what is wrong with it
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
  return { version, endpoints: endpointsOf(document, path) };
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
  const endpoints = {};
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

function inputOfQuery({ parameters = [] }) {
  return {
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    takes: Object.fromEntries(parameters.map(({ name, schema }) => [name, simple(schema)])),
  };
}

function inputOfBody({ requestBody }) {
  const [body] = Object.values(requestBody?.content ?? {});
  const { properties = {}, required = [] } = body?.schema ?? {};
  return {
    required,
    takes: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, simple(schema)])),
  };
}

/** The schema without what says nothing: unions with null, limits of JavaScript's integers, patterns of named formats. */
function simple(schema) {
  const { anyOf = [] } = schema;
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
    kept[word] = simplePart(word, value);
  }
  return kept;
}

function simplePart(word, value) {
  if (word === "anyOf" || word === "oneOf") return value.map(simple);
  if (word === "items" || (word === "additionalProperties" && typeof value === "object"))
    return simple(value);
  if (word !== "properties") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, simple(inner)]));
}

module.exports = { readDocument };
