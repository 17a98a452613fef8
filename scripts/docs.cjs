// Generates pages and code, so that they cannot differ from their source. docs/reference comes from the docstrings of
// everything that a program imports, from the calls of the API, and from the settings. The JSON schemas and the package
// schema of the plugin come from the same definitions. The files of provider/resources give the list of definitions, the
// classes and functions of simple kinds, and the names of inputs. The commands `ci` become one file for the actions.
// `node scripts/docs.cjs --check` writes nothing and fails when a file is out of date.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");
const { actionBundle } = require("./docs/action-bundle.cjs");
const { fileSchemas, fileSchemaSources, schemaStoreEntries } = require("./docs/file-schemas.cjs");
const { calledBy, coveragePage, sources } = require("./docs/coverage.cjs");
const { examples } = require("./docs/examples.cjs");
const { found, databaseSchemas, definitions, head, kinds, sdkFiles } = require("./docs/definitions.cjs");
const { ids } = require("./docs/ids.cjs");
const { inputNames } = require("./docs/input-names.cjs");
const { settingsPage, settingsSource } = require("./docs/settings.cjs");
const { inDeclaredOrder, inOrderOf } = require("./docs/order.cjs");
const { pluginFiles } = require("./docs/plugin-schema/package.cjs");
const { previewTablesPage } = require("./docs/preview-tables.cjs");
const { isFunction, publicTypes } = require("./docs/public-types.cjs");

const root = path.resolve(__dirname, "..");
const target = path.join(root, "docs", "reference");
const generated = path.join(root, "provider", "resources", "generated");

const check = process.argv.includes("--check");
const stale = [];
const all = found();
write({
  [path.join(generated, "definitions.ts")]: definitions(all),
  [path.join(generated, "kinds.ts")]: kinds(all),
  [path.join(root, "provider", "schema", "generated", "ids.ts")]: ids(head("provider/dokploy/kinds.ts")),
  [path.join(generated, "database-schemas.ts")]: databaseSchemas(all),
  ...Object.fromEntries(
    Object.entries(sdkFiles(all)).map(([name, text]) => [path.join(root, "sdk", name), text]),
  ),
  [path.join(root, "sdk", "run", "generated", "input-names.ts")]: inputNames(all),
});

const config = ts.getParsedCommandLineOfConfigFile(
  path.join(root, "tsconfig.json"),
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (d) => {
      throw new Error(ts.flattenDiagnosticMessageText(d.messageText, "\n"));
    },
  },
);
const entry = path.join(root, "sdk", "index.ts");
const program = ts.createProgram(
  [...new Set([entry, ...fileSchemaSources, settingsSource, ...sources()])],
  config.options,
);
const checker = program.getTypeChecker();

/** Writes the files that need all definitions and the whole program. */
async function writePages() {
  const pages = {
    ...render(),
    "coverage.md": coveragePage(await calledBy(program, all)),
    "preview-tables.md": previewTablesPage(),
    "settings.md": settingsPage(program),
  };
  write({
    ...Object.fromEntries(Object.entries(pages).map(([name, text]) => [path.join(target, name), text])),
    ...Object.fromEntries(
      Object.entries(fileSchemas(program)).map(([name, text]) => [path.join(root, "schemas", name), text]),
    ),
    [path.join(root, "site", "generated", "schemastore.json")]: schemaStoreEntries(),
    [path.join(root, "actions", "generated", "ci.cjs")]: await actionBundle(),
    [path.join(root, "docs", "contributing", "public-types.txt")]: publicTypes(program, entry, all),
    ...Object.fromEntries(
      Object.entries(pluginFiles(program, entry, all)).map(([name, text]) => [
        path.join(root, "plugin", "generated", name),
        text,
      ]),
    ),
  });
  for (const name of fs.existsSync(target) ? fs.readdirSync(target) : []) {
    if (name in pages) continue;
    stale.push(`docs/reference/${name}`);
    if (!check) fs.rmSync(path.join(target, name));
  }
  if (stale.length > 0) console.log(`${check ? "Out of date" : "Written"}: ${stale.join(", ")}`);
  if (check && stale.length > 0) {
    console.log("Run `npm run docs`.");
    process.exitCode = 1;
  }
}

