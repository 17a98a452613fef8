import { randomBytes } from "node:crypto";
import { ApiError } from "./errors";
import type { Row } from "./rows";

/** Columns that Dokploy encrypts before they reach the database. */
const encrypted = new Set([
  "env",
  "previewEnv",
  "buildArgs",
  "previewBuildArgs",
  "buildSecrets",
  "previewBuildSecrets",
]);
/** Columns with a different name in the database. */
const columnNames: Record<string, string> = { previewCertificateType: "certificateType" };

const quote = (name: string) => `"${columnNames[name] ?? name}"`;

/**
 * Creates the error of an update that Postgres refuses. As in Dokploy the message has the bound values in plain text,
 * except for the encrypted columns: clients must not pass it on.
 */
export function failedUpdate(
  table: string,
  id: string,
  key: string,
  columns: readonly string[],
  values: Row,
): ApiError {
  const names = columns.filter((name) => values[name] !== undefined);
  const set = names.map((name, index) => `${quote(name)} = $${index + 1}`).join(", ");
  const where = `"${table}"."${id}" = $${names.length + 1}`;
  const params = [...names.map((name) => shown(name, values[name])), key];
  return new ApiError(
    "INTERNAL_SERVER_ERROR",
    `Failed query: update "${table}" set ${set} where ${where} returning ${columns.map(quote).join(", ")}\nparams: ${params.join(",")}`,
  );
}

/** Returns the message of an insert that Postgres refuses: columns that nobody gave have their defaults. */
export function failedInsert(table: string, row: Row, given: readonly string[]): string {
  const [id = ""] = Object.keys(row);
  const made = Object.keys(row).filter((name) => name === id || name === "createdAt" || given.includes(name));
  const columns = Object.keys(row).map(quote).join(", ");
  const values = Object.keys(row).map((name) =>
    made.includes(name) ? `$${made.indexOf(name) + 1}` : "default",
  );
  const params = made.map((name) => shown(name, row[name]));
  return `Failed query: insert into "${table}" (${columns}) values (${values.join(", ")}) returning ${columns}\nparams: ${params.join(",")}`;
}

function shown(name: string, value: unknown): string {
  if (encrypted.has(name) && typeof value === "string")
    return `enc:v1:${randomBytes(28 + Buffer.byteLength(value)).toString("base64")}`;
  return value === null ? "" : String(value);
}
