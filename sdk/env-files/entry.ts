import type { Source } from "../files/source";
import { looksSecretByValue } from "./secret-looking";

/** What a file says of the value of a variable. */
export type EntryValue =
  | {
      readonly kind: "text";
      readonly text: string;
      /** The file says that it is no secret, whatever it looks like. */
      readonly plain: boolean;
    }
  /** From the stack's secret configuration; the name may have a namespace before it, `shop:token`. */
  | { readonly kind: "secret"; readonly name: string }
  /** From the process environment. */
  | { readonly kind: "environment"; readonly name: string };

/** A variable as a file has it. */
export interface Entry {
  readonly key: string;
  readonly value: EntryValue;
  readonly source: Source;
  /** Where the key begins in the source's text. */
  readonly offset: number;
}

/** What a file holds, and what is wrong with the rest of it. */
export interface Reading {
  readonly entries: Omit<Entry, "source">[];
  readonly findings: { offset: number; reason: string }[];
}

/** A key on one line; one that is long or looks like a secret is probably a value that lost its key. */
export function shownKey(key: string): string {
  return key.length > 60 || looksSecretByValue(key) ? "a key" : JSON.stringify(key);
}
