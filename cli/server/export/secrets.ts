import {
  fileHoldsSecret,
  hasReference,
  looksSecret,
  looksSecretByValue,
  replaceReferences,
} from "../../../provider/env";
import { Mapping, type Path } from "../../../provider/schema";
import type { Addresses } from "./addresses";
import { type Item, keyOf, textAt } from "./item";
import { inLatin, type Names } from "./names";
import { isOrdinary, type SecretFinder } from "./secret-finder";
import { type Filled, separated } from "./texts";

/** Choice of the values that files show although they may be secrets. */
export interface PlainValues {
  /** Names of variables and inputs. */
  readonly keys: ReadonlySet<string>;
  /** True for all variables but those that look like a secret. */
  readonly unlessSecretLooking: boolean;
}

/** A text that a file shows, with the names of the secrets that replace its places. */
export interface SecretPlaces {
  readonly text: string;
  /** Names of secrets by those of the places. */
  readonly places: ReadonlyMap<string, string>;
}

/** Secrets of a program, each by its full name: that of the resource, a dot, and one within it. */
export interface Secrets {
  /** Returns the name of the secret at a path of an item; undefined for a value that files show. */
  nameOf(item: Item, path: readonly PropertyKey[]): string | undefined;
  /** Returns the text at a path of an item that a file shows without the secrets in it. */
  placesIn(item: Item, path: readonly PropertyKey[]): SecretPlaces | undefined;
  /** Values by name. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of values that Dokploy never shows, so that a person has to give them. */
  readonly missing: readonly string[];
}

const nothingPlain: PlainValues = { keys: new Set(), unlessSecretLooking: false };

/** Begins each variable of the environment: no other program reads variables of such names. */
const prefix = "SECRET_";
/** Longest name whose variable `!env` takes. */
const MAX_LENGTH = 64 - prefix.length;

/** Facts about a program that its values do not show. */
export interface Known {
  /** True for an item in the files of a deployment repository, where no text has places for secrets. */
  readonly isInFiles?: (item: Item) => boolean;
  readonly addresses?: Addresses;
}

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
  { isInFiles = () => false, addresses }: Known = {},
): Secrets {
  const values = new Map<string, string>();
  const missing: string[] = [];
  const found = new Map<Item, { names: Map<string, string>; texts: Map<string, SecretPlaces> }>();
  const taken = new Set(settings.map(variableOf));
  for (const item of items) {
    const own = { names: new Map<string, string>(), texts: new Map<string, SecretPlaces>() };
    const resource = names.get(item)?.resource ?? "";
    const name = (...path: Path): string => {
      const chosen = freeName(resource, path, taken);
      taken.add(variableOf(chosen));
      return chosen;
    };
    const { secrets, texts } = judged(item, finder, plain, isInFiles(item));
    for (const [path, text] of secrets) {
      const pieces = addresses?.piecesAt(item, path);
      if (pieces !== undefined) {
        const inside = pieces.flatMap((piece) => (piece.type === "place" ? [piece] : []));
        const places = new Map(inside.map((place) => [place.name, place.secret]));
        texts.set(path, { text: "", values: places });
        continue;
      }
      if (text === "") continue;
      const chosen = name(...path);
      own.names.set(keyOf(path), chosen);
      values.set(chosen, text);
    }
    for (const [path, { text, values: inside }] of texts) {
      const places = [...inside].map(([place, secret]) => {
        const chosen = text === "" && inside.size === 1 ? name(...path) : name(...path, place);
        values.set(chosen, secret);
        return [place, chosen] as const;
      });
      own.texts.set(keyOf(path), { text, places: new Map(places) });
    }
    for (const path of item.hidden) {
      const chosen = name(...path);
      own.names.set(keyOf(path), chosen);
      missing.push(chosen);
    }
    found.set(item, own);
  }
  return {
    nameOf: (item, path) => found.get(item)?.names.get(keyOf(path)),
    placesIn: (item, path) => found.get(item)?.texts.get(keyOf(path)),
    values,
    missing,
  };
}

/** Returns the secrets of an item, each a whole text or a part of one. */
export function secretTextsOf(item: Item, finder: SecretFinder): string[] {
  const { secrets, texts } = judged(item, finder);
  return [...secrets.values(), ...[...texts.values()].flatMap(({ values }) => [...values.values()])];
}

/** True when the text at a path of an item is a secret, or has one in it. */
export function holdsSecrets(item: Item, path: Path, finder: SecretFinder): boolean {
  const { secrets, texts } = judged(item, finder);
  const key = keyOf(path);
  const inside = [...texts].find(([each]) => keyOf(each) === key)?.[1].values.size ?? 0;
  return inside > 0 || [...secrets.keys()].some((each) => keyOf(each) === key);
}

