// provider/schema/generated/ids.ts: the ids by which an object names its service or target, with a docstring for each kind.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `provider/schema/generated/ids.ts` */
function ids(first) {
  const { SERVICES } = require(path.join(root, "provider", "dokploy", "kinds.ts"));
  const services = Object.entries(SERVICES).map(([kind, { noun }]) => [kind, noun]);
  const parents = [...services, ["server", "server"]];
  const scopes = ["project", "environment"].map((kind) => [
    kind,
    `${kind}, whose services refer to the variables as \`\${{${kind}.NAME}}\``,
  ]);
  const property = ([kind, text]) => `  /** Id of the ${text}. */\n  ${kind}Id: Id;`;
  const part =
    (end) =>
    ([kind, noun]) =>
      property([kind, `${noun}${end}. A change replaces it`]);
  return `${first}
/** Id of the object that one belongs to, by the kind of that object. */
export interface ParentId<Id> {
${parents.map(part(" that it belongs to")).join("\n")}
}

/** Ids of which an object gives the one of the object that it belongs to. */
export interface PossibleParentId<Id> {
${parents.map(part(", if it belongs to one")).join("\n")}
}

/** Id of an object with variables: one of these. */
export type TargetIds<Id> = [
${[...services.slice(0, 2), ...scopes, ...services.slice(2)].map((kind) => `  {\n  ${property(kind).replace(/\n/g, "\n  ")}\n  },`).join("\n")}
];
`;
}

module.exports = { ids };
