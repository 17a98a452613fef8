import type { Input } from "@pulumi/pulumi";

/**
 * Inputs as a program may give them: any value, at any depth, may be a plain value, a promise or an output of
 * another resource.
 */
export type Inputs<T> = { [K in keyof T]: DeepInput<T[K]> };

type DeepInput<T> = Input<Inner<T>>;

type Inner<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? DeepInput<Item>[]
    : { [K in keyof T]: DeepInput<T[K]> };

/** What the definition of a resource adds for itself, which a program does not give. */
export type Internal = "import";
