// plugin/generated/names.txt: everything in the package schema that a program names, as text: a line that is changed or gone
// is a breaking change.
"use strict";

/**
 * @param {object} schema the package schema
 * @returns {string}
 */
function publicNames({ config, types, resources, functions }) {
  const lines = [
    ...members("config", ".", config.variables, []),
    ...each(types, (name, { enum: words, properties, required }) =>
      words
        ? [
            `type ${name}: ${words
              .map(({ value }) => JSON.stringify(value))
              .sort()
              .join(" | ")}`,
          ]
        : members(`type ${name}`, ".", properties, required),
    ),
    ...each(resources, (name, { inputProperties, requiredInputs, properties, required }) => [
      ...members(name, "()", inputProperties, requiredInputs),
      ...members(name, ".", properties, required),
    ]),
    ...each(functions, (name, { inputs, outputs }) => [
      ...members(name, "()", inputs?.properties ?? {}, inputs?.required),
      ...members(name, ".", outputs.properties, outputs.required),
    ]),
  ];
  return `${lines.sort().join("\n")}\n`;
}

function each(table, linesOf) {
  return Object.entries(table).flatMap(([token, entry]) => linesOf(nameOf(token), entry));
}

/** Returns a line for each member: `Application(env?): map of string`, `Application.appName: string`. */
function members(owner, form, properties, required = []) {
  return Object.entries(properties).map(([name, property]) => {
    const member = `${name}${required.includes(name) ? "" : "?"}`;
    const words = [`${owner}${form === "()" ? `(${member})` : `.${member}`}: ${textOf(property)}`];
    return [...words, ...(property.secret ? ["secret"] : [])].join(" ");
  });
}

function textOf({ $ref, type, items, additionalProperties, oneOf, const: constant }) {
  if (constant !== undefined) return JSON.stringify(constant);
  if ($ref) return nameOf($ref);
  if (oneOf) return oneOf.map(textOf).join(" | ");
  if (items) return `list of ${textOf(items)}`;
  if (additionalProperties) return `map of ${textOf(additionalProperties)}`;
  return type;
}

function nameOf(token) {
  return token.replace(/^.*[:/]/, "");
}

module.exports = { publicNames };
