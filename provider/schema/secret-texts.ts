import { isRecord, isUnknown } from "../../packages/values";
import { holdsLogin, looksSecret, secretsWithin } from "../env";
import { at, type MappedField, presentIn } from "./compile";

/**
 * Returns every text that may be a secret among inputs: values that are always secret, and those variables and
 * possible secrets that the program marked or that look like one.
 *
 * @param isMarked says whether the program marked a text. Default: all of them may be marked
 */
export function secretTexts(
  leaves: readonly MappedField[],
  inputs: object,
  isMarked: (text: string) => boolean = () => true,
): string[] {
  const textsOf = (name: string, value: unknown): string[] => {
    if (typeof value !== "string" || isUnknown(value)) return [];
    return isMarked(value) || looksSecret(name, value) ? [value] : secretsWithin(value);
  };
  return presentIn(leaves, inputs).flatMap((leaf) => {
    const { each, env, path, secret } = leaf;
    const value = at(inputs, path);
    if (secret === true) return textsIn(value);
    if (each && isRecord(value))
      return Object.values(value).flatMap((part) =>
        isRecord(part) ? secretTexts(each, part, isMarked) : [],
      );
    if (env && isRecord(value)) return Object.entries(value).flatMap(([key, text]) => textsOf(key, text));
    return secret ? textsOf(path.at(-1) ?? "", value) : [];
  });
}

/** Returns the texts and numbers of inputs that hold neither variables nor values that are always secret. */
export function openTexts(leaves: readonly MappedField[], inputs: object): string[] {
  return presentIn(leaves, inputs).flatMap(({ each, env, path, secret }) => {
    const value = at(inputs, path);
    if (env || secret === true) return [];
    if (each && isRecord(value))
      return Object.values(value).flatMap((part) => (isRecord(part) ? openTexts(each, part) : []));
    return textsIn(value).filter(
      (text) => !looksSecret("", text) && !(secret === "login" && holdsLogin(text)),
    );
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === "number") return [String(value)];
  if (typeof value === "string") return isUnknown(value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}
