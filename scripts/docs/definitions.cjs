// Generates from the files of provider/resources the list of all definitions, their classes, and the lookups of the simple
// ones. A new kind of object is therefore one file there, and needs no entry in a list.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");
const { classes, serviceClasses } = require("./classes.cjs");
const { databaseFunctions } = require("./database-functions.cjs");
const { forms } = require("./forms.cjs");
const { simpleFunctions } = require("./functions.cjs");
const { gitFunctions } = require("./git-functions.cjs");

const root = path.resolve(__dirname, "..", "..");
const resources = path.join(root, "provider", "resources");
const head = (from) => `// Written by \`npm run docs\` from ${from}. Do not edit\n`;

/** @returns {{ kind: string, name: string, file: string, doc: string, definition: object }[]} by the name of the kind */
function found() {
  require("ts-node").register({ transpileOnly: true, cwd: root });
  return fs
    .readdirSync(resources)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .flatMap((name) => {
      const file = path.join(resources, name);
      return Object.entries(require(file))
        .filter(([, exported]) => typeof exported?.kind === "string" && exported.schema?.shape)
        .map(([variable, definition]) => ({
          kind: definition.kind,
          name: variable,
          file: name.replace(/\.ts$/, ""),
          doc: docOf(file, variable),
          definition,
        }));
    })
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** Returns the docstring of a constant, as it is in its file. */
function docOf(file, variable) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const statement = source.statements.find(
    (node) =>
      ts.isVariableStatement(node) &&
      node.declarationList.declarations.some((declared) => declared.name.getText(source) === variable),
  );
  return statement?.jsDoc?.at(-1)?.getText(source) ?? "";
}

/** @returns {string} the text of `provider/resources/generated/definitions.ts` */
function definitions(all) {
  const loaders = all.map(({ kind, name }) => `  ${kind}: () => kinds.${name},`);
  return `${head("the files of provider/resources")}
import * as kinds from "./kinds";

/** Loads the definition of each kind on first use, since most stacks have only a few kinds. */
const load = {
${loaders.join("\n")}
} as const;

export type Kind = keyof typeof load;

/** Returns the definition of a kind; undefined for an unknown kind. */
export function definitionOf(kind: string): ReturnType<(typeof load)[Kind]> | undefined {
  return Object.hasOwn(load, kind) ? load[kind as Kind]() : undefined;
}

/** Returns the definitions of all kinds of resources. */
export function allDefinitions(): ReturnType<(typeof load)[Kind]>[] {
  return Object.values(load).map((definition) => definition());
}
`;
}

/** @returns {string} the text of `provider/resources/generated/database-schemas.ts` */
function databaseSchemas(all) {
  const databases = all.filter(({ definition }) => definition.database !== undefined);
  const entries = databases.map(({ name, definition }) => `  ${definition.database}: kinds.${name}Schema,`);
  return `${head("the databases in provider/resources")}
import * as kinds from "./kinds";

/** Inputs of each kind of database, by Dokploy's name for it. */
export const databaseSchemas = {
${entries.join("\n")}
};
`;
}

/** @returns {string} the text of `provider/resources/generated/kinds.ts`, the door to what the files of the kinds export */
function kinds(all) {
  const exported = all.map(({ file }) => {
    const names = exportsOf(path.join(resources, `${file}.ts`)).map(({ name, isType }) =>
      isType ? `type ${name}` : name,
    );
    return `export { ${names.join(", ")} } from "../${file}";`;
  });
  return `${head("the files of provider/resources")}\n${[...new Set(exported)].join("\n")}\n`;
}

/** Returns the exports of a file, with the types among them marked. */
function exportsOf(file) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(
      (node) =>
        ts.canHaveModifiers(node) &&
        ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
    )
    .flatMap((node) => {
      const isType = ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node);
      const names = ts.isVariableStatement(node) ? node.declarationList.declarations : [node];
      return names.map(({ name }) => ({ name: name.getText(source), isType }));
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the kinds that are described by a definition alone. */
function simpleOnes(all) {
  return all.filter(({ definition }) => definition.model !== undefined);
}

/** @returns {Record<string, string>} the texts of the files in `sdk` that are made of definitions, by their paths */
function sdkFiles(all) {
  const simple = simpleOnes(all);
  const databases = all.filter(({ definition }) => definition.database !== undefined);
  const first = head("the simple objects in provider/resources");
  const every = head("the definitions in provider/resources");
  return {
    [path.join("classes", "generated", "simple-inputs.ts")]: simpleInputs(simple, first),
    [path.join("classes", "generated", "classes.ts")]: classes(all, every),
    [path.join("classes", "generated", "service-classes.ts")]: serviceClasses(all, every),
    [path.join("lookups", "generated", "simple.ts")]: simpleFunctions(simple, first),
    [path.join("lookups", "generated", "databases.ts")]: databaseFunctions(
      databases,
      head("the databases in provider/resources"),
    ),
    [path.join("lookups", "generated", "git-hosts.ts")]: gitFunctions(head("scripts/docs/git-functions.cjs")),
    [path.join("lookups", "generated", "forms.ts")]: forms(head("the lookups in sdk/lookups"), docOf),
  };
}

function simpleInputs(simple, first) {
  const names = simple.map(({ name }) => name);
  const types = simple.flatMap(({ kind, name, definition }) => [
    `export type ${kind}Inputs = z.infer<typeof ${name}.schema>;`,
    ...(definition.model.spec.outputs
      ? [`export type ${kind}Outputs = z.infer<typeof ${name}.outputs>;`]
      : []),
  ]);
  return `${first}
import type { z } from "zod";
import type { ${names.join(", ")} } from "../../../provider/resources";

${types.join("\n")}
`;
}

module.exports = { found, head, databaseSchemas, definitions, kinds, sdkFiles };
