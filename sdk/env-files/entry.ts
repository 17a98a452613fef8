import type { Node } from "../../packages/compose-checks/yaml";
import type { Side } from "../../provider/env";
import type { Source } from "../files";
import type { ManagedReference } from "./managers/read";
import type { ServiceReference } from "./service-reference";

/** Value of a variable in a file. */
export type EntryValue =
  | {
      readonly kind: "text";
      readonly text: string;
      /** True when the file says that it is not a secret, even if it looks like one. */
      readonly plain: boolean;
      /** Service that `!ref NAME` means if the repository has one of that name. */
      readonly reference?: ServiceReference | undefined;
    }
  /** The address of a service of the repository. */
  | { readonly kind: "address"; readonly reference: ServiceReference }
  /** A value of the stack's secret configuration; the name may have a namespace before it, `shop:token`. */
  | { readonly kind: "secret"; readonly name: string }
  /** A value of the process environment. */
  | { readonly kind: "environment"; readonly name: string }
  | GeneratedValue
  | FilledValue
  /** A value of a secrets manager. */
  | ({ readonly kind: "managed" } & ManagedReference);

/** A secret that the stack makes once, and keeps. */
export interface GeneratedValue {
  readonly kind: "generated";
  /** Name among the secrets of the service; undefined for that of the variable. */
  readonly name: string | undefined;
  readonly rotation: number;
  /** Inputs of the `GeneratedSecret` that the file gives. */
  readonly recipe: Readonly<Record<string, string | number>>;
  /** Secret that signs a token. */
  readonly signingKey?: Exclude<EntryValue, { kind: "text" | "address" }> | undefined;
}

/** A text with secrets inside, each in the place `${NAME}` of its name. */
export interface FilledValue {
  readonly kind: "filled";
  readonly text: string;
  readonly values: Readonly<Record<string, EntryValue>>;
}

/** Lists a value and those inside it: of the places of a text, and the key of a token. */
export function valuesWithin(value: EntryValue): EntryValue[] {
  const inside =
    value.kind === "filled"
      ? Object.values(value.values)
      : value.kind === "generated"
        ? [value.signingKey]
        : [];
  return [value, ...inside.flatMap((inner) => (inner === undefined ? [] : valuesWithin(inner)))];
}

/** Reads a node as the value of a variable or a field; returns the text of a problem for any other node. */
export type ReadValue = (node: Node, key: string) => EntryValue | string;

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
  /** True when YAML takes the end of the written value for a comment, though it hardly is one: `red #fff`. */
  readonly isCut?: boolean;
}

/** Variables of a file, and the problems in the rest of it. */
export interface Reading {
  readonly entries: Omit<FileVariable, "source">[];
  readonly findings: { offset: number; reason: string }[];
}
