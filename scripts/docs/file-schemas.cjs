// Generates the JSON schemas of the files of a deployment repository, for completion and checks in editors. The types come from the schemas that the program checks with, the descriptions from their docstrings.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { addresses } = require("../site/pages.cjs");
const { printSchema, shareSchemas } = require("./share-schemas.cjs");

const root = path.resolve(__dirname, "..", "..");
const source = path.join(root, "sdk", "repository", "app-schema.ts");
const previewsSource = path.join(root, "sdk", "repository", "preview-schema.ts");
const contractSource = path.join(root, "sdk", "env-files", "contract-schema.ts");

/** Files that the compiler has to know. */
const fileSchemaSources = [source, contractSource, previewsSource];

/**
 * The files that have a schema: `match` says which they are, where their name is theirs alone.
 *
 * @type {Record<string, {title: string, match: string[], make(program: ts.Program): object}>} by the name of the schema's file
 */
const files = {
  "dokploy-app.schema.json": {
    title: "A service of a deployment repository (dokploy-app.yaml)",
    match: ["dokploy-app.yaml"],
    make: appSchema,
  },
  "dokploy-env.schema.json": {
    title: "A contract for variables (envs/schema.yaml)",
    match: [],
    make: (program) => {
      const { contractSchema } = require(contractSource);
      return jsonSchema(
        contractSchema,
        typeOf(program, contractSource, "ContractFile"),
        program.getTypeChecker(),
      );
    },
  },
  "dokploy-previews.schema.json": {
    title: "The rules for previews of pull requests (dokploy-previews.yaml)",
    match: ["dokploy-previews.yaml"],
    make: (program) => {
      const { previewsSchema } = require(previewsSource);
      return jsonSchema(
        previewsSchema,
        typeOf(program, previewsSource, "PreviewRules"),
        program.getTypeChecker(),
      );
    },
  },
};

/** Returns the address of a schema on the site, which is its name for ever. */
function addressOf(file) {
  return `${addresses().site}schemas/${file}`;
}

/**
 * @param {ts.Program} program one that knows {@link fileSchemaSources}
 * @returns {Record<string, string>} the text of each schema, by the name of its file
 */
function fileSchemas(program) {
  loadTypeScript();
  return Object.fromEntries(
    Object.entries(files).map(([file, { title, make }]) => {
      const { $schema: _, ...schema } = make(program);
      const named = { $schema: "http://json-schema.org/draft-07/schema#", $id: addressOf(file), title };
      return [file, printSchema(shareSchemas({ ...named, ...schema }))];
    }),
  );
}

/** @returns {string} the entries of the schemas for the catalogue of SchemaStore, by which editors find a file's schema */
function schemaStoreEntries() {
  const entries = Object.entries(files).map(([file, { title, match }]) => ({
    name: `pulumi-dokploy: ${path.basename(file, ".schema.json")}`,
    description: title,
    ...(match.length > 0 && { fileMatch: match }),
    url: addressOf(file),
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function appSchema(program) {
  const { appSchemas } = require(source);
  const checker = program.getTypeChecker();
  const types = typeOf(program, source, "AppFiles");

  const arms = Object.keys(appSchemas).map((kind) => {
    const { $schema: _, ...schema } = jsonSchema(
      appSchemas[kind],
      checker.getTypeOfSymbol(types.getProperty(kind)),
      checker,
    );
    return schema;
  });
  return {
    type: "object",
    required: ["kind"],
    properties: { kind: { enum: Object.keys(appSchemas) } },
    // With conditions, an editor reports the mistake in the given kind, not that no kind matches.
    allOf: arms.map((arm) => ({
      if: { properties: { kind: { const: arm.properties.kind.const } }, required: ["kind"] },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
      then: arm,
    })),
  };
}

function loadTypeScript() {
  require("ts-node").register({ transpileOnly: true, cwd: root });
}

/** Returns an exported type of a file. */
function typeOf(program, file, name) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return checker.getDeclaredTypeOfSymbol(
    checker.getExportsOfModule(module).find((symbol) => symbol.name === name),
  );
}

/** Returns the JSON schema of a schema, with the docstrings of its type. */
function jsonSchema(schema, type, checker) {
  const { z } = require("zod");
  const json = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    // A file does not say how Dokploy keeps a value.
    override: ({ jsonSchema }) => {
      delete jsonSchema.field;
      delete jsonSchema.isId;
    },
  });
  describe(json, type, checker);
  return json;
}

/** Writes the docstrings of a type's properties into its schema, at every depth. */
function describe(schema, type, checker) {
  const plain = checker.getNonNullableType(type);
  for (const arm of schema.anyOf ?? schema.oneOf ?? []) {
    const tag = arm.properties?.type?.const;
    const member = (plain.isUnion() ? plain.types : [plain]).find((candidate) =>
      tag === undefined
        ? candidate.flags & ts.TypeFlags.Object
        : literalOf(candidate.getProperty("type"), checker) === tag,
    );
    if (member) describe(arm, member, checker);
  }
  if (schema.items && checker.isArrayType(plain)) {
    describe(schema.items, checker.getTypeArguments(plain)[0], checker);
  }
  if (typeof schema.additionalProperties === "object") {
    const [index] = checker.getIndexInfosOfType(plain);
    if (index) describe(schema.additionalProperties, index.type, checker);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const symbol = plain.getProperty(name);
    if (!symbol) continue;
    const text = ts
      .displayPartsToString(symbol.getDocumentationComment(checker))
      .trim()
      .replace(/\s*\n\s*/g, " ");
    if (text !== "") property.description = text;
    describe(property, checker.getTypeOfSymbol(symbol), checker);
  }
}

function literalOf(symbol, checker) {
  return symbol && checker.getTypeOfSymbol(symbol).value;
}

module.exports = { fileSchemas, fileSchemaSources, loadTypeScript, schemaStoreEntries };
