// docs/reference/shared-inputs.md: the fields of inputs that several kinds have. The page of each kind has one row for such an
// input, and rows for the fields in which it differs.
"use strict";

const page = "shared-inputs.md";
/** Inputs whose fields are on the page. */
const shared = ["deploy", "healthCheck", "resources", "swarm"];

/**
 * @param {import("./lookups.cjs").Row[][]} inputs the inputs of each kind
 * @returns {Map<string, import("./lookups.cjs").Row[]>} by input, the most frequent row of each field
 */
function sharedFields(inputs) {
  return new Map(
    shared.map((input) => {
      const of = inputs
        .map((rows) => rows.filter(({ name }) => name.startsWith(`${input}.`)))
        .filter((rows) => rows.length > 0);
      return [
        input,
        mostFrequent(of)
          .filter(({ count }) => count > 1)
          .map(({ row }) => row),
      ];
    }),
  );
}

/** Returns the rows of all lists by name, in order, each as most lists have it, with how many have the name and the row. */
function mostFrequent(lists) {
  const longest = [...lists].sort((a, b) => b.length - a.length);
  const names = new Set(longest.flat().map(({ name }) => name));
  return [...names].map((name) => {
    const rows = longest.flat().filter((row) => row.name === name);
    const timesOf = (row) => rows.filter((other) => isSame(row, other)).length;
    const [row] = [...rows].sort((a, b) => timesOf(b) - timesOf(a));
    return { row, count: rows.length, same: timesOf(row) };
  });
}

function isSame(a, b) {
  return a.doc === b.doc && a.type === b.type && a.required === b.required;
}

/** Returns the rows of a kind without the fields that the page has. */
function withoutShared(rows, fields) {
  return rows
    .filter(
      (row) => ![...fields.values()].flat().some((field) => field.name === row.name && isSame(field, row)),
    )
    .map((row) => {
      const all = fields.get(row.name);
      if (all === undefined || !rows.some(({ name }) => name.startsWith(`${row.name}.`))) return row;
      const missing = all
        .filter(({ name }) => !rows.some((other) => other.name === name))
        .map(({ name }) => `\`${name}\``);
      const without = missing.length > 0 ? `, without ${missing.join(" and ")}` : "";
      return { ...row, doc: `${row.doc} [Fields](${page}#${row.name.toLowerCase()})${without}.` };
    });
}

/** @returns {string} the page */
function sharedInputsPage(fields, table) {
  const sections = [...fields].map(([input, rows]) => `## ${input}\n\n${table(rows)}`);
  return `# Inputs that several kinds share

The page of a kind has the fields in which it differs.

${sections.join("\n\n")}
`;
}

module.exports = { isSame, mostFrequent, sharedFields, sharedInputsPage, withoutShared };
