// Writes each part of a JSON schema that occurs more than once only once, under `$defs`.

/** Number of characters below which a reference would not be shorter than the part itself. */
const leastCharacters = 40;

/** Words of JSON Schema that name no input: a part below them has the name of the surrounding input. */
const words = /^(?:properties|items|anyOf|oneOf|allOf|if|then|additionalProperties)$/;

/**
 * @param {object} schema
 * @returns {object} the same schema, with `$defs`
 */
function shareSchemas(schema) {
  const names = namesOf(schema);
  const defs = new Map();
  function share(value, isRoot) {
    if (Array.isArray(value)) return value.map((item) => share(item));
    if (value === null || typeof value !== "object") return value;
    const name = isRoot ? undefined : names.get(JSON.stringify(value));
    if (name === undefined)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, share(inner)]));
    if (!defs.has(name)) defs.set(name, share(value, true));
    return { $ref: `#/$defs/${name}` };
  }
  return { ...share(schema, true), $defs: Object.fromEntries(defs) };
}

/** Names for the parts that occur more than once, by their text: each that of the input where it occurs first. */
function namesOf(schema) {
  const seen = new Map();
  function visit(value, name) {
    if (value === null || typeof value !== "object") return;
    if (!Array.isArray(value) && isSchema(value)) {
      const text = JSON.stringify(value);
      const found = seen.get(text);
      if (found) found.count += 1;
      else if (text.length >= leastCharacters) seen.set(text, { name, count: 1 });
      if (found) return;
    }
    for (const [key, inner] of Object.entries(value))
      visit(inner, Array.isArray(value) || words.test(key) ? name : key);
  }
  visit(schema, "");
  const taken = new Map();
  const shared = [...seen].filter(([, { count }]) => count > 1);
  return new Map(
    shared.map(([text, { name }]) => {
      const number = (taken.get(name) ?? 0) + 1;
      taken.set(name, number);
      return [text, number === 1 ? name : `${name}-${number}`];
    }),
  );
}

function isSchema(value) {
  return ["type", "anyOf", "oneOf", "allOf"].some(
    (word) => typeof value[word] === "string" || Array.isArray(value[word]),
  );
}

/** The schema as text, each of its parts on a line of its own. */
function printSchema(schema) {
  const lines = Object.entries(schema).map(([name, value]) => {
    const text = name === "$defs" ? block(value) : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

function block(parts) {
  const lines = Object.entries(parts).map(
    ([name, part]) => `    ${JSON.stringify(name)}: ${JSON.stringify(part)}`,
  );
  return `{\n${lines.join(",\n")}\n  }`;
}

module.exports = { printSchema, shareSchemas };
