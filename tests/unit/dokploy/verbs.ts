import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import type { Endpoint } from "../../../provider/dokploy/endpoints";
import { databaseKinds } from "../../../provider/dokploy/kinds";

/*
 * What a repeat of a call does, written out by hand from what Dokploy does for each verb, so that the tests do not
 * ask the table that they test.
 */

/** Changes nothing. */
const READS =
  /^(?:one|all|list|allBy[A-Z]\w*|by[A-Z]\w*|get(?:[A-Z]\w*)?|queueList|readContainerFile|readLogs|session)$/;

/** Leaves the same the second time: sets values, or takes away what is gone by then. */
const REPEATABLE = /^(?:update|save[A-Z]\w*|move|delete|remove|assignPermissions)$/;

/** Doubles, restarts or drops something with each call, or logs in with what the first has just changed. */
const ONCE_ONLY = /^(?:create|createApiKey|deploy|redeploy|reload|cleanQueues|changePassword|runManually)$/;

/** The server works on Docker before it answers, so that it may still be at it when the time is up. */
const SLOW: ReadonlySet<string> = new Set([
  "application.reload",
  "compose.delete",
  "schedule.runManually",
  "postgres.deploy",
  "mysql.deploy",
  "mariadb.deploy",
  "mongo.deploy",
  "redis.deploy",
  "libsql.deploy",
]);

/** Endpoints whose responses nobody reads, so that no type lists them. */
const UNREAD: readonly Endpoint[] = [
  "application.update",
  "application.saveEnvironment",
  "application.deploy",
  "application.redeploy",
  "application.reload",
  "application.cleanQueues",
  "compose.deploy",
  "compose.redeploy",
  "compose.cleanQueues",
  "user.assignPermissions",
  ...databaseKinds.flatMap(
    (kind) => [`${kind}.update`, `${kind}.saveEnvironment`, `${kind}.move`] as Endpoint[],
  ),
];

/** Endpoints whose responses the code reads, by the types that say so, and those whose responses nobody reads. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...UNREAD,
  ...namesIn("Answers"),
  ...databaseKinds.filter((kind) => kind !== "libsql").map((kind) => `${kind}.changePassword`),
  ...databaseKinds.flatMap((kind) => namesIn("DatabaseAnswers").map((call) => `${kind}.${call}`)),
] as Endpoint[];

function namesIn(type: string): string[] {
  const file = join(__dirname, "..", "..", "..", "provider", "dokploy", "endpoints.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === type,
  );
  if (!found || !ts.isInterfaceDeclaration(found)) throw new TypeError(`${file} has no ${type}`);
  return found.members.map(({ name }) => (name && "text" in name ? name.text : ""));
}

/** Every endpoint of the documents, with what each takes. */
export const DOCUMENTED = (
  JSON.parse(
    readFileSync(
      join(__dirname, "..", "..", "..", "provider", "dokploy", "generated", "endpoints.json"),
      "utf8",
    ),
  ) as { endpoints: Readonly<Record<Endpoint, { method: string; takes: Record<string, object> }>> }
).endpoints;

export const isEndpoint = (name: string): name is Endpoint => Object.hasOwn(DOCUMENTED, name);

function verb(endpoint: string): string {
  const name = endpoint.slice(endpoint.indexOf(".") + 1);
  const kinds = [READS, REPEATABLE, ONCE_ONLY].filter((kind) => kind.test(name));
  if (kinds.length !== 1) {
    throw new TypeError(`say here what a repeat of ${endpoint} does`);
  }
  return name;
}

export const isRead = (endpoint: string): boolean => READS.test(verb(endpoint));
export const isRepeatable = (endpoint: string): boolean => !ONCE_ONLY.test(verb(endpoint));
export const isSlow = (endpoint: string): boolean => SLOW.has(endpoint);