writePages().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

function write(files) {
  for (const [file, text] of Object.entries(files)) {
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) continue;
    stale.push(path.relative(root, file));
    if (check) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

function render() {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
  const symbols = checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  const byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));
  const made = {};
  const index = [];
  for (const symbol of [...symbols].sort((a, b) => a.name.localeCompare(b.name))) {
    if (symbol.flags & ts.SymbolFlags.Class && byName.has(`${symbol.name}Args`)) {
      made[`${kebab(symbol.name)}.md`] = resource(symbol, byName.get(`${symbol.name}Args`));
    } else if (isFunction(symbol, checker)) {
      // The form that takes outputs is on the page of the plain one.
      if (byName.has(symbol.name.replace(/Output$/, "")) && symbol.name.endsWith("Output")) continue;
      made[`${kebab(symbol.name)}.md`] = functionPage(symbol, byName);
    } else continue;
    index.push(`- [${symbol.name}](${kebab(symbol.name)}.md): ${firstSentence(documentation(symbol))}`);
  }
  made["README.md"] = `# Reference\n\n${index.join("\n")}\n`;
  return made;
}

function resource(symbol, args) {
  const inputs = checker.getDeclaredTypeOfSymbol(args);
  const outputs = checker.getDeclaredTypeOfSymbol(symbol);
  const inputNames = new Set(inputs.getProperties().map((property) => property.name));
  // A component or provider has no object in Dokploy, and not every input as an output.
  const isObject = derivesFrom(outputs, "DokployResource");
  const own = outputs
    .getProperties()
    .filter(
      (property) =>
        isOutput(property) &&
        (isObject ? !inputNames.has(property.name) && property.name !== "urn" : isOurs(property)),
    );
  return `${[
    `# ${symbol.name}`,
    documentation(symbol),
    ...exampleSections(symbol),
    "## Inputs",
    table(rows(derivesFrom(outputs, "ComponentResource") ? withoutThoseOfKinds(inputs) : inputs, "")),
    "## Outputs",
    ...(isObject ? ["All inputs, and:"] : []),
    table(
      own.map((property) => ({
        name: property.name,
        type: "",
        required: true,
        doc: property.name === "id" ? "Id of the object in Dokploy." : documentation(property),
      })),
      false,
    ),
    ...methods(outputs),
    "",
  ]
    .join("\n\n")
    .trimEnd()}\n`;
}

/** Returns the inputs of a component without the optional ones that it passes on to a resource, which its docstring names. */
function withoutThoseOfKinds(inputs) {
  const isPassedOn = ({ flags, declarations: [declaration] }) =>
    (flags & ts.SymbolFlags.Optional) !== 0 && !/\/sdk\//.test(declaration.getSourceFile().fileName);
  return { getProperties: () => inputs.getProperties().filter((property) => !isPassedOn(property)) };
}

function derivesFrom(type, name) {
  if (!type.isClassOrInterface()) return false;
  return checker.getBaseTypes(type).some((base) => base.symbol?.name === name || derivesFrom(base, name));
}

/** Returns the sections about the methods of a component. */
function methods(type) {
  return type
    .getProperties()
    .filter((property) => property.flags & ts.SymbolFlags.Method && isOurs(property) && !isPrivate(property))
    .flatMap((method) => [
      `## ${method.name}`,
      ...signature(method),
      documentation(method),
      ...throws(method),
      ...exampleSections(method).map((example) => example.replace(/^#/, "##")),
    ]);
}

