// Prints a type as TypeScript source: types that the sources declare by name stay names, all others are expanded.
"use strict";
const path = require("node:path");
const ts = require("typescript");

const { SymbolFlags, TypeFlags } = ts;
const plain =
  TypeFlags.String |
  TypeFlags.Number |
  TypeFlags.Boolean |
  TypeFlags.StringLiteral |
  TypeFlags.NumberLiteral |
  TypeFlags.BooleanLiteral |
  TypeFlags.Null |
  TypeFlags.Undefined |
  TypeFlags.Unknown |
  TypeFlags.Never;

/**
 * @param {ts.Program} program
 * @param {ts.TypeAliasDeclaration} alias a declaration in the program's sources
 * @returns {string} the right side of the declaration, with the docstrings of all properties
 * @throws an Error with the place of a part that cannot be printed
 */
function printAlias(program, alias) {
  const checker = program.getTypeChecker();
  const source = alias.getSourceFile();
  const open = [];
  return print(checker.getTypeAtLocation(alias.name), "", alias.name.text);

  function print(type, indent, place) {
    if (type.flags & plain && !(type.flags & TypeFlags.EnumLiteral)) return checker.typeToString(type);
    const name = reference(type);
    if (name) return name;
    if (open.includes(type)) throw unprintable(type, place);
    open.push(type);
    const text = inFull(type, indent, place);
    open.pop();
    return text;
  }

  function inFull(type, indent, place) {
    if (type.isUnion()) return union(type, indent, place);
    if (checker.isArrayType(type)) {
      const item = print(checker.getTypeArguments(type)[0], indent, `${place}[]`);
      const readonly = type.symbol.name === "ReadonlyArray" ? "readonly " : "";
      return `${readonly}${/^\w+$/.test(item) ? item : `(${item})`}[]`;
    }
    if (checker.isTupleType(type)) return tuple(type, indent, place);
    if (type.flags & TypeFlags.Object) return object(type, indent, place);
    throw unprintable(type, place);
  }

  /** Returns the name by which a type of the sources is referred to; undefined when it has none. */
  function reference(type) {
    const symbol = type.aliasSymbol ?? type.symbol;
    const [declaration] = symbol?.declarations ?? [];
    if (!declaration || declaration === alias || !ts.isSourceFile(declaration.parent)) return undefined;
    const { fileName } = declaration.parent;
    if (!(ts.isTypeAliasDeclaration(declaration) || ts.isInterfaceDeclaration(declaration))) return undefined;
    if (declaration.typeParameters || declaration.parent.isDeclarationFile) return undefined;
    const relative = path.relative(path.dirname(source.fileName), fileName).replaceAll("\\", "/");
    const module = (relative.startsWith(".") ? relative : `./${relative}`).replace(/\.ts$/, "");
    return declaration.parent === source ? symbol.name : `import("${module}").${symbol.name}`;
  }

  function union(type, indent, place) {
    // With exactOptionalPropertyTypes, the type of an omitted property differs from undefined.
    const given = type.types.filter(
      (part) => !(part.flags & TypeFlags.Undefined) || part === checker.getUndefinedType(),
    );
    const parts = given.map((part) => print(part, indent, place));
    // The checker splits boolean into its two values.
    const isBoolean = parts.includes("true") && parts.includes("false");
    const whole = parts.map((part) => (isBoolean && /^(?:true|false)$/.test(part) ? "boolean" : part));
    const last = whole.filter((part) => part === "null" || part === "undefined");
    return [...new Set([...whole.filter((part) => !last.includes(part)), ...last.sort()])].join(" | ");
  }

  function tuple(type, indent, place) {
    const { elementFlags, readonly } = type.target;
    if (elementFlags.some((flag) => flag !== ts.ElementFlags.Required)) throw unprintable(type, place);
    const items = checker
      .getTypeArguments(type)
      .map((item, index) => print(item, indent, `${place}[${index}]`));
    return `${readonly ? "readonly " : ""}[${items.join(", ")}]`;
  }

  function object(type, indent, place) {
    const isCalled = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
    if (isCalled || type.isClassOrInterface()) throw unprintable(type, place);
    const properties = type.getProperties();
    const indexes = checker.getIndexInfosOfType(type);
    const [only] = indexes;
    if (properties.length === 0 && indexes.length === 1 && !only.isReadonly) {
      return `Record<${checker.typeToString(only.keyType)}, ${print(only.type, indent, `${place}.*`)}>`;
    }
    if (properties.length + indexes.length === 0) return "{}";
    const inner = `${indent}    `;
    const lines = [
      ...indexes.map(({ keyType, type: value, isReadonly }) => {
        const key = `${isReadonly ? "readonly " : ""}[x: ${checker.typeToString(keyType)}]`;
        return `${inner}${key}: ${print(value, inner, `${place}.*`)};`;
      }),
      ...properties.map((symbol) => property(symbol, inner, `${place}.${symbol.name}`)),
    ];
    return `{\n${lines.join("\n")}\n${indent}}`;
  }

  function property(symbol, indent, place) {
    const type = checker.getTypeOfSymbol(symbol);
    if (!(symbol.flags & SymbolFlags.Property)) throw unprintable(type, place);
    // Mapped types mark their properties in another way.
    const isReadonly =
      ts.getCheckFlags(symbol) & ts.CheckFlags.Readonly ||
      ts.getDeclarationModifierFlagsFromSymbol(symbol) & ts.ModifierFlags.Readonly;
    const name = /^[A-Za-z_$][\w$]*$/.test(symbol.name) ? symbol.name : JSON.stringify(symbol.name);
    const key = `${isReadonly ? "readonly " : ""}${name}${symbol.flags & SymbolFlags.Optional ? "?" : ""}`;
    return `${docstring(symbol, indent)}${indent}${key}: ${print(type, indent, place)};`;
  }

  /** Returns the docstring of the sources, indented for another depth. */
  function docstring(symbol, indent) {
    const [written] = (symbol.declarations ?? []).flatMap((node) => node.jsDoc?.at(-1) ?? []);
    if (!written) return "";
    const lines = written.getText().split("\n");
    return lines.map((line, index) => `${indent}${index > 0 ? " " : ""}${line.trim()}\n`).join("");
  }

  function unprintable(type, place) {
    return new Error(
      `${source.fileName}: the declarations cannot say ${checker.typeToString(type)} (${place}) without its library. ` +
        "Give that part a type with a name in the sources, or teach scripts/build/print-type.cjs to print it.",
    );
  }
}

module.exports = { printAlias };
