// sdk/lookups/generated/simple.ts: the functions that look up simple objects, from their definitions in provider/resources.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `sdk/lookups/generated/simple.ts` */
function simpleFunctions(simple, head) {
  const { aOrAn, inWords, pluralOf } = require(path.join(root, "packages", "text", "words.ts"));
  const { nounOf } = require(path.join(root, "sdk", "lookups", "words.ts"));
  const { parentNoun } = require(path.join(root, "provider", "engine", "simple", "parents.ts"));
  const parents = [...new Set(simple.flatMap(({ definition }) => definition.model.parents))].sort();
  const owner = (kind) => `Of${kind[0].toUpperCase()}${kind.slice(1)}`;

  return `${head}
import * as resources from "../../../provider/resources";
import type { ${simple.flatMap(({ kind, definition: { model } }) => [`${kind}Inputs`, ...(model.spec.outputs ? [`${kind}Outputs`] : [])]).join(", ")} } from "../../classes";
import type { InputsOf, OneOf } from "../arguments";
import { outputForm, plainForm } from "../lookup";
import type { ById, Key, Shown${simple.some(({ definition: { schema, model } }) => keptOf({ schema, model }).some((input) => model.arms.isUnion(input))) ? ", Without" : ""} } from "../object";

const of = () => require("../object") as typeof import("../object");

${parents
  .map(
    (kind) => `interface ${owner(kind)} {
  /** Id of the ${parentNoun(kind)} that it belongs to. */
  readonly ${kind}Id: string;
}
`,
  )
  .join("")}${simple
  .filter(({ definition }) => definition.model.alone)
  .map(aloneOf)
  .join("")}${simple.map(functionsOf).join("")}`;

  function aloneOf({ kind, definition: { model } }) {
    const { input, value } = model.alone;
    return `interface ${kind}OfDokploy {
  /** Value for an object that belongs to Dokploy itself. */
  readonly ${input}: ${JSON.stringify(value)};
}
`;
  }

  function functionsOf({ kind, name, definition: { schema, model } }) {
    const { spec, parents, alone: dokploy } = model;
    const noun = nounOf(model);
    const alone = dokploy && `${kind}OfDokploy`;
    const owners = [...parents.map(owner), ...(alone === undefined ? [] : [alone])];
    const [nouns, Kinds] = [pluralOf(noun), pluralOf(kind)];
    const kept = keptOf({ schema, model });
    const hidden = kept.filter((input) => factsOf(schema, input).writeOnly);
    const secret = secretsOf({ schema, model });
    const [open, closed] = outputsOf(model);
    const unions = kept.filter((input) => model.arms.isUnion(input));
    const reported = kept.filter((input) => ![...hidden, ...secret, ...unions].includes(input));
    const always = reported.filter((input) => isThere(schema, input));
    const maybe = reported.filter((input) => !always.includes(input));

    const key = `Key<${kind}Inputs, ${union(spec.key)}>`;
    const byKey = owners.length === 0 ? [key] : owners.map((one) => `(${one} & ${key})`);
    const sets = ["ById", ...(spec.key.length === 0 ? [] : byKey)].join(" | ");
    const places = owners.join(" | ");
    const within = owners.length === 0 ? "" : " within the object that it belongs to";
    const by = `${inWords(spec.key.map(code), "and")}${within}`;
    const which = spec.key.length === 0 ? "by its id" : `by its id, or by ${by}`;
    const itself = dokploy === undefined ? [] : ["Dokploy itself"];
    const owning = parents.map((parent) => parentNoun(parent).replace(/^.* database$/, "database"));
    const services = inWords([...[...new Set(owning)].map(aOrAn), ...itself], "or");
    const whose = owners.length === 0 ? "in Dokploy" : `of ${services}`;
    const needed = spec.key.filter((input) => !schema.shape[input].safeParse(undefined).success);
    const given = [...parents.slice(0, 1).map((parent) => `${parent}Id`), ...needed];
    const [first] = parents;
    const secrets = [
      ...(secret.length > 0
        ? [`{ readonly [Name in ${union(secret)}]: NonNullable<${kind}Inputs[Name]> }`]
        : []),
      ...(closed.length > 0 ? [`Pick<${kind}Outputs, ${union(closed)}>`] : []),
    ].join(" & ");
    secret.push(...closed);
    const typed = `Get${kind}Args, Get${kind}Result${secret.length > 0 ? `, ${secrets}` : ""}`;

    const armsOf = (input) => {
      const within = model.arms.hiddenIn(input);
      const type = `${kind}Inputs[${JSON.stringify(input)}]`;
      return `
  /** Value without its secrets. */
  readonly ${input}: ${within.length === 0 ? type : `Without<${type}, ${union(within)}>`};
`;
    };

    const shown =
      secret.length > 0
        ? `, with ${secret.length === 1 ? "the secret" : "its secrets"} ${inWords(secret.map(code), "and")}`
        : "";
    const list =
      owners.length === 0
        ? ""
        : `
/** Argument that names the owner of the ${nouns}. */
${owners.length === 1 ? `export interface Get${Kinds}Args extends ${places} {}` : `export type Get${Kinds}Args = OneOf<${places}>;`}
/** Argument, which may be an output. */
export type Get${Kinds}OutputArgs = InputsOf<Get${Kinds}Args>;
`;

    return `
const ${name} = () => resources.${name}.model;
const ${name}Lookup = () => of().objectLookup<${typed}>("${kind}", ${name}${secret.length > 0 ? `, ${JSON.stringify(secret)}` : ""});
const ${name}List = () => of().objectsLookup<${owners.length === 0 ? "object" : `Get${Kinds}Args`}, Get${kind}Result>("${kind}", ${name});

/** Arguments that name ${aOrAn(noun)}. */
export type Get${kind}Args = OneOf<${sets}>;
/** Arguments, each of which may be an output. */
export type Get${kind}OutputArgs = InputsOf<Get${kind}Args>;

/** ${capital(aOrAn(noun))}. */
export interface Get${kind}Result extends ById, Shown<${[`${kind}Inputs`, union(always), ...(maybe.length > 0 ? [union(maybe)] : [])].join(", ")}>${open.length > 0 ? `, Readonly<Pick<${kind}Outputs, ${union(open)}>>` : ""} {${unions.map(armsOf).join("")}}

/**
 * Returns an existing ${noun}, found ${which}.
 *
 * It is read in every run, including previews. For ${aOrAn(noun)} that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use \`get${kind}Output\`.${hidden.length > 0 ? ` Dokploy does not show \`${hidden.join("`, `")}\`, so the result does not have it.` : ""}${
   secret.length > 0 ? ` Only its result has secrets, such as \`${secret[0]}\`.` : ""
 }
 *
 * @throws LookupError when no such ${noun} exists, or several do; the message lists the candidates
 *
 * @example
 * \`\`\`ts
 * const { id } = await dokploy.get${kind}({ ${(spec.key.length === 0 ? ["id"] : given).join(", ")} });
 * \`\`\`
 */
export const get${kind} = plainForm(${name}Lookup);

${outputDoc(`get${kind}`, shown)}
export const get${kind}Output = outputForm(${name}Lookup);
${list}
/**
 * Returns all ${nouns} ${whose}, in a fixed order.
 *
 * Each is like a result of \`get${kind}\`. They are read in every run, including previews.
 *
 * @throws LookupError when ${owners.length === 0 ? "the key cannot see them" : "no such service exists"}
 *
 * @example
 * \`\`\`ts
 * const ${camel(Kinds)} = await dokploy.get${Kinds}(${first === undefined ? "" : `{ ${first}Id }`});
 * \`\`\`
 */
export const get${Kinds} = plainForm(${name}List);

${owners.length === 0 ? `/** Returns the result of {@link get${Kinds}} as an output. */` : outputDoc(`get${Kinds}`)}
export const get${Kinds}Output = outputForm(${name}List);
`;
  }
}

