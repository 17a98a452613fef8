// sdk/input-names.ts: the names of every resource's inputs, from its definition. A program needs them to have each input as
// an output too, and must not load the definitions for that.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");
const resources = path.join(root, "provider", "resources");

/** @returns {string} the text of `sdk/input-names.ts` */
function inputNames() {
  require("ts-node").register({ transpileOnly: true, cwd: root });
  const { Mapping } = require(path.join(root, "provider", "mapping.ts"));
  const entries = definitions().map(({ kind, schema }) => {
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

/** Every definition, in the order of their files. */
function definitions() {
  return fs
    .readdirSync(resources)
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => Object.values(require(path.join(resources, name))))
    .filter((exported) => typeof exported?.kind === "string" && exported.schema?.shape);
}

module.exports = { inputNames };