function functionPage(symbol, byName) {
  const withOutputs = byName.get(`${symbol.name}Output`);
  return `${[
    `# ${symbol.name}`,
    ...signature(symbol),
    documentation(symbol),
    ...throws(symbol),
    ...exampleSections(symbol),
    ...lookupTables(symbol, byName),
    ...(withOutputs
      ? [
          `## ${withOutputs.name}`,
          ...signature(withOutputs),
          documentation(withOutputs),
          ...exampleSections(withOutputs),
        ]
      : []),
  ].join("\n\n")}\n`;
}

function signature(symbol) {
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
  const lines = checker
    .getTypeOfSymbol(symbol)
    .getCallSignatures()
    .map((each) => checker.signatureToString(each, symbol.valueDeclaration, flags))
    .map(
      (text) =>
        symbol.name +
        text
          // The names that a program imports.
          .replace(/\bInputsOf<(\w+)Args>/g, "$1OutputArgs")
          .replace(/\bOutputWith<(\w+), WithEnv>/g, "OutputWithEnv<$1>")
          .replace(/(\?: \w+) \| undefined\b/g, "$1"),
    );
  return [`\`\`\`ts\n${lines.join("\n")}\n\`\`\``];
}

/** Returns the tables of arguments and result for a function whose types are exported under its name. */
function lookupTables(symbol, byName) {
  const base = symbol.name[0].toUpperCase() + symbol.name.slice(1);
  return [...argumentTables(byName.get(`${base}Args`)), ...resultTable(byName.get(`${base}Result`))];
}

function argumentTables(args) {
  if (!args) return [];
  const type = checker.getDeclaredTypeOfSymbol(args);
  const sets = (type.isUnion() ? type.types : [type])
    .map((set) => rows(set, "").filter((row) => row.type !== ""))
    .sort((a, b) => a.length - b.length)
    .map((set) => table(set).replaceAll("| input |", "| argument |"));
  return ["## Arguments", sets.join("\n\nor\n\n")];
}

function resultTable(result) {
  if (!result) return [];
  const found = rows(checker.getDeclaredTypeOfSymbol(result), "").map((row) => ({ ...row, required: false }));
  return ["## Result", table(found).replaceAll("| input |", "| property |")];
}

/** Returns one row for each input; the inputs of objects and unions follow below. */
function rows(type, prefix) {
  return inDeclaredOrder(type.getProperties(), checker).flatMap((property) => {
    const declared = strip(checker.getTypeOfSymbol(property));
    // A property that this form of an input must not have.
    if (declared.parts.length === 0) return [];
    const name = prefix + property.name;
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const arms = objects(declared);
    const typeText = describe(declared, arms, property.declarations?.[0]);
    const row = { name, type: typeText, required: !optional, doc: documentation(property) };
    if (arms.length === 0 || isMap(arms[0])) return [row];
    const inner = arms.length === 1 ? rows(arms[0], `${name}.`) : arms.flatMap((arm) => armRows(arm, name));
    // Several arms without a tag may have the same input.
    const once = inner.filter(({ name }, at) => inner.findIndex((other) => other.name === name) === at);
    return [row, ...once];
  });
}

function armRows(arm, name) {
  const tag = arm.getProperty("type");
  const label = tag ? literal(strip(checker.getTypeOfSymbol(tag))) : undefined;
  const all = rows(arm, label ? `${name}(${label}).` : `${name}.`).filter(
    (row) => !row.name.endsWith(").type"),
  );
  // Exactly one of several arms without a tag is given.
  return label ? all : all.map((row) => ({ ...row, required: row.required ? "one of these" : false }));
}

/** Returns a type without the promises and outputs that Pulumi allows for a value. */
function strip(type) {
  const parts = type.isUnion() ? type.types : [type];
  const plain = parts.filter(
    (part) =>
      !(part.flags & ts.TypeFlags.Undefined) &&
      // Types of no value, since a form may not have the fields of the others.
      !["ExactlyOneId", "ExactlyOneForm"].includes(part.symbol?.name) &&
      !["Promise", "OutputInstance", "Output"].includes(part.symbol?.name ?? "") &&
      !part.isIntersection(),
  );
  return { parts: plain };
}

function objects({ parts }) {
  return parts.filter(
    (part) => part.flags & ts.TypeFlags.Object && !checker.isArrayType(part) && !part.isClass(),
  );
}

function isMap(type) {
  return type.getProperties().length === 0 && checker.getIndexInfosOfType(type).length > 0;
}

