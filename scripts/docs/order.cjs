// Sorts inputs in the order of their declaration. The compiler sorts a mapped type by the order in which it met the properties.
"use strict";
const ts = require("typescript");

/**
 * Returns properties in the order of the object literals that declare them, with spreads in their place; those of an
 * interface come last.
 *
 * @param {import("typescript").Symbol[]} properties
 * @param {import("typescript").TypeChecker} checker
 */
function inDeclaredOrder(properties, checker) {
  const literals = new Set(
    properties
      .map(({ declarations }) => declarations?.[0]?.parent)
      .filter((parent) => parent && ts.isObjectLiteralExpression(parent)),
  );
  const names = new Set(properties.map(({ name }) => name));
  const orders = [...literals].map((literal) => namesIn(literal, checker).filter((name) => names.has(name)));
  const order = orders.reduce((best, other) => (other.length > best.length ? other : best), []);
  const place = ({ name }) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...properties].sort((a, b) => place(a) - place(b) || byDeclaration(a, b));
}

/** Compares properties of one interface by their places in it. */
function byDeclaration({ declarations: [a] = [] }, { declarations: [b] = [] }) {
  return a && b && a.parent === b.parent ? a.pos - b.pos : 0;
}

/** Compares properties by name. */
function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

function namesIn(literal, checker) {
  return literal.properties.flatMap((property) =>
    ts.isSpreadAssignment(property) ? spreadNames(property.expression, checker) : [property.name?.text ?? ""],
  );
}

function spreadNames(expression, checker) {
  const symbol = checker.getSymbolAtLocation(expression);
  const constant = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const initializer = constant?.declarations?.[0]?.initializer;
  if (initializer && ts.isObjectLiteralExpression(initializer)) return namesIn(initializer, checker);
  return checker
    .getTypeAtLocation(expression)
    .getProperties()
    .map(({ name }) => name);
}

/** Returns words in their order in a declaration; words that it does not have come last, in their given order. */
function inOrderOf(words, declaration) {
  const text = declaration?.getText() ?? "";
  const place = (word) => {
    const found = text.indexOf(word.replaceAll("`", ""));
    return found < 0 ? text.length : found;
  };
  return [...words].sort((a, b) => place(a) - place(b));
}

module.exports = { byName, inDeclaredOrder, inOrderOf };
