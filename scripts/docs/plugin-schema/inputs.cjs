// The inputs of a resource: those of its definition, in the form in which a program gives them.
"use strict";
const path = require("node:path");
const { fromZod, jsonOf } = require("./from-zod.cjs");

const root = path.resolve(__dirname, "..", "..", "..");

/**
 * Returns the inputs of a kind as a program gives them, and those that are outputs too.
 *
 * @param {import("./package.cjs").Source["all"][number]} found
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 * @returns {{ given: object, required: string[], kept: object }}
 */
function inputsOf(found, source, types) {
  const { listsIn } = require(path.join(root, "provider", "engine", "simple", "lists.ts"));
  const { kind, definition } = found;
  const json = jsonOf(definition.schema);
  const lists = listsIn(definition.schema);
  for (const [name, { spec }] of lists) json.properties[name].part = spec.kind;
  const place = { owner: kind, kind, path: [] };
  const { properties, required } = fromZod(source.checker, types).membersOf(
    json,
    place,
    inputType(found, source),
  );
  const hasVariables = properties.env !== undefined;
  const given = Object.entries(properties).map(([name, property]) => {
    if (name === "import") return [name, { ...property, description: adoption }];
    return [name, lists.has(name) ? asList(property) : property];
  });
  // The state has each list as a map, and the SDKs of some languages fail when an output has another type than its input.
  const kept = Object.entries(properties).filter(([name]) => name !== "import" && !lists.has(name));
  return {
    given: { ...Object.fromEntries(given), ...(hasVariables ? fromFiles : {}) },
    required,
    kept: Object.fromEntries(kept),
  };
}

const adoption =
  "Id of an existing object in Dokploy, which the resource adopts while it is new: the object gets the values of the " +
  "inputs. Pulumi's own option `import` requires that they are already equal.";

/** Inputs that only the plugin has, since a program in Node.js calls `loadEnv`. */
const fromFiles = {
  envFiles: {
    type: "array",
    items: { type: "string" },
    description:
      "Paths of files whose variables are part of `env`, relative to the program: YAML, dotenv, or a folder of such " +
      "files. A later file takes precedence over an earlier one, and `env` over all of them.",
  },
  secrets: {
    type: "object",
    additionalProperties: { type: "string" },
    secret: true,
    description: "Values for `!secret NAME` in the files of `envFiles`, by name. Secret.",
  },
};

/** Returns the list that a program gives for a map in the state, which names each part. */
function asList({ additionalProperties, ...rest }) {
  // It is no union of list and map: the SDK for Python cannot send a list for one.
  return { ...rest, type: "array", items: additionalProperties };
}

/** Returns the TypeScript type of the inputs, which has their docstrings. */
function inputType({ kind, file, definition }, { checker, program }) {
  const source = definition.model
    ? path.join("sdk", "classes", "generated", "simple-inputs.ts")
    : path.join("provider", "resources", `${file}.ts`);
  const module = checker.getSymbolAtLocation(program.getSourceFile(path.join(root, source)));
  const alias = checker.getExportsOfModule(module).find(({ name }) => name === `${kind}Inputs`);
  return checker.getDeclaredTypeOfSymbol(alias);
}

module.exports = { inputsOf };
