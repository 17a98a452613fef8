// The examples of the package schema: programs in YAML, translated from the TypeScript examples in the docstrings.
"use strict";
const ts = require("typescript");
const { stringify } = require("yaml");
const { packageName } = require("./types.cjs");

/** Thrown at something that a program in YAML does not have, such as a call of another function. */
class Untranslatable extends Error {}

/**
 * Returns the program in YAML for an example in TypeScript; undefined if there is none. It has only the call of a function if
 * the example works with the result in another way than YAML can.
 *
 * @param {string} code
 * @returns {string | undefined}
 */
function yamlExample(code) {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true);
  try {
    return new Translation(source).translate(source.statements);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return callAlone(source);
  }
}

function callAlone(source) {
  const [call] = all(source, ts.isCallExpression).filter((found) => /^get[A-Z]/.test(methodOf(found)));
  const isAlone =
    call !== undefined && all(source, ts.isNewExpression).every(({ expression }) => expression.text);
  return isAlone ? new Translation(source).translateCall(call) : undefined;
}

/** Returns all nodes of a kind below a node. */
function all(node, isKind) {
  const found = isKind(node) ? [node] : [];
  ts.forEachChild(node, (child) => {
    found.push(...all(child, isKind));
  });
  return found;
}

class Translation {
  #config = {};
  #variables = {};
  #resources = {};
  #outputs = {};
  /** Text by which a program in YAML refers to the value of a name in TypeScript. */
  #references = new Map();
  /** Names that the example uses. */
  #used;

  /** @param {ts.SourceFile} source */
  constructor(source) {
    this.#used = new Set(all(source, ts.isIdentifier).map(({ text }) => text));
  }

