import { isRecord } from "../../packages/values";

/**
 * Setting of a stack with the secrets that `export` stored in one call: a text of JSON, with an object for each
 * resource. A setting of its own for one of them, `api.TOKEN`, takes precedence.
 */
export const exportedSetting = "exportedSecrets";

/** The secrets of the text that was read last, by their full names. */
let latest: { readonly text: string; readonly secrets: ReadonlyMap<string, string> } | undefined;

/**
 * Returns a secret that `export` stored.
 *
 * @param text value of the setting
 * @param name name of the resource, a dot, and the name in it
 * @example exportedSecret('{"api":{"TOKEN":"x"}}', "api.TOKEN") // "x"
 */
export function exportedSecret(text: string | undefined, name: string): string | undefined {
  if (text === undefined || !name.includes(".")) return undefined;
  if (latest?.text !== text) latest = { text, secrets: readExported(text) };
  return latest.secrets.get(name);
}

/** Returns all secrets in the value of the setting, by their full names; none when somebody else wrote it. */
export function readExported(text: string): Map<string, string> {
  const groups = parsed(text);
  return new Map(
    Object.entries(groups).flatMap(([group, secrets]) =>
      Object.entries(isRecord(secrets) ? secrets : {}).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[`${group}.${name}`, value]] : [],
      ),
    ),
  );
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
