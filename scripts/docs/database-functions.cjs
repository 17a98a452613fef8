// sdk/lookups/generated/databases.ts: the functions that look up databases, from their definitions in provider/resources.
"use strict";
const path = require("node:path");
const { isSecret, isThere, union } = require("./functions.cjs");

const root = path.resolve(__dirname, "..", "..");

/** What `ServiceResult` has of every service. */
const common = ["name", "description", "environmentId"];

/** @returns {string} the text of `sdk/lookups/generated/databases.ts` */
function databaseFunctions(databases, head) {
  const { aOrAn } = require(path.join(root, "sdk", "lookups", "words.ts"));
  const { traits } = require(path.join(root, "provider", "schema", "kinds.ts"));
  return `${head}
import type { Output } from "@pulumi/pulumi";
${databases.map(inputsOf).join("")}import type { InputsOf, OneOf } from "../arguments";
import { type ByName, type DatabaseAddresses, databaseLookup, databasesLookup, type Place, type ServiceResult } from "../host";
import { type LookupOptions, later, now, type OutputWith } from "../lookup";
import type { Shown } from "../object";
${databases.map(functionsOf).join("")}
/** Which environment: by its id, or by the name of its project, there the default environment unless another is named. */
export type GetDatabasesArgs = OneOf<Place>;
/** The same with outputs. */
export type GetDatabasesOutputArgs = OneOf<InputsOf<Place>>;

/** A database among those of an environment. */
export interface GetDatabasesResult {
  /** What a program calls its class. */
  readonly kind: ${union(databases.map(({ kind }) => kind))};
  /** Its id in Dokploy. */
  readonly id: string;
  readonly name: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
}

const databaseList = databasesLookup<GetDatabasesArgs, GetDatabasesResult>();

/**
 * All databases of an environment, of every kind, by their names.
 *
 * They are read in every run, also at preview, with one call; \`getPostgres\` and its like tell all of one.
 *
 * @throws LookupError when there is no such environment
 *
 * @example
 * \`\`\`ts
 * const databases = await dokploy.getDatabases({ project: "shop", environment: "staging" });
 * \`\`\`
 */
export function getDatabases(args: GetDatabasesArgs, options?: LookupOptions): Promise<readonly GetDatabasesResult[]> {
  return now(databaseList, args, options);
}

/**
 * All databases of an environment, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such environment
 */
export function getDatabasesOutput(args: GetDatabasesOutputArgs, options?: LookupOptions): Output<readonly GetDatabasesResult[]> {
  return later(databaseList, args, options);
}
`;

  function inputsOf({ kind, file }) {
    return `import type { ${kind}Inputs } from "../../../provider/resources/${file}";\n`;
  }

  function functionsOf({ kind, name, file, definition: { schema, database } }) {
    const { noun } = traits[database];
    const kept = Object.keys(schema.shape).filter((input) => isKept(schema.shape[input]));
    const secret = kept.filter((input) => isSecret(schema, input));
    const told = kept.filter((input) => !secret.includes(input) && !common.includes(input));
    const always = told.filter((input) => isThere(schema, input));
    const maybe = told.filter((input) => !always.includes(input));
    const sets = `By${kind}Id | ByName`;
    const secrets = [...secret, "connectionUrl", "externalUrl"];
    return `
const ${name} = () => (require("../../../provider/resources/${file}") as typeof import("../../../provider/resources/${file}")).${name};
const ${name}Lookup = databaseLookup<Get${kind}Args, Get${kind}Result, Get${kind}Secrets>("${kind}", ${name}, ${JSON.stringify(secrets)});

interface By${kind}Id {
  /** Id of the ${noun}. It stands in the address of its page in Dokploy. */
  readonly ${database}Id: string;
}

/** Which ${noun}: by its id, or by its name and where it is. */
export type Get${kind}Args = OneOf<${sets}>;
/** The same with outputs. */
export type Get${kind}OutputArgs = OneOf<InputsOf<${sets}>>;

/** ${capital(aOrAn(noun))}. */
export interface Get${kind}Result extends ServiceResult, Shown<${kind}Inputs, ${union(always)}, ${union(maybe)}> {
  readonly ${database}Id: string;
}

/** What stands beside the result of \`get${kind}Output\`. */
export interface Get${kind}Secrets extends DatabaseAddresses {
${secret
  .map(
    (input) => `  readonly ${input}: string;
`,
  )
  .join("")}}

/**
 * ${capital(aOrAn(noun))} that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use \`get${kind}Output\`; beside its result stand what is secret: \`${["env", ...secrets].join("`, `")}\`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * \`\`\`ts
 * const { ${database}Id, appName } = await dokploy.get${kind}({ name: "orders", project: "shop" });
 * \`\`\`
 */
export function get${kind}(args: Get${kind}Args, options?: LookupOptions): Promise<Get${kind}Result> {
  return now(${name}Lookup, args, options);
}

/**
 * ${capital(aOrAn(noun))} that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
 * \`\`\`
 */
export function get${kind}Output(args: Get${kind}OutputArgs, options?: LookupOptions): OutputWith<Get${kind}Result, Get${kind}Secrets> {
  return later(${name}Lookup, args, options);
}
`;
  }
}

/** Whether Dokploy has a column for the input, or for what is inside of it; those of variables stand apart. */
function isKept(type) {
  const facts = type.meta()?.field;
  if (facts) return facts.column !== undefined && facts.env === undefined;
  const inner = type.unwrap?.() ?? type;
  return Object.values(inner.shape ?? {}).some(isKept);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

module.exports = { databaseFunctions };
