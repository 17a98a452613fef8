// sdk/run/generated/input-names.ts: the names of every resource's inputs, from its definition. A program needs
// them, since each input is an output too, and should not load the definitions for that.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `sdk/run/generated/input-names.ts` */
function inputNames(all) {
  const { Mapping } = require(path.join(root, "provider", "schema", "mapping.ts"));
  const { claimFactsOf } = require(path.join(root, "provider", "engine", "simple", "claim-facts.ts"));
  const entries = all.map(({ definition }) => {
    const { kind, schema, outputs, model } = definition;
    const { key, parents, duplicates, lists } = claimFactsOf(definition);
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
      ...(parents ? [`    parents: ${list(parents)},`] : []),
      ...(key ? [`    key: ${JSON.stringify(key)},`] : []),
      ...(model ? [`    label: ${JSON.stringify(labelOf(model))},`] : []),
      ...(model?.isSeparate ? ["    separate: true,"] : []),
      ...(model?.alone ? [`    alone: ${JSON.stringify(model.alone.input)},`] : []),
      ...(duplicates ? [`    duplicates: ${JSON.stringify(duplicates)},`] : []),
      ...outputsOf(outputs?.shape ?? {}),
      ...listsOf(lists),
      "  },\n",
    ].join("\n");
  });
  return `// Written by \`npm run docs\` from the definitions in provider/resources. Do not edit

/**
 * Names of the inputs of every kind of resource, with the paths of inputs that are maps of variables, that are always secret,
 * or that are addresses which may hold a login. A kind that has a key has its inputs and their defaults. A kind with outputs
 * that its base class does not have has their names, and those of the outputs that an update may keep. A simple object also has
 * the kinds that it can belong to, and its label. A service has the inputs that list such objects.
 */
export const inputNames = {
${entries.join("")}} as const;
`;
}

/** Returns the outputs, and those that change only with the inputs that they follow from. */
function outputsOf(outputs) {
  const names = Object.keys(outputs);
  const kept = names.filter((name) => outputs[name].meta()?.output?.follows !== undefined);
  const line = (name, of) => (of.length > 0 ? [`    ${name}: ${JSON.stringify(of)},`] : []);
  return [...line("outputs", names), ...line("kept", kept)];
}

/** Returns the label of an object within its service, with the inputs of its key in braces: `{host}{path}`. */
function labelOf({ spec }) {
  const label = spec.label(Object.fromEntries(spec.key.map((name) => [name, `{${name}}`])));
  if (spec.key.some((name) => !label.includes(`{${name}}`)) || label.includes("undefined"))
    throw new Error(`${spec.kind}: the label has to name the inputs of the key, and no others: ${label}`);
  return label;
}

/** Returns the inputs that list parts, with the kind of each: `lists: { domains: "Domain" }`. */
function listsOf(lists) {
  const entries = Object.entries(lists).map(([input, { kind }]) => `${input}: ${JSON.stringify(kind)}`);
  return entries.length === 0 ? [] : [`    lists: { ${entries.join(", ")} },`];
}

module.exports = { inputNames };
