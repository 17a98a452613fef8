// plugin/generated/outputs.ts: the outputs of each kind, which a preview knows or not.
"use strict";
const path = require("node:path");
const { head } = require("../definitions.cjs");
const { tokenOf } = require("./types.cjs");

const root = path.resolve(__dirname, "..", "..", "..");

/**
 * @param {object} schema the package schema
 * @param {{ kind: string, definition: object }[]} all
 * @returns {string} the text of `plugin/generated/outputs.ts`
 */
function outputNames(schema, all) {
  const lines = all.map(({ kind, definition }) => {
    const { properties, inputProperties } = schema.resources[tokenOf(kind)];
    const names = Object.keys(properties).filter((name) => !(name in inputProperties));
    const stable = names.filter((name) => isStable(kind, definition, name));
    return `  ${kind}: { all: ${JSON.stringify(names)}, stable: ${JSON.stringify(stable)} },\n`;
  });
  return `${head("the definitions in provider/resources and the classes in sdk/classes")}
import type { Kind } from "../../provider/resources";

/** Outputs of each kind that are not inputs, and those of them that no update changes. */
export const outputs: Readonly<
  Record<Kind, { readonly all: readonly string[]; readonly stable: readonly string[] }>
> = {
${lines.join("")}};
`;
}

/** Returns true for an output that no update changes. */
function isStable(kind, { outputs }, name) {
  const { SERVICES } = require(path.join(root, "provider", "dokploy", "kinds.ts"));
  // Dokploy chooses the name inside Docker when it creates a service.
  if (name === "appName") return kind.toLowerCase() in SERVICES;
  return outputs?.shape[name]?.meta()?.output?.follows?.length === 0;
}

module.exports = { outputNames };
