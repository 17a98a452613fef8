import type { Input } from "@pulumi/pulumi";

/**
 * Inputs as a program may give them: any value, at any depth, may be a plain value, a promise or an output of
 * another resource. Only `type`, which tells the forms of an input apart, is plain: TypeScript then knows which form is
 * meant, says what is missing in it, and offers its fields and no others.
 *
 * @typeParam Also what some inputs may be besides
 */
export type Inputs<T, Also = object> = {
  [K in keyof T]: Input<Deep<T[K]>> | (K extends keyof Also ? Also[K] : never);
};

/** @typeParam All the whole union that `T` is a part of */
type Deep<T, All = T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Input<Deep<Item>>[]
    : T extends { type: string }
      ? { [K in keyof T]: K extends "type" ? T[K] : Input<Deep<T[K]>> }
      : [Exclude<KeysOf<All>, keyof T>] extends [never]
        ? { [K in keyof T]: Input<Deep<T[K]>> }
        : OneOf<T, Exclude<KeysOf<All>, keyof T>>;

/**
 * One of several forms that have no `type`, such as the ids of a target: the fields of the others are errors. Resolved to
 * one type, which messages and editors show as it is.
 */
type OneOf<T, Others extends PropertyKey> = {
  [K in keyof T]: Input<Deep<T[K]>>;
} & { [K in Others]?: ExactlyOneId | undefined } extends infer Form
  ? { [K in keyof Form]: Form[K] }
  : never;

/** What no value is, so that it stands in the message about a second id, and about an id that is none. */
interface ExactlyOneId {
  "an id, such as api.id": never;
}

type KeysOf<T> = T extends object ? keyof T : never;

/** What the definition of a resource adds for itself, which a program does not give. */
export type Internal = "import";

/** The inputs with lists in the place of the maps that the provider makes of them. */
export type Listed<T, Lists extends PropertyKey> = {
  [K in keyof T]: K extends Lists ? Items<T[K]> : T[K];
};

type Items<Map> = Map extends Readonly<Record<string, infer Item>> ? Item[] : Map;
