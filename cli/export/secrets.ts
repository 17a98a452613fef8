import { yamlLibrary } from "../../packages/compose-checks/yaml/library";
import { parseDocument } from "../../packages/compose-checks/yaml/parse";
import { hasReference, replaceReferences } from "../../provider/env/references";
import { looksSecret, looksSecretByValue } from "../../provider/env/secret-looking";
import { isRecord } from "../../provider/pulumi/unknown";
import type { Path } from "../../provider/schema/existing";
import { Mapping } from "../../provider/schema/mapping";
import { type Item, keyOf } from "./item";
import { inLatin, type Names } from "./names";

/** Choice of the values that files show although they may be secrets. */
export interface PlainValues {
  /** Names of variables and inputs. */
  readonly keys: ReadonlySet<string>;
  /** True for all variables but those that look like a secret. */
  readonly unlessSecretLooking: boolean;
}

/** Secrets of a program, each under the name of a setting of the stack. */
export interface Secrets {
  /** Returns the name of the secret at a path of an item; undefined for a value that files show. */
  nameOf(item: Item, path: readonly PropertyKey[]): string | undefined;
  /** Values by name. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of values that Dokploy never shows, so that a person has to give them. */
  readonly missing: readonly string[];
}

const nothingPlain: PlainValues = { keys: new Set(), unlessSecretLooking: false };

/** Longest name that `!secret` takes. */
const MAX_LENGTH = 64;

/**
 * Decides which values are secrets, and names them.
 *
 * @param settings names that the stack already has
 */
export function secretsOf(
  items: readonly Item[],
  names: ReadonlyMap<Item, Names>,
  plain: PlainValues,
  settings: readonly string[],
): Secrets {
  const values = new Map<string, string>();
  const missing: string[] = [];
  const found = new Map<Item, Map<string, string>>();
  const taken = new Set(settings.map(variableOf));
  for (const item of items) {
    const own = new Map<string, string>();
    const resource = names.get(item)?.resource ?? "";
    const name = (path: Path): string => {
      const chosen = freeName(resource, path, taken);
      taken.add(variableOf(chosen));
      own.set(keyOf(path), chosen);
      return chosen;
    };
    for (const [path, text] of secretTextsOf(item, plain)) if (text !== "") values.set(name(path), text);
    for (const path of item.hidden) missing.push(name(path));
    found.set(item, own);
  }
  return { nameOf: (item, path) => found.get(item)?.get(keyOf(path)), values, missing };
}

/** Returns the secrets of an item by their paths. */
export function secretTextsOf(item: Item, plain: PlainValues = nothingPlain): Map<Path, string> {
  const texts = new Map([...item.secrets, ...item.maybeSecrets].map((path) => [path, textAt(item, path)]));
  const maps = new Set(new Mapping(item.definition.schema).envs(item.inputs).map((map) => map.path));
  for (const path of item.maybeSecrets) {
    const isVariable = maps.has(path.slice(0, -1).join("."));
    if (isPlain(path, texts.get(path) ?? "", isVariable, plain)) texts.delete(path);
  }
  return texts;
}

function textAt({ inputs }: Item, path: Path): string {
  return String(path.reduce<unknown>((value, step) => Object(value)[step], inputs));
}

/** True for a text that files show although it may be a secret. */
function isPlain(path: Path, text: string, isVariable: boolean, plain: PlainValues): boolean {
  const key = path.at(-1) ?? "";
  if (plain.keys.has(key)) return true;
  // A reference contains no value.
  if (hasReference(text) && replaceReferences(text, () => "") === "") return true;
  if (path.join(".") === "source.composeFile") return !holdsSecret(text);
  return (
    isVariable &&
    plain.unlessSecretLooking &&
    !looksSecret(key, text) &&
    !(text.includes("\n") && holdsSecret(text))
  );
}

/** Names with values in any line, a comment or a command too: `DB_PASSWORD: x`, `TOKEN=x`, `--requirepass x`. */
const named = /([\w.-]{1,100})["']?(?:\s{0,9}[:=]\s{0,9}|\s)["']?([^\s"'#]+)/g;
const secretFlag = /^--?[\w-]*(?:pass|password|secret|token|key)$/i;

/** True when a compose file has a value that looks like a secret, or cannot be read. */
function holdsSecret(file: string): boolean {
  if (looksSecretByValue(file)) return true;
  for (const line of withoutVariables(file).split("\n"))
    for (const [whole, name = "", value = ""] of line.matchAll(named))
      if (secretFlag.test(name) || (/[:=]/.test(whole.slice(name.length)) && looksSecret(name, value)))
        return true;
  const options = { schema: "core", second: "", tooDeep: "" } as const;
  try {
    return "problem" in parseDocument(file, options) || holdsSecretWithin("", yamlLibrary().parse(file));
  } catch {
    return true;
  }
}

function holdsSecretWithin(key: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsSecretWithin(key, item));
  if (isRecord(value)) return Object.entries(value).some(([name, inner]) => holdsSecretWithin(name, inner));
  if (typeof value !== "string" && typeof value !== "number") return false;
  const text = withoutVariables(String(value));
  const [, name, assigned = ""] = /^([\w.-]+)=([\s\S]*)$/.exec(text) ?? [];
  return looksSecret(key, text) || (name !== undefined && looksSecret(name, assigned));
}

/** Returns a text of a compose file without `${NAME}`, but with the default in `${NAME:-default}`. */
function withoutVariables(text: string): string {
  return text.replace(
    /\$\{\w+(?::?[-?+]([^}]{0,1000}))?\}|\$\w+/g,
    (_, fallback: string | undefined) => fallback ?? "",
  );
}

/** Returns `api-LOG_LEVEL`, or a longer name when that is taken. */
function freeName(resource: string, path: Path, taken: ReadonlySet<string>): string {
  const clean = (steps: readonly string[]) =>
    inLatin([resource, ...steps].join("-")).replace(/[^\w.-]+/g, "-");
  const short = clean(path.slice(-1));
  const long = clean(path);
  const fitting = [short, long].filter((name) => name.length <= MAX_LENGTH && !looksSecretByValue(name));
  const free = fitting.find((name) => !taken.has(variableOf(name)));
  if (free !== undefined) return free;
  // A name such as `glances-…` looks like a token, which `!secret` refuses.
  const base = looksSecretByValue(short) ? "secret" : short.slice(0, MAX_LENGTH - 6);
  let number = 2;
  while (taken.has(variableOf(`${base}-${number}`))) number += 1;
  return `${base}-${number}`;
}

/** Returns the name of the environment variable that can give a secret: `API_LOG_LEVEL`. */
export function variableOf(secret: string): string {
  const name = secret.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();
  // Pulumi and this package have settings of these names.
  return /^(?:\d|(?:DOKPLOY|NODE|NPM|PULUMI)_)/.test(name) ? `SECRET_${name}` : name;
}
