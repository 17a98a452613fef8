import { isRecord } from "../../../packages/values";
import { DATABASES, type DatabaseDetail, type DatabaseKind, type DeploymentRow } from "../../dokploy";
import { looksSecret, readEnv, resolveEnv, type Shared, textsAround } from "../../env";
import type { NamedValue } from "../../lifecycle";
import { type Apply, isDatabase, type ServiceKind, textFields, traits } from "../../schema";
import { neverApplied } from "../rollout/ways/queue";

/** Texts of variables that only previews of pull requests have. */
const ofPreviews = ["previewEnv", "previewBuildArgs", "previewBuildSecrets"] as const;
/** Fields whose texts are read as variables or files, or belong to other objects and to earlier deployments. */
const readElsewhere: ReadonlySet<string> = new Set([
  ...textFields,
  ...ofPreviews,
  ...["composeFile", "content", "icon", "environment", "deployments", "previewDeployments"],
]);

/**
 * Returns every value that a log of a service may print: of its variables, also with their references resolved, and of the shared
 * ones; of the files that it mounts; and of its passwords, tokens and logins. Which of them are secrets, the run knows.
 *
 * @param row whole row of the service, or as much of it as is known
 */
export function valuesInRow(kind: ServiceKind, row: object): NamedValue[] {
  const columns = row as Readonly<Record<string, unknown>>;
  const textOf = (name: string) => (typeof columns[name] === "string" ? columns[name] : "");
  const shared = isRecord(columns["environment"]) ? (columns["environment"] as unknown as Shared) : undefined;
  const variables = textFields.flatMap((field) => {
    const rules = field === "env" ? traits[kind].rules : "build";
    const written = readEnv(textOf(field), rules);
    const resolved = Object.entries(resolveEnv(textOf(field), rules, textsAround(shared)).env);
    // Others consist of values that are in this list themselves.
    const joined = resolved.filter(([name, value]) => value !== written[name] && looksSecret(name, value));
    return [...Object.entries(written), ...joined];
  });
  const around = [shared?.env, shared?.project?.env].map((text) => readEnv(text ?? "", "shared"));
  const previews = ofPreviews.map((name) => readEnv(textOf(name), "build"));
  const mounts = Array.isArray(columns["mounts"]) ? columns["mounts"].filter(isRecord) : [];
  const files = [
    ...mounts.map(({ content }): NamedValue => ["content", typeof content === "string" ? content : ""]),
    // With another source, Dokploy takes the file from there, and keeps a former one in the row.
    ["composeFile", columns["sourceType"] === "raw" ? textOf("composeFile") : ""] as const,
  ];
  return [
    ...variables,
    ...[...around, ...previews].flatMap((env) => Object.entries(env)),
    ...files.filter(([, text]) => text !== ""),
    ...(isDatabase(kind) ? databaseValues(kind, row) : []),
    ...secretFields("", row),
  ];
}

/** Returns those variables of Dokploy's in a database that look secret. */
function databaseValues(kind: DatabaseKind, row: object): NamedValue[] {
  const own = DATABASES[kind].variables(row as DatabaseDetail);
  return own.flatMap(([name, value]) =>
    value != null && looksSecret(name, String(value)) ? [[name, String(value)] as const] : [],
  );
}

function secretFields(name: string, value: unknown): NamedValue[] {
  if (typeof value === "string") return looksSecret(name, value) ? [[name, value]] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretFields(name, item));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([inner, item]) =>
    readElsewhere.has(inner) ? [] : secretFields(inner, item),
  );
}

/** A killed run may have saved these very variables: then its deployment is among the records, if it began. */
export function pendingApply(records: readonly DeploymentRow[]): Apply {
  return records.length === 0 ? "none" : neverApplied(records);
}
