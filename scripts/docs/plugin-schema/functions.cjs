// The functions of the package schema: the lookups of the Node.js package.
"use strict";
const { isFunction } = require("../public-types.cjs");
const { fromTypeScript } = require("./from-typescript.cjs");
const { described, documentation, exampleText } = require("./texts.cjs");
const { capital, tokenOf } = require("./types.cjs");

/**
 * Returns the functions by their tokens.
 *
 * @param {import("./package.cjs").Source} source
 * @param {import("./types.cjs").Types} types
 * @param {object} resources those of the schema
 */
function functions(source, types, resources) {
  const { checker, exported } = source;
  const lookups = [...exported]
    .filter(
      ([name, symbol]) => /^get[A-Z]/.test(name) && !name.endsWith("Output") && isFunction(symbol, checker),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    lookups.map(([name, symbol]) => [tokenOf(name), lookup(name, symbol, source, types, resources)]),
  );
}

function lookup(name, symbol, source, types, resources) {
  const { checker, exported } = source;
  const convert = fromTypeScript(source, types);
  const owner = capital(name);
  const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
  const result = checker.getAwaitedType(signature.getReturnType());
  const [item] = checker.isArrayType(result) ? checker.getTypeArguments(result) : [];
  const [, kind] = /^Get(\w+)Result$/.exec((item ?? result).symbol?.name ?? "") ?? [];
  const resource = kind === undefined ? undefined : resources[tokenOf(kind)];
  const top = { owner, path: [], ...(resource ? { kind } : {}) };
  const args = exported.get(`${owner}Args`);
  const inputs = args && convert.membersOf(checker.getDeclaredTypeOfSymbol(args), top);
  const outputs = withSecrets(resultOf(), secretsOf());
  return {
    description: [withoutForms(documentation(symbol, checker)), exampleText(symbol)]
      .filter((text) => text !== "")
      .join("\n\n"),
    ...(inputs ? { inputs: objectOf(inputs) } : {}),
    outputs: objectOf(outputs),
  };

  /** Returns the members of the result; a list or a text is the member `result`, since Pulumi requires an object. */
  function resultOf() {
    if (item === undefined && !isPrimitive(result)) return convert.membersOf(result, top);
    const type = convert.typeOf(result, { ...top, path: item ? ["item"] : [], isOwn: true });
    const [text] = documentation(symbol, checker).split(/(?<=\.)\s/);
    const description = capital(text.replace(/^Returns /, ""));
    return { properties: { result: { ...type, description } }, required: ["result"] };
  }

  /** Returns the members that only the form that takes outputs has, each as a secret. */
  function secretsOf() {
    const [output] = checker.getTypeOfSymbol(exported.get(`${name}Output`)).getCallSignatures();
    const { aliasSymbol, aliasTypeArguments } = output.getReturnType();
    if (aliasSymbol?.name !== "OutputWith") return { properties: {}, required: [] };
    const { properties, required } = convert.membersOf(aliasTypeArguments[1], top);
    const secret = Object.entries(properties).map(([key, spec]) => {
      const { description } = resource?.inputProperties[key] ?? {};
      return [key, { ...spec, ...described(spec.description ?? description ?? ""), secret: true }];
    });
    return { properties: Object.fromEntries(secret), required };
  }
}

function withSecrets(open, secret) {
  return {
    properties: { ...open.properties, ...secret.properties },
    required: [...open.required, ...secret.required],
  };
}

/** Returns a description without the sentences about the two forms of a function, which only Node.js has. */
function withoutForms(text) {
  return text
    .split(/(?<=\.) /)
    .filter((sentence) => !/^To pass outputs as arguments use |^Only its result has /.test(sentence))
    .join(" ");
}

function objectOf({ properties, required }) {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

function isPrimitive(type) {
  const { TypeFlags } = require("typescript");
  return (type.flags & (TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike)) !== 0;
}

module.exports = { functions };
