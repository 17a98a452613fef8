// plugin/generated: the package schema of the plugin, with the files that follow from it.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { numbersIn } = require("./from-zod.cjs");
const { addresses } = require("../../site/pages.cjs");
const { components } = require("./components.cjs");
const { functions } = require("./functions.cjs");
const { publicNames } = require("./names.cjs");
const { outputNames } = require("./outputs.cjs");
const { resources } = require("./resources.cjs");
const { settingProperties } = require("./settings.cjs");
const { Types, packageName } = require("./types.cjs");

const root = path.resolve(__dirname, "..", "..", "..");

/**
 * @typedef {object} Source everything that the schema is made from
 * @property {import("typescript").Program} program
 * @property {import("typescript").TypeChecker} checker
 * @property {ReadonlyMap<string, import("typescript").Symbol>} exported what a program imports, by name
 * @property {{ kind: string, file: string, definition: object }[]} all the definitions
 * @property {ReadonlyMap<string, "integer" | "number">} numbers types of the numbers among all inputs, by name
 */

/**
 * @param {import("typescript").Program} program
 * @param {string} entry the module that a program imports
 * @param {Source["all"]} all
 * @returns {Record<string, string>} the texts of the files in `plugin/generated`, by their names
 */
function pluginFiles(program, entry, all) {
  const schema = packageSchema(sourceOf(program, entry, all));
  return {
    "schema.json": print(schema),
    "outputs.ts": outputNames(schema, all),
    "names.txt": publicNames(schema),
  };
}

/** @returns {Source} */
function sourceOf(program, entry, all) {
  const checker = program.getTypeChecker();
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))
    .map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ]);
  return { program, checker, exported: new Map(exported), all, numbers: numbersIn(all) };
}

function packageSchema(source) {
  const { version, description, repository, homepage, license } = require(path.join(root, "package.json"));
  const types = new Types();
  const settings = settingProperties(source, types);
  const all = resources(source, types);
  const named = types.named({
    config: { variables: settings },
    provider: { description: "A Dokploy server.", inputProperties: settings, properties: settings },
    resources: { ...all, ...components(source, types, all) },
    functions: functions(source, types, all),
  });
  const { config, provider } = named.rest;
  return {
    name: packageName(),
    version,
    displayName: "Dokploy",
    publisher: "pulumi-dokploy",
    description,
    keywords: ["pulumi", "dokploy", "category/infrastructure", "kind/native"],
    homepage,
    license,
    repository: repository.replace(/^github:/, "https://github.com/"),
    configurationDocsUrl: `${addresses().site}operations/languages.html`,
    validateCredentialsOnNew: true,
    // The names differ from those of the npm package pulumi-dokploy, so that a program may use both.
    language: {
      nodejs: { packageName: "@pulumi-dokploy/native", respectSchemaVersion: true },
      python: {
        packageName: "pulumi_dokploy_native",
        respectSchemaVersion: true,
        pyproject: { enabled: true },
      },
      go: {
        importBasePath: "github.com/pulumi-dokploy/pulumi-dokploy/sdk/go/dokploynative",
        respectSchemaVersion: true,
      },
      csharp: {
        rootNamespace: "PulumiDokploy",
        namespaces: { [packageName()]: "Native" },
        respectSchemaVersion: true,
      },
    },
    config,
    provider,
    types: named.types,
    resources: named.rest.resources,
    functions: named.rest.functions,
  };
}

/** Returns the text of a schema: each type, resource and function on a line of its own. */
function print(schema) {
  const lines = Object.entries(schema).map(([name, value]) => {
    const isTable = ["types", "resources", "functions"].includes(name);
    return `${JSON.stringify(name)}:${isTable ? table(value) : JSON.stringify(value)}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

function table(entries) {
  const lines = Object.entries(entries).map(
    ([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`,
  );
  return `{\n${lines.join(",\n")}\n}`;
}

module.exports = { pluginFiles };
