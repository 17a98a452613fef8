// sdk/classes/generated: the class of each kind, from its definition. Code that a class needs beyond its definition
// is in its base class in sdk/classes, which is written by hand.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `sdk/classes/generated/classes.ts` */
function classes(all, first) {
  const undocumented = all.find(({ doc }) => doc === "");
  if (undocumented)
    throw new Error(`provider/resources/${undocumented.file}.ts: its definition has no docstring.`);
  const types = all.map((found) => ({
    from: found.definition.model ? "./simple-inputs" : "../../../provider/resources",
    names: typesOf(found),
  }));
  const bases = all.map((found) => ({ from: moduleOf(baseOf(found)), names: [baseOf(found)] }));
  return `${first}
import type { Inputs, Internal, Listed, Outputs, ResourceOptions } from "../../resource";
import { isOfKind, type Lists } from "../../run";
import type { RootOutputs } from "../database";
${[...importsOf(types, "import type"), ...importsOf(bases, "import")].join("\n")}

${all.map((found) => classOf(found, all)).join("\n")}`;
}

/** @returns {string} the text of `sdk/classes/generated/service-classes.ts` */
function serviceClasses(all, first) {
  const kinds = all.filter(isService).map(({ kind }) => kind);
  return `${first}
import { ${kinds.join(", ")} } from "./classes";

/** Class of each kind of service, by Dokploy's name for it. */
export const serviceClasses = {
${kinds.map((kind) => `  ${kind.toLowerCase()}: ${kind},`).join("\n")}
} as const;
`;
}

function classOf(found, all) {
  const { kind, doc, definition } = found;
  const own = `Omit<${kind}Inputs, Internal>`;
  const inputs = isService(found) ? `Listed<${own}, Lists<"${kind}">>` : own;
  const [, ...further] = typesOf(found);
  const bases = [baseOf(found), ...("rootPassword" in definition.schema.shape ? ["RootOutputs"] : [])];
  const omitted = ["Internal", ...bases.map((base) => `keyof ${base}`)].join(" | ");
  const outputs = [`Omit<${kind}Inputs, ${omitted}>`, ...further].join(" & ");
  return `export interface ${kind}Args extends Inputs<${[inputs, ...alsoOf(definition, all)].join(", ")}> {}

${doc}
export class ${kind} extends ${baseOf(found)} {
  constructor(name: string, args: ${kind}Args, options?: ResourceOptions) {
    super("${kind}", name, args, options);
  }

  static override isInstance(value: unknown): value is ${kind} {
    return isOfKind("${kind}", value);
  }
}

export interface ${kind} extends ${[`Outputs<${outputs}>`, ...bases.slice(1)].join(", ")} {}
`;
}

/** Returns the types of the inputs, and of the outputs if it has further ones than its base class. */
function typesOf({ kind, definition: { outputs } }) {
  const isNamed = Object.keys(outputs?.shape ?? {}).length > 0;
  return [`${kind}Inputs`, ...(isNamed ? [`${kind}Outputs`] : [])];
}

/** Returns the types of the resources that a program may give instead of the ids of a target. */
function alsoOf({ schema: { shape } }, all) {
  if (!shape.target) return [];
  const ids = shape.target.options.flatMap((option) => Object.keys(option.shape));
  const kinds = ids.map((id) => all.find(({ kind }) => `${kind.toLowerCase()}Id` === id).kind);
  return [`{ target: ${kinds.join(" | ")} }`];
}

/** Returns the name of the base class: its own, or that of its family. */
function baseOf(found) {
  const { kind, file, definition } = found;
  if (fs.existsSync(path.join(root, "sdk", "classes", `${file}.ts`))) return `${kind}Base`;
  if (definition.database) return "Database";
  if (isService(found)) return "Service";
  // Only projects and environments share their own variables; a block names the object that has them.
  const { redeployReferrers, target } = definition.schema.shape;
  return redeployReferrers && !target ? "Scope" : "DokployResource";
}

/** Returns the module of a base class: `../environment-block` for `EnvironmentBlockBase`. */
function moduleOf(base) {
  if (base === "DokployResource") return "../../resource";
  return `../${base
    .replace(/Base$/, "")
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()}`;
}

function isService({ kind }) {
  const { SERVICES } = require(path.join(root, "provider", "dokploy", "kinds.ts"));
  return kind.toLowerCase() in SERVICES;
}

/** Returns one statement for each module. */
function importsOf(all, statement) {
  const modules = [...new Set(all.map(({ from }) => from))].sort();
  return modules.map((module) => {
    const names = all.flatMap(({ from, names }) => (from === module ? names : []));
    return `${statement} { ${[...new Set(names)].sort().join(", ")} } from "${module}";`;
  });
}

module.exports = { classes, serviceClasses };
