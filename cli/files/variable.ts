import { isDeepStrictEqual } from "node:util";
import { yamlLibrary } from "../../packages/compose-checks/yaml";
import { mergeEnv } from "../../provider/env";
import { UserError } from "../../provider/errors";
import { type EntryValue, formatOf, readEnvText, writtenTagged } from "../../sdk/env-files";
import { FileError, fileError, parseYaml, type Source } from "../../sdk/files";
import { type Keys, removeValue, setValue } from "./yaml-edit";
import type { NewValue } from "./yaml-text";

/**
 * Returns a file of variables in which one has a new value, or is gone where the value is undefined. All other bytes stay.
 *
 * @param path name of the variable; in YAML also keys that lead to a value of it
 * @throws FileError when no way of writing changes this variable only
 */
export function withVariable(source: Source, path: Keys, value: EntryValue | undefined): Source {
  const isDotenv = formatOf(source.path) === "dotenv";
  if (isDotenv) return { ...source, text: inDotenv(source, path[0] ?? "", value) };
  if (value?.kind === "generated" || value?.kind === "filled")
    return withWritten(source, path[0] ?? "", writtenTagged(value));
  const text = value === undefined ? removeValue(source, path) : setValue(source, path, inYaml(value));
  return { ...source, text };
}

/**
 * Returns a YAML file in which a variable has a value in this writing, such as `!generate { length: 64 }`. All other bytes stay.
 *
 * @throws FileError when that would change more than this variable
 */
export function withWritten(source: Source, key: string, written: string): Source {
  const { isMap, isNode, isScalar } = yamlLibrary();
  const contents = parseYaml(source, "failsafe");
  const others = (text: string) =>
    readEnvText({ ...source, text })
      .filter((entry) => (entry.rotation?.of ?? entry.key) !== key)
      .map((entry) => [entry.key, entry.value]);
  const pair = isMap(contents)
    ? contents.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  const [start = 0, end = start] = isNode(pair?.key)
    ? [pair.key.range?.[1], isNode(pair.value) ? pair.value.range?.[1] : undefined]
    : [];
  const isOpen = source.text !== "" && !source.text.endsWith("\n");
  const text =
    pair === undefined
      ? `${source.text}${isOpen ? "\n" : ""}${key}: ${written}\n`
      : `${source.text.slice(0, start)}: ${written}${source.text.slice(end).replace(end === start ? /^\s*:/ : "", "")}`;
  const hasAnchor = isNode(pair?.value) && "anchor" in pair.value && pair.value.anchor !== undefined;
  try {
    if (!hasAnchor && isDeepStrictEqual(others(text), others(source.text))) return { ...source, text };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
  const reason = `${key}: has an anchor or a layout that this command cannot edit; write ${key}: ${written} by hand`;
  throw fileError(source, [{ offset: start, reason }]);
}

function inYaml(value: Exclude<EntryValue, { kind: "generated" | "filled" }>): NewValue {
  // A text may be that of `!ref NAME`, which means a service where the repository has one.
  if (value.kind === "address" || (value.kind === "text" && value.reference !== undefined))
    return { text: value.reference?.text ?? "", tag: "!ref" };
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
