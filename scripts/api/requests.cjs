// Generates the types of all requests.

const width = 110;

/**
 * @param {import("./extract.cjs").Extract} extract
 * @returns {string} a TypeScript module without anything at run time
 */
function requestTypes({ versions, endpoints }) {
  const rows = Object.entries(endpoints).map(([name, endpoint]) => row(name, endpoint));
  return `// Made by \`npm run api\` from the documents of Dokploy ${versions.join(", ")}. Do not edit.

/**
 * Inputs of each endpoint. Inputs that an update without them would reset to a default count as required.
 */
export interface Requests {
${rows.join("\n")}
}
`;
}

function row(name, endpoint) {
  const required = new Set(needed(name, endpoint));
  const columns = Object.entries(endpoint.takes).map(
    ([column, schema]) => `${property(column)}${required.has(column) ? "" : "?"}: ${type(schema)};`,
  );
  if (columns.length === 0) return `  "${name}": Record<string, never>;`;
  const one = `  "${name}": { ${columns.join(" ").slice(0, -1)} };`;
  if (one.length <= width) return one;
  return `  "${name}": {\n${columns.map((column) => `    ${column}`).join("\n")}\n  };`;
}

/** Lists the columns that a call must send to be accepted without side effects. */
function needed(name, { required, takes }) {
  const isUpdate = name.endsWith(".update");
  return Object.keys(takes).filter((column) =>
    "default" in takes[column] ? isUpdate : required.includes(column),
  );
}

function type(schema) {
  const plain = plainType(schema);
  return schema.nullable ? `${plain} | null` : plain;
}

function plainType(schema) {
  const { type: kind, enum: values, const: value, anyOf, oneOf, items, format } = schema;
  if (value !== undefined) return JSON.stringify(value);
  if (values !== undefined) return values.map((one) => JSON.stringify(one)).join(" | ");
  const union = anyOf ?? oneOf;
  if (union !== undefined) return [...new Set(union.map(type))].join(" | ");
  switch (kind) {
    case "string":
      return format === "binary" ? "Blob" : "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return listOf(type(items ?? {}));
    case "object":
      return objectType(schema);
    case "null":
      return "null";
    case undefined:
      return "unknown";
    default:
      throw new Error(`There is no TypeScript type for ${JSON.stringify(schema)} yet.`);
  }
}

function listOf(element) {
  return /^\w+$/.test(element) ? `${element}[]` : `(${element})[]`;
}

function objectType({ properties = {}, required = [], additionalProperties }) {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${property(name)}${required.includes(name) ? "" : "?"}: ${type(schema)}`,
  );
  if (fields.length > 0) return `{ ${fields.join("; ")} }`;
  if (typeof additionalProperties === "object") return `Record<string, ${type(additionalProperties)}>`;
  return additionalProperties === false ? "Record<string, never>" : "Record<string, unknown>";
}

function property(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

module.exports = { requestTypes, needed };
