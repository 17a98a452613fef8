import type { DatabaseDefinition } from "../../provider/resources/databases/definition";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { generated } from "./generated";

/** All kinds of databases that there are. */
export const databases = allDefinitions().filter(
  (definition) => "database" in definition,
) as unknown as readonly DatabaseDefinition<never>[];

/** The address that each gets. */
const urls: Readonly<Record<string, RegExp>> = {
  Postgres: /^postgresql:\/\/shop:[^:@]+@[\w-]+:5432\/shop$/,
  MySql: /^mysql:\/\/shop:[^:@]+@[\w-]+:3306\/shop$/,
  MariaDb: /^mariadb:\/\/shop:[^:@]+@[\w-]+:3306\/shop$/,
  Mongo: /^mongodb:\/\/shop:[^:@]+@[\w-]+:27017\/$/,
  Redis: /^redis:\/\/default:[^:@]+@[\w-]+:6379$/,
  LibSql: /^http:\/\/shop:[^:@]+@[\w-]+:8080$/,
};

/** What a program gives for each kind of database beside its environment and its name, and the address that it gets. */
export const databaseData: Readonly<
  Record<string, { inputs: Readonly<Record<string, unknown>>; url: RegExp; hasRoot: boolean }>
> = Object.fromEntries(
  databases.map(({ kind, schema }) => {
    const { environmentId: _, name: _name, ...inputs } = generated(schema, {}, { secrets: false });
    const url = urls[kind] ?? /^\w+:\/\/[^:@]+:[^:@]+@[\w-]+:\d+/;
    return [kind, { inputs, url, hasRoot: "rootPassword" in schema.shape }];
  }),
);