/** Texts of an item by their paths. */
interface Judged {
  /** Texts that are secrets as a whole. */
  readonly secrets: ReadonlyMap<Path, string>;
  /** Texts that files show, except for the secrets in them. */
  readonly texts: Map<Path, Filled>;
}

function judged(
  item: Item,
  finder: SecretFinder,
  plain: PlainValues = nothingPlain,
  isWhole = false,
): Judged {
  const secrets = new Map([...item.secrets, ...item.maybeSecrets].map((path) => [path, textAt(item, path)]));
  const texts = new Map<Path, Filled>();
  const maps = new Mapping(item.definition.schema).envs(item.inputs);
  const names = maps.flatMap(({ value }) => Object.keys(Object(value) as object));
  for (const path of item.maybeSecrets) {
    const text = secrets.get(path) ?? "";
    const isVariable = maps.some((map) => map.path === path.slice(0, -1).join("."));
    if (isPlain(path, text, { isVariable, finder, plain })) {
      secrets.delete(path);
      continue;
    }
    const filled = isVariable || !isFile(item, path, text) ? undefined : shownPart(path, text, finder, names);
    if (filled === undefined || (isWhole && filled.values.size > 0)) continue;
    texts.set(path, filled);
    secrets.delete(path);
  }
  return { secrets, texts };
}

function shownPart(
  path: Path,
  text: string,
  finder: SecretFinder,
  names: readonly string[],
): Filled | undefined {
  if (!isComposeFile(path)) return separated(text, finder, names);
  return separated(text, finder, names, (shown) => fileHoldsSecret(shown) || finder.holds("", shown));
}

function isComposeFile(path: Path): boolean {
  return path.join(".") === "source.composeFile";
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
  if (finder.holds(key, text)) return false;
  if (isUserName(key, text)) return true;
  return isVariable && (plain.unlessSecretLooking || isOrdinary(text));
}

/**
 * True for the text of a file: a compose file, or one with several lines whose name does not say that all of it is
 * secret. A single word in a file may be a password that no form shows.
 */
function isFile(item: Item, path: Path, text: string): boolean {
  if (isComposeFile(path)) return true;
  const beside = path.slice(0, -1).reduce<unknown>((value, step) => Object(value)[step], item.inputs);
  const { filePath = "", mountPath = "" } = Object(beside) as Record<string, string>;
  const isNamed = [filePath, mountPath].some((name) =>
    name.split("/").some((step) => looksSecret(step.replace(/\.\w+$/, ""), "x") || secretFile.test(step)),
  );
  return !isNamed && text.trimEnd().includes("\n");
}

/** Names of files that hold nothing but secrets. */
const secretFile =
  /^(?:\.?htpasswd|\.?pgpass|\.netrc|\.?credentials?|secrets?|id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:key|pem|p12|pfx|jks))$/i;

/** True for the name of a user, which is public: `DB_USER: shop_app`. Some services sign in by a token as the name. */
function isUserName(key: string, text: string): boolean {
  return /(?:^|_)(?:USER|USERNAME|LOGIN)$/i.test(key) && /^[a-z][a-z_.-]{0,30}\d{0,2}$/i.test(text);
}

/** Returns `api.LOG_LEVEL`, or a longer name when that is taken. */
function freeName(resource: string, path: Path, taken: ReadonlySet<string>): string {
  const clean = (steps: readonly string[]) =>
    inLatin(steps.join("-"))
      .replace(/[^\w]+/g, "-")
      .replace(/^-|-$/g, "");
  // A name such as `glances-…` looks like a token, which `!secret` refuses.
  const own = inLatin(resource)
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 40);
  const group = looksSecretByValue(`${own}.x`) ? "secrets" : own;
  const [short = "", ...longer] = [path.slice(-1), path].map((steps) => `${group}.${clean(steps)}`);
  const fitting = [short, ...longer].filter((name) => name.length <= MAX_LENGTH && !looksSecretByValue(name));
  const free = fitting.find((name) => !taken.has(variableOf(name)));
  if (free !== undefined) return free;
  const base = looksSecretByValue(short) ? `${group}.secret` : short.slice(0, MAX_LENGTH - 6);
  let number = 2;
  while (taken.has(variableOf(`${base}-${number}`))) number += 1;
  return `${base}-${number}`;
}

/**
 * Returns the name of the environment variable that can give a secret: `SECRET_API_LOG_LEVEL`. People who name a service and its
 * variables choose the rest of it. Without the beginning, it could be one that gives a program code to run, such as
 * `LD_PRELOAD`, or that has a key of the job.
 */
export function variableOf(secret: string): string {
  return `${prefix}${secret.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()}`;
}
