import {
  commandHolds,
  hasReference,
  holdsSecret,
  isCommon,
  isOpenValue,
  looksSecret,
  occurrences,
  replaceReferences,
  type SecretPart,
  secretParts,
  secretsWithin,
  withoutVariables,
  writings,
} from "../../../provider/env";
import type { Path } from "../../../provider/schema";
import { imageIn } from "../../../sdk/files";
import { type FreeText, freeTexts } from "./free-texts";
import { type Item, keyOf, textAt } from "./item";

/** Decides whether a text of a server holds a secret: by its form, or because a secret of the server is in it. */
export class SecretFinder {
  /** Secrets of the server, in the forms in which other texts may have them. */
  readonly #known: ReadonlyMap<string, boolean>;

  /** @param items everything that the server has */
  constructor(items: readonly Item[] = []) {
    const telling = new Set(items.flatMap(secretsOf).filter(isTelling));
    const forms = [...telling].flatMap(writings).filter(isTelling);
    this.#known = new Map(forms.map((form) => [form, false]));
  }

  /** True when a text, or a part of it, is a secret. Does not look into images. */
  holds(name: string, text: string): boolean {
    if (imageIn(text) !== undefined) return false;
    return occurrences(text, this.#known, () => true).length > 0 || holdsSecret(name, text);
  }

  /** Returns the secrets in a text, in their order and without overlaps. */
  partsOf(text: string): SecretPart[] {
    const known = occurrences(text, this.#known, () => true);
    const named = secretParts(text);
    const isInside = (span: SecretPart) =>
      named.some(({ start, end }) => start <= span.start && span.end <= end);
    const parts: SecretPart[] = [];
    for (const part of [...named, ...known.filter((span) => !isInside(span))].sort(
      (a, b) => a.start - b.start,
    )) {
      const last = parts.at(-1);
      if (last === undefined || part.start >= last.end) parts.push(part);
      else parts[parts.length - 1] = { ...last, end: Math.max(last.end, part.end) };
    }
    return parts;
  }

  /** Returns an item in which each text that contains a secret is a secret, in any input. */
  marked(item: Item): Item {
    const known = new Set([...item.secrets, ...item.maybeSecrets].map(keyOf));
    const found = this.#found(item).filter(({ path, isKey }) => !isKey && !known.has(keyOf(path)));
    return { ...item, secrets: [...item.secrets, ...found.map(({ path }) => path)] };
  }

  /** Returns the paths of the maps with a secret among the names of their entries, which no output can give. */
  keysWithin(item: Item): Path[] {
    return this.#found(item).flatMap(({ path, isKey }) => (isKey ? [path] : []));
  }

  #found({ definition, inputs }: Item): FreeText[] {
    const before = new Map<string, readonly string[]>();
    return freeTexts(definition.schema, inputs).filter(({ name, text, list }) => {
      const key = list === undefined ? undefined : keyOf(list);
      const words = (key !== undefined && before.get(key)) || [];
      // An option may be an item of its own: `["--password", "x"]`.
      const isHeld = this.holds(name, text) || (words.length > 0 && commandHolds([...words, text].join(" ")));
      const next = isHeld ? words.slice(0, words.at(-1)?.startsWith("-") ? -1 : undefined) : [...words, text];
      // The command and the option are enough.
      if (key !== undefined)
        before.set(key, next.length > 6 ? [...next.slice(0, 4), ...next.slice(-2)] : next);
      return isHeld;
    });
  }
}

/** True for a word that every text may have: hiding it elsewhere would make it public that it is a secret. */
export function isOrdinary(text: string): boolean {
  return (isCommon(text) && !/^\d/.test(text)) || /^(?:[a-z]{1,8}|[A-Z]{1,8}|[A-Z][a-z]{1,7})$/.test(text);
}

/** True for a text that is not found by chance in another one, and that names no variable. */
function isTelling(whole: string): boolean {
  const text = withoutVariables(replaceReferences(whole, () => ""));
  return text.length >= 6 && !isOrdinary(text) && !/^\d{1,7}$/.test(text);
}

/** Returns the texts of an item that are secrets wherever they are. */
function secretsOf(item: Item): string[] {
  const { secrets, maybeSecrets } = item;
  const certain = secrets.map((path) => textAt(item, path)).flatMap((text) => [text, ...secretsIn(text)]);
  const likely = maybeSecrets.flatMap((path) => {
    const name = path.at(-1) ?? "";
    const text = textAt(item, path);
    // A file is ordinary text except for parts of it.
    const isSecret = !isFile(text) && (looksSecret(name, text) || isUnexplained(name, text));
    return [...(isSecret ? [text] : []), ...secretsIn(text)];
  });
  return [...certain, ...likely].map((text) => text.trim()).filter((text) => !isOpenValue(text));
}

function secretsIn(text: string): string[] {
  return isFile(text)
    ? secretParts(text).map(({ start, end }) => text.slice(start, end))
    : secretsWithin(text);
}

function isFile(text: string): boolean {
  return text.trimEnd().includes("\n");
}

/** Last words of the names of variables that say where something is, or what it is called. */
const place =
  /(?:HOST|HOSTNAME|SERVER|ORIGIN|URL|URI|ENDPOINT|NAME|USER|REGION|ZONE|BUCKET|PATH|DIR|FILE|IMAGE|VERSION|TAG|DOMAIN|EMAIL|MAIL|FROM|TO|ID|DATE|TIME|LEVEL|MODE|MODEL)S?$/i;
/** Forms of values that are public: addresses without a query, paths, versions, words with a number. */
const publicForm =
  /^(?:(?:[a-z][a-z\d+.-]*:\/\/)?(?:[a-z][a-z\d-]*\.)*[a-z][a-z\d-]*\.[a-z]{2,10}(?::\d{1,5})?\/?|\.{0,2}\/[\w./-]*|v?\d[\d.,:/-]*[a-z]{0,5}|[a-z]+(?:[-_./:][a-z]+)*(?:[-_:]v?\d[\d.]{0,5})?)$/i;

/** True for one word of a variable that neither its name nor its form explains, so that it may be a password. */
function isUnexplained(name: string, text: string): boolean {
  return (
    text.length >= 8 && !/\s/.test(text) && !hasReference(text) && !place.test(name) && !publicForm.test(text)
  );
}