  /** @param {readonly ts.Statement[]} statements */
  translate(statements) {
    for (const statement of statements) this.#statement(statement);
    const parts = {
      config: this.#config,
      variables: this.#variables,
      resources: this.#resources,
      outputs: this.#outputs,
    };
    const filled = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0);
    if (filled.length === 0) throw new Untranslatable();
    return stringify(Object.fromEntries(filled), { lineWidth: 0, version: "1.1" }).trimEnd();
  }

  /** @param {ts.CallExpression} call */
  translateCall(call) {
    this.#lookup(ts.factory.createObjectBindingPattern([]), call);
    return this.translate([]);
  }

  #statement(statement) {
    if (ts.isExpressionStatement(statement)) return this.#resource(statement.expression);
    if (ts.isExportAssignment(statement)) return this.#body(statement.expression);
    if (!ts.isVariableStatement(statement)) throw new Untranslatable();
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (isExported) this.#outputs[name.text] = this.#value(initializer);
      else if (ts.isNewExpression(initializer)) this.#resource(initializer, name.text);
      else this.#lookup(name, ts.isAwaitExpression(initializer) ? initializer.expression : initializer);
    }
  }

  /** Translates `export = async () => { … }`. */
  #body(expression) {
    if (!ts.isArrowFunction(expression) || !ts.isBlock(expression.body)) throw new Untranslatable();
    for (const statement of expression.body.statements) this.#statement(statement);
  }

  /** Translates `new dokploy.Application("api", { … }, { … })`. */
  #resource(expression, variable) {
    if (!ts.isNewExpression(expression)) throw new Untranslatable();
    const [name, args, options] = expression.arguments;
    const { import: adopted, ...others } = this.#object(options);
    const { expression: owner, name: kind } = expression.expression;
    const named = name.text.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    const isTaken = this.#used.has(named) || named in this.#resources;
    const key = variable ?? (isTaken ? `${named}${kind.text}` : named);
    if (variable !== undefined) this.#references.set(variable, key);
    const isProvider = kind.text === "Provider";
    const namespace = owner.text === "dokploy" ? packageName() : owner.text;
    this.#resources[key] = {
      type: isProvider ? `pulumi:providers:${namespace}` : `${namespace}:${kind.text}`,
      ...optional("properties", {
        ...this.#object(args),
        ...(adopted === undefined ? {} : { import: adopted }),
      }),
      ...optional("options", others),
    };
  }

  /** Translates `const shop = await dokploy.getProject({ … })`, also with the results in braces. */
  #lookup(name, call) {
    if (!ts.isCallExpression(call)) throw new Untranslatable();
    const method = methodOf(call);
    if (!/^get[A-Z]/.test(method)) throw new Untranslatable();
    const lookup = method.replace(/Output$/, "");
    const named = lookup.charAt(3).toLowerCase() + lookup.slice(4);
    const key = ts.isIdentifier(name) ? name.text : named;
    if (ts.isIdentifier(name)) this.#references.set(key, key);
    else if (ts.isObjectBindingPattern(name))
      for (const { propertyName, name: local } of name.elements)
        this.#references.set(local.text, `${key}.${(propertyName ?? local).text}`);
    else throw new Untranslatable();
    const [args] = call.arguments;
    this.#variables[key] = {
      "fn::invoke": {
        function: `${packageName()}:${lookup}`,
        ...optional("arguments", this.#object(args)),
      },
    };
  }

  #object(node) {
    if (node === undefined) return {};
    if (!ts.isObjectLiteralExpression(node)) throw new Untranslatable();
    const entries = node.properties.map((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return [property.name.text, this.#value(property.name)];
      if (!ts.isPropertyAssignment(property)) throw new Untranslatable();
      const { name, initializer } = property;
      // Only a program in Node.js may give a resource.
      if (name.text === "target" && !ts.isObjectLiteralExpression(initializer)) throw new Untranslatable();
      // Other programs name the file.
      if (name.text === "env" && ts.isCallExpression(initializer) && methodOf(initializer) === "loadEnv")
        return ["envFiles", [this.#value(initializer.arguments[0])]];
      return [name.text, this.#value(initializer)];
    });
    return Object.fromEntries(entries);
  }

  #value(node) {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return escaped(node.text);
    if (ts.isNumericLiteral(node)) return Number(node.text);
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    if (ts.isArrayLiteralExpression(node)) return node.elements.map((element) => this.#value(element));
    if (ts.isObjectLiteralExpression(node)) return this.#object(node);
    if (ts.isTemplateExpression(node)) return this.#template(node);
    if (ts.isTaggedTemplateExpression(node)) return this.#template(node.template);
    if (ts.isCallExpression(node)) return this.#call(node);
    return `\${${this.#reference(node)}}`;
  }

  #template({ head, templateSpans }) {
    const spans = templateSpans.map(
      ({ expression, literal }) => `${this.#value(expression)}${escaped(literal.text)}`,
    );
    return escaped(head.text) + spans.join("");
  }

  #call(node) {
    const [first] = node.arguments;
    const method = methodOf(node);
    if (method === "getStack") return "${pulumi.stack}";
    if (method === "readFileSync") return { "fn::readFile": this.#value(first) };
    if (method === "composeFile") return { type: "raw", composeFile: { "fn::readFile": this.#value(first) } };
    if (method !== "require" && method !== "requireSecret") throw new Untranslatable();
    this.#config[first.text] = { type: "string", ...(method === "requireSecret" ? { secret: true } : {}) };
    return `\${${first.text}}`;
  }

  #reference(node) {
    if (ts.isIdentifier(node)) return this.#references.get(node.text) ?? node.text;
    if (ts.isPropertyAccessExpression(node)) return `${this.#reference(node.expression)}.${node.name.text}`;
    throw new Untranslatable();
  }
}

/** Returns the member; nothing for an empty map. */
function optional(name, map) {
  return Object.keys(map).length > 0 ? { [name]: map } : {};
}

/** Returns the name of the function that is called: `getStack` for `pulumi.getStack()`. */
function methodOf({ expression }) {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : (expression.text ?? "");
}

/** Returns a text in which `${` refers to nothing. */
function escaped(text) {
  return text.replaceAll("${", () => "$${");
}

module.exports = { yamlExample };
