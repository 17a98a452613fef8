import { fileHoldsSecret, hasReference, looksSecretByValue, replaceReferences } from "../../../provider/env";
import { Mapping, type Path } from "../../../provider/schema";
import { type Item, keyOf, textAt } from "./item";
import { inLatin, type Names } from "./names";
import { isOrdinary, type SecretFinder } from "./secret-finder";

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
  finder: SecretFinder,
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
    for (const [path, text] of secretTextsOf(item, finder, plain))
      if (text !== "") values.set(name(path), text);
    for (const path of item.hidden) missing.push(name(path));
    found.set(item, own);
  }
  return { nameOf: (item, path) => found.get(item)?.get(keyOf(path)), values, missing };
}

/** Returns the secrets of an item by their paths. */
export function secretTextsOf(
  item: Item,
  finder: SecretFinder,
  plain: PlainValues = nothingPlain,
): Map<Path, string> {
  const texts = new Map([...item.secrets, ...item.maybeSecrets].map((path) => [path, textAt(item, path)]));
  const maps = new Set(new Mapping(item.definition.schema).envs(item.inputs).map((map) => map.path));
  for (const path of item.maybeSecrets) {
    const isVariable = maps.has(path.slice(0, -1).join("."));
    if (isPlain(path, texts.get(path) ?? "", { isVariable, finder, plain })) texts.delete(path);
  }
  return texts;
}

interface Judging {
  readonly isVariable: boolean;
  readonly finder: SecretFinder;
  readonly plain: PlainValues;
}

/** True for a text that files show although it may be a secret. */
function isPlain(path: Path, text: string, { isVariable, finder, plain }: Judging): boolean {
  const key = path.at(-1) ?? "";
  if (plain.keys.has(key)) return true;
  // A reference contains no value.
  if (hasReference(text) && replaceReferences(text, () => "") === "") return true;
  if (path.join(".") === "source.composeFile") return !fileHoldsSecret(text) && !finder.holds("", text);
  if (finder.holds(key, text)) return false;
  if (isUserName(key, text)) return true;
  return isVariable && (plain.unlessSecretLooking || isOrdinary(text));
}

/** True for the name of a user, which is public: `DB_USER: shop_app`. Some services sign in by a token as the name. */
function isUserName(key: string, text: string): boolean {
  return /(?:^|_)(?:USER|USERNAME|LOGIN)$/i.test(key) && /^[a-z][a-z_.-]{0,30}\d{0,2}$/i.test(text);
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
