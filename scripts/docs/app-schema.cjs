// Generates the JSON schema of `dokploy-app.yaml`, for completion and checks in editors. The types come from the schema that
// the program checks with, the descriptions from its docstrings.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { printSchema, shareSchemas } = require("./share-schemas.cjs");

const root = path.resolve(__dirname, "..", "..");
const source = path.join(root, "sdk", "repository", "app-schema.ts");

/** File that the compiler has to know. */
const appSchemaSource = source;

/**
 * @param {ts.Program} program one that knows {@link appSchemaSource}
 * @returns {string} the text of `schemas/dokploy-app.schema.json`
 */
function appSchema(program) {
  require("ts-node").register({ transpileOnly: true, cwd: root });
  const { z } = require("zod");
  const { appSchemas } = require(source);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(source));
  const files = checker.getExportsOfModule(module).find(({ name }) => name === "AppFiles");
  const types = checker.getDeclaredTypeOfSymbol(files);

  const arms = Object.keys(appSchemas).map((kind) => {
    const json = z.toJSONSchema(appSchemas[kind], {
      target: "draft-7",
      io: "input",
      unrepresentable: "any",
      // A file does not say how Dokploy keeps a value.
      override: ({ jsonSchema }) => {
        delete jsonSchema.field;
        delete jsonSchema.isId;
      },
    });
    describe(json, checker.getTypeOfSymbol(types.getProperty(kind)), checker);
    const { $schema: _, ...schema } = json;
    return schema;
  });
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A service of a deployment repository (dokploy-app.yaml)",
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
  return printSchema(shareSchemas(schema));
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

module.exports = { appSchema, appSchemaSource };
