import { looksSecret, parse } from "../../provider/env";
import { isMarked, isRecord } from "../../provider/pulumi";
import type { StateResource } from "../stack";
import type { AnyRow } from "./model";

/** Columns with a password of a service. */
const PASSWORD = /password$/i;

/**
 * Returns the values that a log must not show: passwords of the service, and those of its variables, and of the shared
 * ones, that are secrets in the state or look like one. The state itself keeps them encrypted.
 */
export function logSecrets(row: AnyRow, resources: readonly StateResource[]): string[] {
  const { env, environment } = row;
  const names = new Set(resources.flatMap(({ inputs }) => secretNames(inputs["env"])));
  // A map that is a secret as a whole hides even its names.
  const isAll = resources.some(({ inputs }) => isMarked(inputs["env"]));
  const variables = [env, environment?.env, environment?.project?.env].flatMap((text) => [
    ...parse(text ?? ""),
  ]);
  const values = variables.flatMap(([key, value]) =>
    isAll || names.has(key) || looksSecret(key, value) ? [value] : [],
  );
  const passwords = Object.entries(row).flatMap(([column, value]) =>
    PASSWORD.test(column) && typeof value === "string" ? [value] : [],
  );
  return [...values, ...passwords].filter((value) => value !== "");
}

function secretNames(env: unknown): string[] {
  if (!isRecord(env) || isMarked(env)) return [];
  return Object.entries(env).flatMap(([key, value]) => (isRecord(value) ? [key] : []));
}
