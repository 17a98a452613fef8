import { mergeEnv } from "../../../provider/env";
import { UserError } from "../../../provider/errors";
import { type EntryValue, formatOf, readEnvText } from "../../../sdk/env-files";
import { FileError, fileError, type Source } from "../../../sdk/files";
import { type Keys, type NewValue, removeValue, setValue } from "../../files";

/**
 * Returns a file of variables in which one has a new value, or is gone where the value is undefined. All other bytes stay.
 *
 * @param path name of the variable; in YAML also keys that lead to a value of it
 * @throws FileError when no way of writing changes this variable only
 */
export function withVariable(source: Source, path: Keys, value: EntryValue | undefined): Source {
  const isDotenv = formatOf(source.path) === "dotenv";
  if (isDotenv) return { ...source, text: inDotenv(source, path[0] ?? "", value) };
  const text = value === undefined ? removeValue(source, path) : setValue(source, path, inYaml(value));
  return { ...source, text };
}

function inYaml(value: EntryValue): NewValue {
  if (value.kind === "text") return { text: value.text, tag: value.plain ? "!plain" : undefined };
  if (value.kind === "managed") return { text: value.reference, tag: `!${value.manager}` };
  return { text: value.name, tag: value.kind === "secret" ? "!secret" : "!env" };
}

function inDotenv(source: Source, key: string, value: EntryValue | undefined): string {
  const valuesOf = (text: string) =>
    new Map(readEnvText({ ...source, text }).map((entry) => [entry.key, JSON.stringify(entry.value)]));
  const expected = valuesOf(source.text);
  if (value === undefined) expected.delete(key);
  else expected.set(key, JSON.stringify(value));
  const isRead = (text: string) => {
    try {
      const found = valuesOf(text);
      return found.size === expected.size && [...found].every(([name, read]) => expected.get(name) === read);
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  };
  try {
    if (value === undefined) return mergeEnv(source.text, {}, [key], "compose", isRead);
    if (value.kind === "text") return mergeEnv(source.text, { [key]: value.text }, [], "compose", isRead);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  const reason = `${key} cannot change without a change to something else in the file, such as an open quote`;
  throw fileError(source, [{ offset: undefined, reason: `${reason}: edit the file by hand` }]);
}
