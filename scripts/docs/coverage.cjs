// Generates docs/reference/coverage.md: the operations of Dokploy's API that the product uses, and the reasons why it does not use the
// others. The uses come from its code, the operations from Dokploy's own document, the reasons from coverage-reasons.cjs.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { reasons } = require("./coverage-reasons.cjs");

const root = path.resolve(__dirname, "..", "..");
const documented = require(path.join(root, "provider", "dokploy", "generated", "endpoints.json"));

/** Names of all operations in Dokploy's document. */
const operations = Object.keys(documented.endpoints).sort();
const known = new Set(operations);

/** Files with tables about operations, whose texts are not calls. */
const tables = /^provider\/dokploy\/(?!client|shared-reads|version|compat)/;

/** @returns {string[]} the files whose calls count */
function sources() {
  return ["provider", "sdk", "cli"].flatMap((folder) =>
    ts.sys.readDirectory(path.join(root, folder), [".ts"]).map((file) => path.resolve(file)),
  );
}

/**
 * Returns the operations that the code calls.
 *
 * @param {import("typescript").Program} program with all of {@link sources}
 * @param {{ definition: object }[]} all definitions; the calls of simple objects follow from them
 * @returns {Promise<Set<string>>}
 */
async function calledBy(program, all) {
  const checker = program.getTypeChecker();
  const called = new Set();
  for (const file of sources()) {
    const name = path.relative(root, file).replaceAll("\\", "/");
    const source = program.getSourceFile(file);
    if (source && (!tables.test(name) || name.endsWith("endpoints.ts")))
      visit(source, name.endsWith("endpoints.ts"));
  }
  for (const { definition } of all) {
    if (definition.model) for (const one of await callsOfModel(definition.model)) called.add(one);
  }
  return called;

  function visit(node, isTable) {
    const isText = ts.isStringLiteralLike(node) && !isTable && isExpression(node);
    if (isText && known.has(node.text)) called.add(node.text);
    if (ts.isTemplateExpression(node)) {
      for (const text of textsOf(node, checker)) if (known.has(text)) called.add(text);
    }
    ts.forEachChild(node, (child) => visit(child, isTable));
  }
}

/** Returns false for the name of a property and for text in a type. */
function isExpression(node) {
  const { parent } = node;
  return !ts.isPropertySignature(parent) && !ts.isLiteralTypeNode(parent) && !ts.isImportDeclaration(parent);
}

/** Returns all texts that a template can have, by the types of its parts: `${kind}.one`. */
function textsOf(template, checker) {
  let texts = [template.head.text];
  for (const { expression, literal } of template.templateSpans) {
    const type = checker.getTypeAtLocation(expression);
    const whole = checker.getBaseConstraintOfType(type) ?? type;
    const parts = whole.isUnion() ? whole.types : [whole];
    if (!parts.every((part) => part.isStringLiteral())) return [];
    texts = texts.flatMap((text) => parts.map((part) => `${text}${part.value}${literal.text}`));
  }
  return texts;
}

/** Returns the columns that choose each arm of a union, since an arm may have its own calls. */
function armsOf({ leaves }) {
  const tags = leaves.flatMap(({ arm }) => {
    if (arm === undefined) return [];
    const tag = leaves.find(({ path: at }) => at.join() === arm.path.join());
    return tag?.column === undefined ? [] : [{ [tag.column]: arm.value }];
  });
  return [{}, ...tags];
}

