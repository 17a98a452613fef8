// The types of what a program imports, and what states hold, as text: a line that is changed or gone is a breaking
// change.
"use strict";
const ts = require("typescript");
const { byName } = require("./order.cjs");

const flags =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope |
  ts.TypeFormatFlags.WriteArrowStyleSignature;
/** Deeper types of inputs are cut. */
const maxDepth = 6;

/**
 * @param {ts.Program} program
 * @param {string} entry the module that a program imports
 * @param {{ kind: string, definition: object }[]} all
 * @returns {string}
 */
function publicTypes(program, entry, all) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
  const exported = checker
    .getExportsOfModule(module)
    .map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = exported.flatMap(([name, symbol]) => linesOf(name, symbol, checker));
  const states = all.map(
    ({ kind, definition }) => `state of ${kind}: ${Object.keys(definition.schema.shape).sort().join(" ")}`,
  );
  return `${[...lines, ...states].join("\n")}\n`;
}

function linesOf(name, symbol, checker) {
  if (isFunction(symbol, checker)) {
    const type = checker.getTypeOfSymbol(symbol);
    return type
      .getCallSignatures()
      .map((signature) => `function ${name}${checker.signatureToString(signature, undefined, flags)}`);
  }
  if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
    const word = symbol.flags & ts.SymbolFlags.Class ? "class" : "type";
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const members = membersOf(type, checker, 0);
    return members.length === 0
      ? [`${word} ${name} = ${print(type, checker)}`]
      : members.map(([path, text]) => `${word} ${name}.${path}: ${text}`);
  }
  return [`const ${name}: ${print(checker.getTypeOfSymbol(symbol), checker)}`];
}

/** Returns true for a function, and for a constant that holds one. */
function isFunction(symbol, checker) {
  if (symbol.flags & ts.SymbolFlags.Function) return true;
  const isVariable = (symbol.flags & ts.SymbolFlags.Variable) !== 0;
  return isVariable && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;
}

/** Members of a type without a name, down to types with their own names. */
function membersOf(type, checker, depth) {
  const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  if (!isObject || depth > maxDepth) return [];
  const properties = checker.getPropertiesOfType(type).sort(byName);
  return properties.flatMap((property) => {
    const [declaration] = property.declarations ?? [];
    // A symbol as a name, such as that of node:util, has another number in each compilation.
    if (property.name.startsWith("__@")) return [];
    if (
      declaration &&
      ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier
    )
      return [];
    if (declaration && /[\\/]node_modules[\\/]/.test(declaration.getSourceFile().fileName)) return [];
    const mark = property.flags & ts.SymbolFlags.Optional ? "?" : "";
    return [[`${property.name}${mark}`, print(checker.getTypeOfSymbol(property), checker)]];
  });
}

function print(type, checker) {
  return sorted(checker.typeToString(type, undefined, flags).replace(/\s+/g, " "));
}

const printer = ts.createPrinter({ removeComments: true });

/**
 * Returns the text of a type with the members of its unions and objects in alphabetical order: the compiler's own order
 * depends on everything else in the program.
 */
function sorted(text) {
  const source = ts.createSourceFile("type.ts", `type T = ${text}`, ts.ScriptTarget.Latest, true);
  const [alias] = source.statements;
  if (source.parseDiagnostics.length > 0 || !alias || !ts.isTypeAliasDeclaration(alias)) return text;
  const textOf = (node) => printer.printNode(ts.EmitHint.Unspecified, node, source);
  const inOrder = (nodes) => [...nodes].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  const { transformed } = ts.transform(alias.type, [
    (context) => {
      const visit = (node) => {
        const seen = ts.visitEachChild(node, visit, context);
        if (ts.isUnionTypeNode(seen)) return context.factory.createUnionTypeNode(inOrder(seen.types));
        if (ts.isTypeLiteralNode(seen)) return context.factory.createTypeLiteralNode(inOrder(seen.members));
        return seen;
      };
      return visit;
    },
  ]);
  return textOf(transformed[0]).replace(/\s+/g, " ");
}

module.exports = { isFunction, publicTypes };
