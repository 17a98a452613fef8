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
const { databaseSections } = require("./docs/databases.cjs");
const { examples } = require("./docs/examples.cjs");
const { found, databaseSchemas, definitions, head, kinds, sdkFiles } = require("./docs/definitions.cjs");
const { ids } = require("./docs/ids.cjs");
const { databaseLookupSection, lookupSection, lookupsIntroduction } = require("./docs/lookups.cjs");
const { inputNames } = require("./docs/input-names.cjs");
const { settingsPage, settingsSource } = require("./docs/settings.cjs");
const { inDeclaredOrder, inOrderOf } = require("./docs/order.cjs");
const { pluginFiles } = require("./docs/plugin-schema/package.cjs");
const { previewTablesPage } = require("./docs/preview-tables.cjs");
const { sharedFields, sharedInputsPage, withoutShared } = require("./docs/shared-inputs.cjs");
const { isFunction, publicTypes } = require("./docs/public-types.cjs");
const { anchorOf } = require("./site/pages.cjs");

const root = path.resolve(__dirname, "..");
const target = path.join(root, "docs", "reference");
const generated = path.join(root, "provider", "resources", "generated");

const check = process.argv.includes("--check");
const stale = [];
const all = found();
const { DATABASES } = require(path.join(root, "provider", "dokploy", "kinds.ts"));
/** Kinds on the page databases.md, in its order. */
const databaseOrder = Object.values(DATABASES).map(({ kind }) => kind);
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
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .sort((a, b) => a.name.localeCompare(b.name));
  const byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));
  const kindsOfPages = symbols
    .filter((symbol) => symbol.flags & ts.SymbolFlags.Class && byName.has(`${symbol.name}Args`))
    .map((symbol) => resource(symbol, byName.get(`${symbol.name}Args`)));
  // The form that takes outputs is in the section of the plain one.
  const functions = symbols.filter(
    (symbol) =>
      isFunction(symbol, checker) &&
      !(symbol.name.endsWith("Output") && byName.has(symbol.name.replace(/Output$/, ""))),
  );
  const lookups = functions.filter(({ name }) => isLookup(name)).map((symbol) => lookup(symbol, byName));
  const fields = sharedFields(kindsOfPages.map(({ inputs }) => inputs));
  const made = {};
  const index = [];
  const pageOfLookup = new Map(lookups.map((each) => [each.name, lookupPage(each.name, kindsOfPages)]));
  const sectionsOn = (page, rows) =>
    lookups
      .filter(({ name }) => pageOfLookup.get(name) === page && !isOfDatabase(name))
      .flatMap((each) =>
        lookupSection(each, {
          rows,
          level: page === "lookups.md" ? "##" : "###",
          table: (all, head) => table(all).replace("| input |", `| ${head} |`),
          isListed: /Each is like a result of/.test(each.doc),
        }),
      );
  const lookedUp = (page, rows) => {
    const sections = sectionsOn(page, rows);
    return sections.length === 0 ? [] : ["## Look it up", "[How lookups work](lookups.md).", ...sections];
  };
  for (const model of kindsOfPages) {
    if (isDatabase(model.name)) continue;
    const page = pageOfKind(model.name);
    const inputs = withoutShared(model.inputs, fields);
    made[page] = `${[
      `# ${model.name}`,
      model.doc,
      ...model.examples,
      "## Inputs",
      table(inputs),
      "## Outputs",
      ...(model.isObject ? ["All inputs, and:"] : []),
      table(model.outputs, false),
      ...model.methods,
      ...lookedUp(page, [...model.inputs, ...model.outputs]),
    ]
      .join("\n\n")
      .trimEnd()}\n`;
  }
  const databases = kindsOfPages
    .filter(({ name }) => isDatabase(name))
    .map((model) => ({
      ...model,
      inputs: withoutShared(model.inputs, fields),
      // One example shows the use of an output.
      examples: model.examples.map((each) => each.replace(/^## Example\n\n/, "")),
    }))
    .sort((a, b) => databaseOrder.indexOf(a.name) - databaseOrder.indexOf(b.name));
  const { common, sections } = databaseSections(databases, {
    inputs: (rows) => table(rows),
    outputs: (rows) => table(rows, false),
  });
  const databaseRows = databases.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  made["databases.md"] = `${[
    "# Databases",
    "All kinds have [the same inputs](#inputs) and [outputs](#outputs). The section of each kind has what differs.",
    ...sections,
    "## Inputs",
    table(common.inputs),
    "## Outputs",
    "All inputs, and:",
    table(common.outputs, false),
    ...lookedUp("databases.md", databaseRows),
    ...databaseLookupSection(
      databases.map(({ name }) => lookups.find((each) => each.name === `get${name}`)),
      { rows: databaseRows, table: (all, head) => table(all).replace("| input |", `| ${head} |`) },
    ),
  ].join("\n\n")}\n`;
  made["lookups.md"] =
    `${[lookupsIntroduction, ...optionsTable(), ...sectionsOn("lookups.md", [])].join("\n\n")}\n`;
  made["shared-inputs.md"] = sharedInputsPage(fields, table);
  for (const symbol of functions) {
    if (!isLookup(symbol.name)) made[`${kebab(symbol.name)}.md`] = functionPage(symbol, byName);
  }
  for (const { name } of symbols) {
    if (pageOfLookup.has(name)) {
      const heading = isOfDatabase(name) ? databaseLookupHeading(databases) : name;
      index.push(`- [${name}](${pageOfLookup.get(name)}#${anchorOf(heading)})`);
    } else if (
      kindsOfPages.some((model) => model.name === name) ||
      functions.some((each) => each.name === name)
    )
      index.push(`- [${name}](${linkTo(name)}): ${firstSentence(documentation(byName.get(name)))}`);
  }
  made["README.md"] = `# Reference

[Databases](databases.md), [inputs that several kinds share](shared-inputs.md) and [how lookups work](lookups.md) have pages
of their own.

${index.join("\n")}
`;
  return made;

  function isOfDatabase(name) {
    return isDatabase(name.replace(/^get/, ""));
  }
}

