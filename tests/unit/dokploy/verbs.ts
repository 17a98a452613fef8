import { ENDPOINT_POLICIES } from "../../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../../provider/dokploy/endpoints";

/*
 * What a repeat of a call does, written out by hand from what Dokploy does for each verb, so that the tests do not
 * ask the table that they test.
 */

/** Changes nothing. */
const READS = /^(?:one|all|allBy[A-Z]\w*|by[A-Z]\w*|get[A-Z]\w*|queueList|readLogs)$/;

/** Leaves the same the second time: sets values, or takes away what is gone by then. */
const REPEATABLE = /^(?:update|save[A-Z]\w*|move|delete|remove)$/;

/** Doubles, restarts or drops something with each call. */
const ONCE_ONLY = /^(?:create|deploy|redeploy|reload|cleanQueues)$/;

/** The server works on Docker before it answers, so that it may still be at it when the time is up. */
const SLOW: ReadonlySet<string> = new Set([
  "application.reload",
  "compose.delete",
  "postgres.deploy",
  "mysql.deploy",
  "mariadb.deploy",
  "mongo.deploy",
  "redis.deploy",
  "libsql.deploy",
]);

export const ENDPOINTS = Object.keys(ENDPOINT_POLICIES) as Endpoint[];

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
