import type { Input } from "@pulumi/pulumi";

/**
 * Inputs as a program may give them: each value, at any depth, may be a plain value, a promise or an output of another
 * resource. Only `type`, which distinguishes the forms of an input, is plain. TypeScript then knows the form, reports
 * its missing fields, and offers its fields and no others.
 *
 * @typeParam Also further types of some inputs
 */
export type Inputs<T, Also = object> = {
  [K in keyof T]: Input<Deep<T[K]>> | (K extends keyof Also ? Also[K] : never);
};

/** @typeParam All whole union that `T` is a part of */
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
 * One of several forms without a `type`, such as the ids of a target or a health check; the fields of the other forms are errors. It
 * resolves to one type, which messages and editors show as it is.
 */
type OneOf<T, Others extends PropertyKey> = {
  [K in keyof T]: Input<Deep<T[K]>>;
} & {
  [K in Others]?: (K extends `${string}Id` ? ExactlyOneId : ExactlyOneForm) | undefined;
} extends infer Form
  ? { [K in keyof Form]: Form[K] }
  : never;

/** Type without values, whose name appears in the message about a second id or a wrong id. */
interface ExactlyOneId {
  "an id, such as api.id": never;
}

/** Type without values, whose name appears in the message about a field of another form. */
interface ExactlyOneForm {
  "the fields of one form only": never;
}

type KeysOf<T> = T extends object ? keyof T : never;

/** Input that the definition of a resource adds, and that a program does not give. */
export type Internal = "import";

/** Inputs with lists instead of the maps that the provider makes from them. */
export type Listed<T, Lists extends PropertyKey> = {
  [K in keyof T]: K extends Lists ? Items<T[K]> : T[K];
};

type Items<Map> = Map extends Readonly<Record<string, infer Item>> ? Item[] : Map;