/** Returns true for a function that looks up objects. */
function isLookup(name) {
  return /^get[A-Z]/.test(name);
}

function isDatabase(name) {
  return databaseOrder.includes(name);
}

function pageOfKind(name) {
  return `${kebab(name)}.md`;
}

/** Returns the address of a kind or a function that is no lookup, from another page. */
function linkTo(name) {
  return isDatabase(name) ? `databases.md#${anchorOf(name)}` : pageOfKind(name);
}

/** Returns the page of a function that looks up objects: that of its kind. */
function lookupPage(caller, models) {
  const name = caller.replace(/^get/, "");
  if (name === "Databases" || isDatabase(name)) return "databases.md";
  const singular = name
    .replace(/(?:Branches|Repositories)$/, "Provider")
    .replace(/ies$/, "y")
    .replace(/(?<=ch)es$/, "")
    .replace(/Files$/, "File");
  const candidates = [name, singular, singular.replace(/s$/, ""), name.replace(/Files$/, "")];
  const found = candidates.find((each) => models.some((model) => model.name === each));
  return found === undefined ? "lookups.md" : pageOfKind(found);
}

function databaseLookupHeading(databases) {
  return databases.map(({ name }) => `get${name}`).join(", ");
}

function lookup(symbol, byName) {
  const withOutputs = byName.get(`${symbol.name}Output`);
  const base = symbol.name[0].toUpperCase() + symbol.name.slice(1);
  const plain = (each) =>
    exampleSections(each).map((text) => text.replace(/^## Example\n\n/, "").replace(/^## (.*)\n/, "$1:\n"));
  const result = byName.get(`${base}Result`);
  const [, like] = /readonly G(et\w+)Result\[\]/.exec(signature(symbol)[0]) ?? [];
  return {
    name: symbol.name,
    doc: documentation(symbol),
    throws: throws(symbol),
    examples: plain(symbol),
    sets: argumentSets(byName.get(`${base}Args`)),
    result: result ? rows(checker.getDeclaredTypeOfSymbol(result), "") : [],
    resultLike: like !== undefined && `g${like}` !== symbol.name ? `g${like}` : undefined,
    output: withOutputs && {
      name: withOutputs.name,
      doc: documentation(withOutputs),
      examples: plain(withOutputs),
    },
  };
}

/** Returns the options of every lookup. */
function optionsTable() {
  const declared = program.getSourceFile(path.join(root, "sdk", "lookups", "lookup.ts"));
  const symbol = checker
    .getExportsOfModule(checker.getSymbolAtLocation(declared))
    .find(({ name }) => name === "LookupOptions");
  const options = rows(checker.getDeclaredTypeOfSymbol(symbol), "").filter(({ name }) => !name.includes("."));
  const typed = options.map((row) => (row.name === "parent" ? { ...row, type: "resource" } : row));
  return [table(typed).replace("| input |", "| option |")];
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
  return {
    name: symbol.name,
    doc: documentation(symbol),
    examples: exampleSections(symbol),
    inputs: rows(derivesFrom(outputs, "ComponentResource") ? withoutThoseOfKinds(inputs) : inputs, ""),
    outputs: own.map((property) => ({
      name: property.name,
      type: "",
      required: true,
      doc: property.name === "id" ? "Id of the object in Dokploy." : documentation(property),
    })),
    isObject,
    methods: methods(outputs),
  };
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

/** Returns the sets of arguments, one of which is given. */
function argumentSets(args) {
  if (!args) return [];
  const type = checker.getDeclaredTypeOfSymbol(args);
  return (type.isUnion() ? type.types : [type])
    .map((set) => rows(set, "").filter((row) => row.type !== ""))
    .sort((a, b) => a.length - b.length);
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
    else if (part.isClass()) words.add(`[${part.symbol.name}](${linkTo(part.symbol.name)})`);
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
    all.some(({ kind }) => kind === name) ? `[${name}](${linkTo(name)})` : `\`${name}\``,
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
