// sdk/lookups/generated/simple.ts: the functions that look up simple objects, from their definitions in provider/resources.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** @returns {string} the text of `sdk/lookups/generated/simple.ts` */
function simpleFunctions(simple, head) {
  const { aOrAn, inWords, nounOf, pluralOf } = require(path.join(root, "sdk", "lookups", "words.ts"));
  const { parentNoun } = require(path.join(root, "provider", "simple", "parents.ts"));
  const parents = [...new Set(simple.flatMap(({ definition }) => definition.model.spec.parents))].sort();
  const owner = (kind) => `Of${kind[0].toUpperCase()}${kind.slice(1)}`;

  return `${head}
import type { Output } from "@pulumi/pulumi";
import type { ${simple.flatMap(({ kind, definition: { model } }) => [`${kind}Inputs`, ...(model.spec.outputs ? [`${kind}Outputs`] : [])]).join(", ")} } from "../../classes/generated/simple-inputs";
import type { InputsOf, OneOf } from "../arguments";
import { type LookupOptions, later, now${simple.some(({ definition }) => secretsOf(definition).length + outputsOf(definition.model)[1].length > 0) ? ", type OutputWith" : ""} } from "../lookup";
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
  .filter(({ definition }) => definition.model.spec.alone)
  .map(aloneOf)
  .join("")}${simple.map(functionsOf).join("")}`;

  function aloneOf({ kind, definition: { model } }) {
    const { input, value } = model.spec.alone;
    return `interface ${kind}OfDokploy {
  /** Says that it belongs to Dokploy itself. */
  readonly ${input}: ${JSON.stringify(value)};
}
`;
  }

  function functionsOf({ kind, name, file, definition: { schema, model } }) {
    const { spec } = model;
    const noun = nounOf(spec);
    const alone = spec.alone && `${kind}OfDokploy`;
    const owners = [...spec.parents.map(owner), ...(alone === undefined ? [] : [alone])];
    const [nouns, Kinds] = [pluralOf(noun), pluralOf(kind)];
    const kept = keptOf({ schema, model });
    const hidden = kept.filter((input) => factsOf(schema, input).writeOnly);
    const secret = secretsOf({ schema, model });
    const [open, closed] = outputsOf(model);
    const unions = kept.filter((input) => model.arms.isUnion(input));
    const told = kept.filter((input) => ![...hidden, ...secret, ...unions].includes(input));
    const always = told.filter((input) => isThere(schema, input));
    const maybe = told.filter((input) => !always.includes(input));

    const key = `Key<${kind}Inputs, ${union(spec.key)}>`;
    const byKey = owners.length === 0 ? [key] : owners.map((one) => `(${one} & ${key})`);
    const sets = ["ById", ...(spec.key.length === 0 ? [] : byKey)].join(" | ");
    const places = owners.join(" | ");
    const by = inWords(
      [...(owners.length === 0 ? [] : ["what it belongs to"]), ...spec.key.map(code)],
      "and",
    );
    const which = spec.key.length === 0 ? "by its id" : `by its id, or by ${by}`;
    const itself = spec.alone === undefined ? [] : ["Dokploy itself"];
    const services = inWords([...spec.parents.map((parent) => aOrAn(parentNoun(parent))), ...itself], "or");
    const whose = owners.length === 0 ? "of the server" : `of ${services}`;
    const needed = spec.key.filter((input) => !schema.shape[input].safeParse(undefined).success);
    const given = [...spec.parents.slice(0, 1).map((parent) => `${parent}Id`), ...needed];
    const [first] = spec.parents;
    const secrets = [
      ...(secret.length > 0
        ? [`{ readonly [Name in ${union(secret)}]: NonNullable<${kind}Inputs[Name]> }`]
        : []),
      ...(closed.length > 0 ? [`Pick<${kind}Outputs, ${union(closed)}>`] : []),
    ].join(" & ");
    secret.push(...closed);
    const typed = `Get${kind}Args, Get${kind}Result${secret.length > 0 ? `, ${secrets}` : ""}`;
    const output =
      secret.length > 0 ? `OutputWith<Get${kind}Result, ${secrets}>` : `Output<Get${kind}Result>`;

    const armsOf = (input) => {
      const within = model.arms.hiddenIn(input);
      const type = `${kind}Inputs[${JSON.stringify(input)}]`;
      return `
  /** Without what is secret. */
  readonly ${input}: ${within.length === 0 ? type : `Without<${type}, ${union(within)}>`};
`;
    };

    return `
const ${name} = () => (require("../../../provider/resources/${file}") as typeof import("../../../provider/resources/${file}")).${name}.model;
const ${name}Lookup = () => of().objectLookup<${typed}>("${kind}", ${name}${secret.length > 0 ? `, ${JSON.stringify(secret)}` : ""});

/** Which ${noun}: ${which}. */
export type Get${kind}Args = OneOf<${sets}>;
/** The same with outputs. */
export type Get${kind}OutputArgs = OneOf<InputsOf<${sets}>>;

/** ${capital(aOrAn(noun))}. */
export interface Get${kind}Result extends ById, Shown<${[`${kind}Inputs`, union(always), ...(maybe.length > 0 ? [union(maybe)] : [])].join(", ")}>${open.length > 0 ? `, Readonly<Pick<${kind}Outputs, ${union(open)}>>` : ""} {${unions.map(armsOf).join("")}}

/**
 * ${capital(aOrAn(noun))} that exists in Dokploy: ${which}.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use \`get${kind}Output\`.${hidden.length > 0 ? ` Dokploy does not show \`${hidden.join("`, `")}\`, so it is not in the result.` : ""}${
   secret.length > 0 ? ` A secret, such as \`${secret[0]}\`, stands beside the result of that alone.` : ""
 }
 *
 * @throws LookupError when there is no such ${noun}, or several; the message lists what there is
 *
 * @example
 * \`\`\`ts
 * const { id } = await dokploy.get${kind}({ ${(spec.key.length === 0 ? ["id"] : given).join(", ")} });
 * \`\`\`
 */
export function get${kind}(args: Get${kind}Args, options?: LookupOptions): Promise<Get${kind}Result> {
  return now(${name}Lookup(), args, options);
}

/**
 * ${capital(aOrAn(noun))} that exists in Dokploy: ${which}. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such ${noun}, or several; the message lists what there is
 */
export function get${kind}Output(args: Get${kind}OutputArgs, options?: LookupOptions): ${output} {
  return later(${name}Lookup(), args, options);
}

const ${name}List = () => of().objectsLookup<${owners.length === 0 ? "object" : `Get${Kinds}Args`}, Get${kind}Result>("${kind}", ${name});
${
  owners.length === 0
    ? ""
    : `
/** Whose ${nouns}. */
export type Get${Kinds}Args = OneOf<${places}>;
/** The same with outputs. */
export type Get${Kinds}OutputArgs = OneOf<InputsOf<${places}>>;
`
}
/**
 * All ${nouns} ${whose}, each as \`get${kind}\` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when ${owners.length === 0 ? "the key may not see them" : "there is no such service"}
 *
 * @example
 * \`\`\`ts
 * const ${camel(Kinds)} = await dokploy.get${Kinds}(${first === undefined ? "" : `{ ${first}Id }`});
 * \`\`\`
 */
export function get${Kinds}(${first === undefined ? "" : `args: Get${Kinds}Args, `}options?: LookupOptions): Promise<readonly Get${kind}Result[]> {
  return now(${name}List(), ${first === undefined ? "{}" : "args"}, options);
}

/**
 * All ${nouns} ${whose}, as an output.${
   first === undefined
     ? ""
     : `
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.`
 }
 *
 * @throws LookupError when ${owners.length === 0 ? "the key may not see them" : "there is no such service"}
 */
export function get${Kinds}Output(${first === undefined ? "" : `args: Get${Kinds}OutputArgs, `}options?: LookupOptions): Output<readonly Get${kind}Result[]> {
  return later(${name}List(), ${first === undefined ? "{}" : "args"}, options);
}
`;
  }
}

/** The inputs that Dokploy has a column for, without those that an output tells. */
function keptOf({ schema, model }) {
  return Object.keys(schema.shape).filter((input) => {
    const { column } = factsOf(schema, input);
    return column !== undefined && !(column in (model.spec.outputs ?? {}));
  });
}

/** The outputs beside the inputs: those that anybody may see, and those that are secret. */
function outputsOf({ spec: { outputs = {} } }) {
  const isSecret = (name) => outputs[name].meta().output.secret === true;
  const names = Object.keys(outputs);
  return [names.filter((name) => !isSecret(name)), names.filter(isSecret)];
}

/** The inputs that are secret, and that Dokploy shows. */
function secretsOf({ schema, model }) {
  return keptOf({ schema, model }).filter(
    (input) => isSecret(schema, input) && !factsOf(schema, input).writeOnly,
  );
}

/** Whether an input is one, or may be: an address is told, unless it holds a login. */
function isSecret(schema, input) {
  const { secret } = factsOf(schema, input);
  return secret !== undefined && secret !== "login";
}

/** Whether every object has a value of it: the program must give one, or there is a default. */
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

module.exports = { simpleFunctions, factsOf, isSecret, isThere, keptOf, secretsOf, union };
