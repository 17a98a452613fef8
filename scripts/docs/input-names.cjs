// sdk/program-checks/generated/input-names.ts: the names of every resource's inputs, from its definition. A program needs them to have each input as
// an output too, and must not load the definitions for that.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `sdk/program-checks/generated/input-names.ts` */
function inputNames(all) {
  const { Mapping } = require(path.join(root, "provider", "schema", "mapping.ts"));
  const { listsIn } = require(path.join(root, "provider", "simple", "lists.ts"));
  const entries = all.map(({ definition: { kind, schema, model, key } }) => {
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
      ...(model
        ? [
            `    parents: ${list(model.spec.parents)},`,
            `    key: ${keyOf(schema, model.spec.key)},`,
            `    label: ${JSON.stringify(labelOf(model))},`,
            ...(model.spec.apart ? ["    apart: true,"] : []),
            ...(model.spec.alone ? [`    alone: ${JSON.stringify(model.spec.alone.input)},`] : []),
            ...(model.spec.twins ? [`    twins: ${JSON.stringify(model.spec.twins)},`] : []),
            `    outputs: ${list(Object.keys(model.spec.outputs ?? {}))},`,
            ...(keptOf(model).length > 0 ? [`    kept: ${list(keptOf(model))},`] : []),
          ]
        : key
          ? [`    key: ${keyOf(schema, key)},`]
          : []),
      ...listsOf(listsIn(schema)),
      "  },\n",
    ].join("\n");
  });
  return `// Written by \`npm run docs\` from the definitions in provider/resources. Do not edit

/**
 * The names of every resource's inputs, and the paths of those that are maps of variables, that are secret by their nature,
 * and that are addresses in which a login may stand. Of those that a server has in their own right also what tells one from
 * another, of simple objects what they belong to, how one is called, and what there is of it beside its inputs, among that what an
 * update may keep; of services the inputs that list such objects.
 */
export const inputNames = {
${entries.join("")}} as const;
`;
}

/** The outputs that stay as they are while the inputs that they follow from do. */
function keptOf({ spec: { outputs = {} } }) {
  return Object.keys(outputs).filter((name) => outputs[name].meta().output.follows !== undefined);
}

/** What tells one from another, each with its default: `[["host"], ["path", "/"]]`. */
function keyOf(schema, key) {
  return JSON.stringify(
    key.map((name) => {
      const reset = schema.shape[name].meta()?.field?.reset;
      return reset === undefined || reset === null ? [name] : [name, reset];
    }),
  );
}

/** The name of one among those of its service, with the inputs of its key in braces: `{host}{path}`. */
function labelOf({ spec }) {
  const label = spec.label(Object.fromEntries(spec.key.map((name) => [name, `{${name}}`])));
  if (spec.key.some((name) => !label.includes(`{${name}}`)) || label.includes("undefined"))
    throw new Error(`${spec.kind}: the label has to name the inputs of the key, and no others: ${label}`);
  return label;
}

/** The inputs that list parts, with the kind of each: `lists: { domains: "Domain" }`. */
function listsOf(lists) {
  if (lists.size === 0) return [];
  const entries = [...lists].map(([input, { spec }]) => `${input}: ${JSON.stringify(spec.kind)}`);
  return [`    lists: { ${entries.join(", ")} },`];
}

module.exports = { inputNames };