function describe({ parts }, arms, declaration) {
  const words = new Set();
  /** Values of `type` in objects that have one. */
  const tags = new Set();
  for (const part of parts) {
    if (checker.isArrayType(part)) {
      const inner = strip(checker.getTypeArguments(part)[0]);
      words.add(`list of ${objects(inner).length > 0 ? "objects" : `${describe(inner, [])}s`}`);
    } else if (part.flags & ts.TypeFlags.BooleanLike) words.add("boolean");
    else if (part.isStringLiteral()) words.add(`\`"${part.value}"\``);
    else if (part.flags & ts.TypeFlags.StringLike) words.add("string");
    else if (part.flags & ts.TypeFlags.NumberLike) words.add("number");
    else if (isMap(part)) words.add("map");
    else if (part.isClass()) words.add(`[${part.symbol.name}](${kebab(part.symbol.name)}.md)`);
    else if (arms.length > 1 && arms.some((arm) => arm.getProperty("type"))) {
      for (const arm of arms) {
        const tag = arm.getProperty("type");
        if (tag) tags.add(`\`"${literal(strip(checker.getTypeOfSymbol(tag)))}"\``);
      }
    } else words.add("object");
  }
  const isPlain = words.delete("object");
  const tagged = [...inOrderOf(tags, declaration)].join(", ");
  const last = tagged !== "" ? [`object, \`type\` is one of ${tagged}`] : isPlain ? ["object"] : [];
  return [...inOrderOf(words, declaration), ...last].join(" \\| ");
}

function literal({ parts }) {
  return parts.find((part) => part.isStringLiteral())?.value;
}

/** Returns true for a property that a program reads; in a component it may be no output, such as a child. */
function isOutput(property) {
  if (property.flags & ts.SymbolFlags.Method || isPrivate(property)) return false;
  if (property.name === "id") return true;
  return isOurs(property) || /\bOutput</.test(checker.typeToString(checker.getTypeOfSymbol(property)));
}

function isOurs({ valueDeclaration }) {
  const declared = valueDeclaration?.getSourceFile().fileName ?? "";
  return declared.startsWith(path.join(root, "sdk").replaceAll("\\", "/"));
}

function isPrivate(symbol) {
  const { valueDeclaration } = symbol;
  if (!valueDeclaration) return false;
  if (symbol.getJsDocTags(checker).some(({ name }) => name === "internal")) return true;
  const isModified = ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Private;
  return isModified !== 0 || (valueDeclaration.name && ts.isPrivateIdentifier(valueDeclaration.name));
}

function documentation(symbol) {
  return withoutLinks(ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim());
}

/** Turns a link to a resource into one to its page, and a link to any other symbol into its name as code. */
function withoutLinks(text) {
  return text.replace(/\{@link\s+([\w.]+)\s*\}/g, (_, name) =>
    all.some(({ kind }) => kind === name) ? `[${name}](${kebab(name)}.md)` : `\`${name}\``,
  );
}

/** Returns the examples of a symbol, each under a heading. */
function exampleSections(symbol) {
  return examples(symbol).map(({ title, body }) => {
    if (body === "") return `## Example\n\n\`\`\`ts\n${title}\n\`\`\``;
    const fenced = body.startsWith("```") ? body : `\`\`\`ts\n${body}\n\`\`\``;
    return `## ${title || "Example"}\n\n${fenced}`;
  });
}

function throws(symbol) {
  return symbol
    .getJsDocTags(checker)
    .filter((tag) => tag.name === "throws")
    .map((tag) => `Throws ${withoutLinks(ts.displayPartsToString(tag.text)).trim().replace(/\.$/, "")}.`);
}

function table(all, typed = true) {
  const head = typed
    ? "| input | type | description |\n|---|---|---|"
    : "| output | description |\n|---|---|";
  const lines = all.map(({ name, type, required, doc }) => {
    const text = doc.replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");
    return typed
      ? `| \`${name}\`${required ? ` (${required === true ? "required" : required})` : ""} | ${type} | ${text} |`
      : `| \`${name}\` | ${text} |`;
  });
  return [head, ...lines].join("\n");
}

function firstSentence(text) {
  return text.split(/(?<=\.)\s/)[0].replace(/\s+/g, " ");
}

function kebab(name) {
  return name.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}
