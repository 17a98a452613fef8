import type { Side } from "../../provider/env";
import type { Source } from "../files";
import type { ManagedReference } from "./managers/read";

/** Value of a variable in a file. */
export type EntryValue =
  | {
      readonly kind: "text";
      readonly text: string;
      /** True when the file says that it is not a secret, even if it looks like one. */
      readonly plain: boolean;
    }
  /** A value of the stack's secret configuration; the name may have a namespace before it, `shop:token`. */
  | { readonly kind: "secret"; readonly name: string }
  /** A value of the process environment. */
  | { readonly kind: "environment"; readonly name: string }
  /** A value of a secrets manager. */
  | ({ readonly kind: "managed" } & ManagedReference);

/** Mark of a variable that has the next or the previous value of another one. */
export interface Rotation {
  /** Name of the variable that rotates; the file has both values under this name. */
  readonly of: string;
  readonly side: Side;
  /** Line of the file in the following step, such as `KEY: !secret name`; undefined where it would show a value. */
  readonly line: string | undefined;
}

/** A variable in a file. */
export interface FileVariable {
  readonly key: string;
  readonly value: EntryValue;
  readonly rotation?: Rotation;
  readonly source: Source;
  /** Offset of the key in the source's text. */
  readonly offset: number;
}

/** Variables of a file, and the problems in the rest of it. */
export interface Reading {
  readonly entries: Omit<FileVariable, "source">[];
  readonly findings: { offset: number; reason: string }[];
}
