// sdk/input-names.ts: the names of every resource's inputs, from its definition. A program needs them to have each input as
// an output too, and must not load the definitions for that.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `sdk/input-names.ts` */
function inputNames(all) {
  const { Mapping } = require(path.join(root, "provider", "schema", "mapping.ts"));
  const entries = all.map(({ definition: { kind, schema, model } }) => {
    const names = Object.keys(schema.shape).filter((name) => name !== "import");
    const isRequired = (name) => !schema.shape[name].safeParse(undefined).success;
    const list = (chosen) => `[${chosen.map((name) => JSON.stringify(name)).join(", ")}]`;
    const optional = names.filter((name) => !isRequired(name));
    const mapping = new Mapping(schema);
    const { always, login } = mapping.secretByNature();
    return [
      `  ${kind}: {`,
      `    required: ${list(names.filter(isRequired))},`,
      `    optional: ${list(optional)},`,
      `    variables: ${list(mapping.variables())},`,
      `    secret: ${list(always)},`,
      `    login: ${list(login)},`,
      ...(model ? [`    parents: ${list(model.spec.parents)},`, `    key: ${keyOf(model)},`] : []),
      "  },\n",
    ].join("\n");
  });
  return `// biome-ignore-all format: written by \`npm run docs\` from the definitions in provider/resources; not to be edited

/**
 * The names of every resource's inputs, and the paths of those that are maps of variables, that are secret by their nature,
 * and that are addresses in which a login may stand.
 */
export const inputNames = {
${entries.join("")}} as const;
`;
}

/** What tells one from another, each with its default: `[["host"], ["path", "/"]]`. */
function keyOf({ spec, schema }) {
  return JSON.stringify(
    spec.key.map((name) => {
      const reset = schema.shape[name].meta()?.field?.reset;
      return reset === undefined || reset === null ? [name] : [name, reset];
    }),
  );
}

module.exports = { inputNames };
