// Makes the declarations that are published: those that an entry of the package reaches, with plain types instead of
// types that zod infers. zod's own declarations do not compile in every project, and editors find no docstrings
// through them.
"use strict";
const path = require("node:path");
const ts = require("typescript");
const { printAlias } = require("./print-type.cjs");

const library = /^zod(?:\/|$)/;

/**
 * @param {ts.Program} program the sources
 * @param {ReadonlyMap<string, string>} emitted the compiler's output for them, by path
 * @param {string[]} entries paths of declarations
 * @returns {Map<string, string>} the declarations to publish, by path
 * @throws an Error when one needs zod in a way that has no plain type
 */
function publicDeclarations(program, emitted, entries) {
  const files = new Map();
  for (const entry of entries) {
    for (const statement of open(entry).tree.statements) if (isExported(statement)) need(entry, statement);
  }
  return new Map([...files].map(([name, file]) => [name, print(file)]));

  function open(name) {
    const known = files.get(name);
    if (known) return known;
    const text = emitted.get(name);
    if (text === undefined) throw new Error(`${name} is not among the declarations that the compiler made.`);
    const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    // `needed` holds statements, and parts of imports and exports; `plain` the texts of aliases without zod.
    const file = { tree, names: namesOf(tree), needed: new Set(), plain: new Map() };
    files.set(name, file);
    return file;
  }

  /** Marks a statement, or a part of an import or export, with everything that it refers to. */
  function need(name, node) {
    const file = open(name);
    if (file.needed.has(node)) return;
    file.needed.add(node);
    const statement = ts.findAncestor(node, (parent) => ts.isSourceFile(parent.parent));
    file.needed.add(statement);
    if (ts.isExportSpecifier(node) || ts.isImportSpecifier(node)) {
      const original = (node.propertyName ?? node.name).text;
      if (statement.moduleSpecifier) needFrom(name, statement.moduleSpecifier.text, original);
      else needName(name, original);
    } else if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
      for (const specifier of node.exportClause.elements) need(name, specifier);
    } else if (passesAllOn(node)) {
      const target = targetOf(name, node.moduleSpecifier.text);
      for (const exported of open(target).tree.statements.filter(isExported)) need(target, exported);
    } else if (ts.isNamespaceImport(node) || ts.isImportClause(node)) {
      needFrom(name, statement.moduleSpecifier.text);
    } else if (ts.isExportDeclaration(node) || ts.isExportAssignment(node)) {
      throw new Error(`${name}: "${node.getText()}" is not understood; export by name.`);
    } else {
      needReferences(name, node);
    }
  }

  function needReferences(name, node) {
    const file = open(name);
    const references = referencesOf(node);
    if (references.some((reference) => isLibrary(file, reference))) {
      if (!ts.isTypeAliasDeclaration(node) || node.typeParameters) {
        throw new Error(
          `${name}: "${node.name?.text ?? node.getText()}" is part of what the package declares, and needs zod. ` +
            "Give it a type without zod.",
        );
      }
      const text = printAlias(program, sourceOf(name, node));
      file.plain.set(node, text);
      needReferences(name, ts.createSourceFile(name, `type _ = ${text}`, ts.ScriptTarget.Latest, true));
      return;
    }
    for (const { module, id } of references) {
      if (module === undefined) needName(name, id);
      else needFrom(name, module, id);
    }
  }

  /** Marks a name. One that is not declared or imported in the file is global, or a type parameter. */
  function needName(name, id) {
    for (const node of open(name).names.get(id) ?? []) need(name, node);
    for (const node of open(name).tree.statements) {
      if (!passesAllOn(node) || !declares(targetOf(name, node.moduleSpecifier.text), id)) continue;
      open(name).needed.add(node);
      needFrom(name, node.moduleSpecifier.text, id);
    }
  }

  function declares(name, id) {
    return open(name).names.has(id);
  }

  function needFrom(name, module, id) {
    if (!module.startsWith(".")) return;
    const target = targetOf(name, module);
    if (!id) throw new Error(`${name}: the import of "${module}" is not understood; import by name.`);
    needName(target, id);
  }

  function targetOf(name, module) {
    const base = path.join(path.dirname(name), module.replace(/\.js$/, ""));
    const target = [`${base}.d.ts`, path.join(base, "index.d.ts")].find((file) => emitted.has(file));
    if (!target)
      throw new Error(`${name}: "${module}" is not among the declarations that the compiler made.`);
    return target;
  }

  /** Returns the source declaration of an emitted one. */
  function sourceOf(name, alias) {
    const { rootDir, outDir } = program.getCompilerOptions();
    const relative = path.relative(outDir, name).replace(/\.d\.ts$/, ".ts");
    const source = program.getSourceFile(path.join(rootDir, relative));
    return source.statements.find(
      (node) => ts.isTypeAliasDeclaration(node) && node.name.text === alias.name.text,
    );
  }
}

