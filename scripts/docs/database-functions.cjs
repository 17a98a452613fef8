// sdk/lookups/generated/databases.ts: the functions that look up databases, from their definitions in provider/resources.
"use strict";
const path = require("node:path");
const { isSecret, isThere, outputDoc, union } = require("./functions.cjs");

const root = path.resolve(__dirname, "..", "..");

/** Properties that `ServiceResult` has already. */
const common = ["name", "description", "environmentId"];

/** @returns {string} the text of `sdk/lookups/generated/databases.ts` */
function databaseFunctions(databases, head) {
  const { aOrAn, inWords } = require(path.join(root, "packages", "text", "words.ts"));
  const { traits } = require(path.join(root, "provider", "schema", "kinds.ts"));
  return `${head}
import * as resources from "../../../provider/resources";
import type { ${databases.map(({ kind }) => `${kind}Inputs`).join(", ")} } from "../../../provider/resources";
import type { InputsOf, OneOf } from "../arguments";
import type { ByName, DatabaseAddresses, Place, ServiceResult } from "../host";
import { outputForm, plainForm } from "../lookup";
import type { Shown } from "../object";

const of = () => require("../host") as typeof import("../host");
${databases.map(functionsOf).join("")}
/** Arguments that name an environment: its id, or its project and optionally its name. Default: the project's default environment. */
export type GetDatabasesArgs = OneOf<Place>;
/** Arguments, each of which may be an output. */
export type GetDatabasesOutputArgs = InputsOf<GetDatabasesArgs>;

/** A database of an environment. */
export interface GetDatabasesResult {
  /** Name of its class in a program. */
  readonly kind: ${union(databases.map(({ kind }) => kind))};
  /** Id in Dokploy. */
  readonly id: string;
  /** Name of the database. */
  readonly name: string;
  /** Description in Dokploy; undefined when it has none. */
  readonly description: string | undefined;
}

const databaseList = () => of().databasesLookup<GetDatabasesArgs, GetDatabasesResult>();

/**
 * Returns all databases of an environment, of every kind, sorted by name.
 *
 * They are read in every run, including previews, with one call. \`getPostgres\` and its counterparts for other kinds
 * return all properties of one database.
 *
 * @throws LookupError when no such environment exists
 *
 * @example
 * \`\`\`ts
 * const databases = await dokploy.getDatabases({ project: "shop", environment: "staging" });
 * \`\`\`
 */
export const getDatabases = plainForm(databaseList);

${outputDoc("getDatabases")}
export const getDatabasesOutput = outputForm(databaseList);
`;

  function functionsOf({ kind, name, definition: { schema, database } }) {
    const { noun } = traits[database];
    const kept = Object.keys(schema.shape).filter((input) => isKept(schema.shape[input]));
    const secret = kept.filter((input) => isSecret(schema, input));
    const reported = kept.filter((input) => !secret.includes(input) && !common.includes(input));
    const always = reported.filter((input) => isThere(schema, input));
    const maybe = reported.filter((input) => !always.includes(input));
    const sets = `By${kind}Id | ByName`;
    const secrets = [...secret, "connectionUrl", "externalUrl"];
    return `
const ${name} = () => resources.${name};
const ${name}Lookup = () => of().databaseLookup<Get${kind}Args, Get${kind}Result, Get${kind}Secrets>("${kind}", ${name}, ${JSON.stringify(secrets)});

interface By${kind}Id {
  /** Id of the ${noun}, which is part of the address of its page in Dokploy. */
  readonly ${database}Id: string;
}

/** Arguments that name ${aOrAn(noun)}: its id, or its name and place. */
export type Get${kind}Args = OneOf<${sets}>;
/** Arguments, each of which may be an output. */
export type Get${kind}OutputArgs = InputsOf<Get${kind}Args>;

/** ${capital(aOrAn(noun))}. */
export interface Get${kind}Result extends ServiceResult, Shown<${kind}Inputs, ${union(always)}, ${union(maybe)}> {
  /** Id of the ${noun}. */
  readonly ${database}Id: string;
}

/** Secrets that \`get${kind}Output\` returns with its result. */
export interface Get${kind}Secrets extends DatabaseAddresses {
${secret
  .map(
    (input) => `  readonly ${input}: string;
`,
  )
  .join("")}}

/**
 * Returns an existing ${noun}, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless \`environment\` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use \`get${kind}Output\`, whose result also has the secrets: \`${["env", ...secrets].join("`, `")}\`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * \`\`\`ts
 * const { ${database}Id, appName } = await dokploy.get${kind}({ name: "orders", project: "shop" });
 * \`\`\`
 */
export const get${kind} = plainForm(${name}Lookup);

${outputDoc(
  `get${kind}`,
  `, with its secrets ${inWords(
    ["env", ...secrets].map((name) => `\`${name}\``),
    "and",
  )}`,
  example(kind),
)}
export const get${kind}Output = outputForm(${name}Lookup);
`;
  }
}

/** Returns true if Dokploy has a column for the input or for an input in it. Variables are handled separately. */
function isKept(type) {
  const facts = type.meta()?.field;
  if (facts) return facts.column !== undefined && facts.env === undefined;
  const inner = type.unwrap?.() ?? type;
  return Object.values(inner.shape ?? {}).some(isKept);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns an example of the form that takes outputs, as the end of its docstring. */
function example(kind) {
  return `
 *
 * @example
 * \`\`\`ts
 * const orders = dokploy.get${kind}Output({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * \`\`\``;
}

module.exports = { databaseFunctions };
