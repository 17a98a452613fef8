import { looksSecretByValue } from "../../provider/env/secret-looking";
import type { Source } from "../files/source";

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

/**
 * A key for messages. One that is no name, is long or looks like a secret may hold a value that slipped into its place
 * (`PASSWORD:x` without the blank): of it only a name before a colon or equals sign is shown.
 */
export function shownKey(key: string): string {
  if (/^[\w.-]{1,60}$/.test(key) && !looksSecretByValue(key)) return key;
  const [, name] = /^([A-Za-z_][\w.-]{0,59})\s*[:=]/.exec(key) ?? [];
  return name === undefined ? "a key" : `${name}…`;
}