function isExported(node) {
  const isModified = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(isExportKeyword);
  return isModified || ts.isExportDeclaration(node) || ts.isExportAssignment(node);
}

/** True for `export * from "…"`. */
function passesAllOn(node) {
  return ts.isExportDeclaration(node) && !node.exportClause && node.moduleSpecifier !== undefined;
}

function isExportKeyword({ kind }) {
  return kind === ts.SyntaxKind.ExportKeyword;
}

/** Returns the meaning of each name at the top of a file: declarations, and parts of imports and exports. */
function namesOf(tree) {
  const names = new Map();
  const add = (name, node) => names.set(name.text, [...(names.get(name.text) ?? []), node]);
  for (const node of tree.statements) {
    if (ts.isVariableStatement(node)) {
      for (const { name } of node.declarationList.declarations) add(name, node);
    } else if (ts.isImportDeclaration(node)) {
      const { name, namedBindings } = node.importClause ?? {};
      if (name) add(name, node.importClause);
      if (namedBindings?.name) add(namedBindings.name, namedBindings);
      for (const specifier of namedBindings?.elements ?? []) add(specifier.name, specifier);
    } else if (ts.isExportDeclaration(node)) {
      for (const specifier of node.exportClause?.elements ?? []) add(specifier.name, specifier);
    } else if (node.name && ts.isIdentifier(node.name)) {
      add(node.name, node);
    } else if (!(ts.isModuleDeclaration(node) && library.test(node.name.text))) {
      throw new Error(`${tree.fileName}: "${node.getText()}" is not understood.`);
    }
  }
  return names;
}

/** Returns the types and values that a declaration names, with the module of those in `import("…")`. */
function referencesOf(root) {
  const found = [];
  const visit = (node) => {
    if (ts.isImportTypeNode(node))
      found.push({ module: node.argument.literal.text, id: first(node.qualifier) });
    else if (ts.isTypeReferenceNode(node)) found.push({ id: first(node.typeName) });
    else if (ts.isTypeQueryNode(node)) found.push({ id: first(node.exprName) });
    else if (ts.isExpressionWithTypeArguments(node) || ts.isComputedPropertyName(node)) {
      found.push({ id: first(node.expression) });
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** Returns `a` of `a.b.c`. */
function first(name) {
  return name && (name.text ?? first(name.left ?? name.expression));
}

function isLibrary({ names }, { module, id }) {
  const imported = (names.get(id) ?? []).map(
    (node) => ts.findAncestor(node, ts.isImportDeclaration)?.moduleSpecifier.text,
  );
  return [module, ...(module === undefined ? imported : [])].some((name) => name && library.test(name));
}

function print({ tree, needed, plain }) {
  const text = (node) => tree.text.slice(node.getFullStart(), node.getEnd());
  const statements = tree.statements.flatMap((node) => {
    if (plain.has(node)) {
      return `${tree.text.slice(node.getFullStart(), node.type.getStart())}${plain.get(node)};`;
    }
    const specifiers = (node.importClause?.namedBindings ?? node.exportClause)?.elements ?? [];
    const kept = specifiers.filter((specifier) => needed.has(specifier));
    if (!needed.has(node) && !(node.exportClause && specifiers.length === 0)) return [];
    if (kept.length === specifiers.length) return text(node);
    const names = kept.map((specifier) => specifier.getText()).join(", ");
    return text(node).replace(/\{[^}]*\}(?=\s*from)/, `{ ${names} }`);
  });
  return `${statements.join("").trimStart()}\n`;
}

module.exports = { publicDeclarations };
