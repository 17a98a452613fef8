/**
 * Sentences about a plan, in which texts from outside are marked. Markdown and HTML write each piece in their own way.
 */

import { andMore } from "../../packages/text";
import { cut } from "./cut";

/** Part of a sentence. `code` and `outside` are texts of others, all else is ours. */
export interface Piece {
  readonly as: "own" | "strong" | "emphasis" | "code" | "outside";
  readonly text: string;
}

/** A sentence, or a part of one. */
export type Phrase = readonly Piece[];

/** Returns a name, a value or a path in a sentence. */
export function coded(text: string): Phrase {
  return [{ as: "code", text }];
}

/** Returns a name in a sentence, which is cut if it is long. */
export function named(text: string, length = 80): Phrase {
  return coded(cut(text, length));
}

/** Returns a word from outside that reads like one of ours, such as the name of a kind. */
export function outside(text: string): Phrase {
  return [{ as: "outside", text }];
}

/** Returns words of ours in bold. */
export function strong(text: string): Phrase {
  return [{ as: "strong", text }];
}

/** Returns words of ours instead of a value. */
export function emphasis(text: string): Phrase {
  return [{ as: "emphasis", text }];
}

/** Returns words of ours. */
export function own(text: string): Phrase {
  return text === "" ? [] : [{ as: "own", text }];
}

/**
 * Makes a sentence out of words of ours and other phrases.
 *
 * @example phrase`Deploys ${named(service)}.`
 */
export function phrase(words: TemplateStringsArray, ...phrases: readonly Phrase[]): Phrase {
  return words.flatMap((word, at) => [...own(word), ...(phrases[at] ?? [])]);
}

/** Joins phrases with words of ours between them. */
export function between(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((each, at) => (at === 0 ? each : [...own(separator), ...each]));
}

/** Lists the first items, and the number of omitted ones. */
export function listed<T>(items: readonly T[], most: number, label: (item: T) => Phrase): Phrase {
  return [...between(items.slice(0, most).map(label), ", "), ...own(andMore(items.length, most))];
}

/** Writes a phrase, each piece by the function for its kind. */
export function written(
  phrase: Phrase,
  write: Readonly<Record<Piece["as"], (text: string) => string>>,
): string {
  return phrase.map(({ as, text }) => write[as](text)).join("");
}