/** Returns the calls of the handlers of a simple object, which follow from its definition. */
async function callsOfModel({ spec, objects, mapping, ...model }) {
  const called = [];
  const api = {
    async call(endpoint) {
      called.push(endpoint);
      return /\.(all|list)$/.test(endpoint) ? [] : { [objects.idColumn]: "id" };
    },
  };
  const row = { [objects.idColumn]: "id" };
  const parents = model.parents.length > 0 ? model.parents : [undefined];
  const places = parents.map((kind) => kind && { kind, id: "id" });
  const [place] = places;
  const columns = mapping.leaves.flatMap(({ column }) => column ?? []);
  const ownColumns = Object.fromEntries(
    columns.filter((name) => name.startsWith("as:")).map((name) => [name, 1]),
  );
  const works = [
    () => objects.one("id", api),
    ...places.map((each) => () => objects.all(each, api)),
    ...armsOf(mapping).flatMap((arm) => [
      () => objects.create(arm, place, [], api),
      () => objects.update(row, arm, api),
    ]),
    () => objects.update(row, ownColumns, api),
    () => objects.remove("id", api),
  ];
  // The handlers may fail on the missing responses, which does not matter here.
  for (const work of works) await work().catch(() => {});
  return called.filter((endpoint) => known.has(endpoint));
}

/**
 * @param {ReadonlySet<string>} called
 * @returns {{ used: number, left: number, open: number, share: number, categories: object[] }} `open`: neither used nor left
 *   with a reason; `share`: of those that are, in percent
 */
function coverageOf(called) {
  const categories = new Map();
  for (const operation of operations) {
    const [category, verb] = operation.split(".");
    const found = categories.get(category) ?? { category, used: [], left: new Map(), open: [] };
    categories.set(category, found);
    const reason = reasonOf(operation);
    if (called.has(operation)) {
      if (reason !== undefined)
        throw new Error(
          `coverage-reasons.cjs says why ${operation} is not used, but it is: correct the line.`,
        );
      found.used.push(verb);
    } else if (reason === undefined) found.open.push(verb);
    else found.left.set(reason, [...(found.left.get(reason) ?? []), verb]);
  }
  const all = [...categories.values()];
  const count = (of) => all.reduce((sum, one) => sum + of(one), 0);
  const used = count((one) => one.used.length);
  const left = count(leftIn);
  const open = count((one) => one.open.length);
  return {
    used,
    left,
    open,
    share: Math.round((1000 * (used + left)) / operations.length) / 10,
    categories: all,
  };
}

let patterns;

function reasonOf(operation) {
  patterns ??= patternsOf(require("../../provider/dokploy/kinds.ts").databaseKinds.join("|"));
  return patterns.find(([pattern]) => pattern.test(operation))?.[1];
}

function patternsOf(databases) {
  return reasons.map(([pattern, reason]) => [
    new RegExp(`^(?:${pattern.replaceAll("<database>", databases)})$`),
    reason,
  ]);
}

function leftIn({ left }) {
  return [...left.values()].reduce((sum, verbs) => sum + verbs.length, 0);
}

/** @returns {string} the text of `docs/reference/coverage.md` */
function coveragePage(called) {
  const { used, left, open, share, categories } = coverageOf(called);
  const version = documented.versions.at(-1);
  const rows = categories.map(
    (one) =>
      `| [${one.category}](#${one.category.toLowerCase()}) | ${one.used.length} | ${leftIn(one)} | ${one.open.length} |`,
  );
  return `${[
    "# Coverage of Dokploy's API",
    `Dokploy ${version} has ${operations.length} operations in ${categories.length} categories. The product uses ${used} of them, does not use ${left} for ` +
      `a reason given here, and has ${open === 0 ? "none" : open} open: ${share} % are used or have a reason.`,
    "This page is generated by `npm run docs` from the product's code and Dokploy's own API document.",
    `| category | used | not used | open |\n|---|---|---|---|\n${rows.join("\n")}\n| **all** | **${used}** | **${left}** | **${open}** |`,
    ...categories.map(section),
  ].join("\n\n")}\n`;
}

function section({ category, used, left, open }) {
  const lines = [
    ...(used.length > 0 ? [`- Used: ${names(used)}`] : []),
    ...[...left].map(([reason, verbs]) => `- Not used, since it ${reason}: ${names(verbs)}`),
    ...(open.length > 0 ? [`- Open: ${names(open)}`] : []),
  ];
  return `## ${category}\n\n${lines.join("\n")}`;
}

function names(verbs) {
  return verbs.map((verb) => `\`${verb}\``).join(", ");
}

module.exports = { calledBy, coveragePage, sources };