/** Returns the docstring of the form that takes outputs, with the text `rest` at its end. */
function outputDoc(caller, secrets = "", rest = "") {
  return `/**
 * Returns the result of {@link ${caller}} as an output${secrets}.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.${rest}
 */`;
}

/** Returns the inputs that Dokploy has a column for, without those that are outputs too. */
function keptOf({ schema, model }) {
  return Object.keys(schema.shape).filter((input) => {
    const { column } = factsOf(schema, input);
    return column !== undefined && !(column in model.outputs);
  });
}

/** Returns the outputs that are not inputs: those in plain text, and those that are secret. */
function outputsOf({ outputs }) {
  const isSecret = (name) => outputs[name].meta().output.secret === true;
  const names = Object.keys(outputs);
  return [names.filter((name) => !isSecret(name)), names.filter(isSecret)];
}

/** Returns the inputs that are secret and that Dokploy shows. */
function secretsOf({ schema, model }) {
  return keptOf({ schema, model }).filter(
    (input) => isSecret(schema, input) && !factsOf(schema, input).writeOnly,
  );
}

/** Returns true for an input that is or may be secret. An address counts only where it holds a login, so it does not count here. */
function isSecret(schema, input) {
  const { secret } = factsOf(schema, input);
  return secret !== undefined && secret !== "login";
}

/** Returns true if every object has a value for the input: it is required, or it has a default. */
function isThere(schema, input) {
  const { reset } = factsOf(schema, input);
  return !schema.shape[input].safeParse(undefined).success || (reset !== undefined && reset !== null);
}

function factsOf(schema, input) {
  return schema.shape[input].meta()?.field ?? {};
}

function union(names) {
  return names.map((name) => JSON.stringify(name)).join(" | ");
}

function code(name) {
  return `\`${name}\``;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function camel(name) {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

module.exports = { simpleFunctions, factsOf, isSecret, isThere, keptOf, outputDoc, secretsOf, union };
