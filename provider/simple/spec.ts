import { z } from "zod";
import type { Column, Router } from "../dokploy/columns";
import type { Api } from "../dokploy/endpoints";
import type { OBJECTS } from "../dokploy/generated/facts";
import type { Context } from "../lifecycle/context";
import { type Apply, deployOptions, type FieldSpec, id, field as inputField } from "../schema/fields";
import type { ParentId, PossibleParentId } from "../schema/generated/ids";
import type { ServiceKind } from "../schema/kinds";
import type { ReadColumn, Wire } from "./wire";

/** Kind of object that a simple object can belong to; inputs such as `applicationId` and `postgresId` name it. */
export type ParentKind = ServiceKind | "server";

/** Kind of object that can list parts in its inputs and be deployed for them. */
export type ListingKind = ServiceKind;

/** Object that another one belongs to. */
export interface Parent {
  readonly kind: ParentKind;
  readonly id: string;
}

/** Facts about an input of a simple object that its type does not show. */
export type FieldFacts = Partial<Omit<FieldSpec, "column" | "reset" | "env">> & {
  /** Value in Dokploy when the program gives none; the column gets it when the input is removed from the program. */
  readonly default?: unknown;
};

/** A router whose objects can be created, read, changed and removed. */
export type SimpleRouter = keyof typeof OBJECTS & Router;

export type Shape = Record<string, z.ZodType>;
type ParentIds<P extends ParentKind> = [P] extends [never]
  ? unknown
  : [IsUnion<P>] extends [true]
    ? Pick<AnyParent, `${P}Id`>
    : Pick<OneParent, `${P}Id` & keyof OneParent>;

type OneParent = ParentId<typeof id>;
type AnyParent = PossibleParentId<z.ZodOptional<typeof id>>;

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

/** Schema of all inputs: the ids of the parent, the object's own inputs, and the option `import`. */
export type SimpleSchema<I extends Shape, P extends ParentKind> = z.ZodObject<
  I & ParentIds<P> & { import: z.ZodOptional<typeof id> }
>;
export type SimpleInputs<I extends Shape, P extends ParentKind> = z.infer<SimpleSchema<I, P>>;

/** Inputs without a column in the router and without a name in `columns`; none may exist. */
type Kept<R extends SimpleRouter, I extends Shape, Renamed> = {
  readonly [K in Exclude<keyof I, Column<R> | Renamed | Own>]: never;
};

/** Place of objects without a parent. */
export interface Alone {
  /** Input and value that name this place, so that a missing id does not lead to it. */
  readonly input: string;
  readonly value: string;
  /** Returns all objects there, with further columns that a creation needs. */
  list(api: Api): Promise<{ rows: readonly object[]; names?: Readonly<Record<string, unknown>> }>;
}

/** Definition of a kind of simple object, from which all of its handlers follow. */
export interface SimpleSpec<
  R extends SimpleRouter,
  I extends Shape,
  P extends ParentKind,
  Renamed extends keyof I & string = never,
  O extends Shape = Shape,
> {
  /** Name of the resource: `Domain`. It never changes, since the state of every stack has it. */
  readonly kind: string;
  /** Noun in pages and messages, if it differs from the kind in lower case: `login`. */
  readonly noun?: string;
  /** Dokploy's router: `domain`. */
  readonly router: R;
  /** Kinds of objects that it can belong to. When left out, it belongs to none. */
  readonly parents?: readonly P[];
  /** Column of the parent's row that lists it, and the input that does. Default: the router's name with an `s`. */
  readonly list?: string;
  /**
   * True if no list of a service has it. It is also deleted by itself when its service is deleted, since another object
   * must stay until then, or since it would continue without the service.
   */
  readonly separate?: true;
  /** Call that lists the objects of a parent whose row does not list them. */
  readonly listing?: Listing<P>;
  /** Place of objects without a parent. When left out, an object always belongs to one of `parents`, if any. */
  readonly alone?: Alone & { readonly input: keyof I & string };
  /** Inputs that identify an object within its parent. Dokploy has no such rule; here a duplicate is refused. */
  readonly key: readonly (keyof I & string)[];
  /** Effect of two objects with the same key on each other, for messages: `would delete each other's files`. */
  readonly duplicates?: string;
  /** Further inputs whose values must differ within a parent, when given. */
  readonly distinct?: readonly (keyof I & string)[];
  /** Objects of a parent that belong to Dokploy: never adopted, changed or deleted, and no other may be like them. */
  readonly reserves?: Reserved<keyof I & string>;
  /** Returns the name in messages: `shop.example.com/api`. */
  label(inputs: SimpleInputs<I, P>): string;
  /** Action that a change needs from the service that it belongs to. Default: none. */
  readonly applies?: Readonly<Partial<Record<P, Exclude<Apply, "none">>>>;
  /** Returns columns that each creation sends if the inputs do not give them. `parent` is undefined without one. */
  sends?(parent: P | undefined, parentId: string): { readonly [C in Column<R>]?: unknown };
  /** Columns that a creation accepts, but that Dokploy sets by itself. */
  readonly unheeded?: readonly Column<R>[];
  /** Returns further columns that are made for each creation, such as a key that the program leaves to this package. */
  makes?(inputs: SimpleInputs<I, P>, dokploy: Address): Columns | Promise<Columns>;
  /** Outputs that are not inputs; `output` says which part of the row each is. */
  readonly outputs?: O;
  /** Inputs with their types; {@link field} adds facts that a type does not show. */
  readonly inputs: I & Kept<R, I, Renamed>;
  /** Columns of inputs that have another name in Dokploy; `false` for an input of this package only. */
  readonly columns?: Readonly<Record<Renamed, Column<R> | ReadColumn | false>>;
  /** Rules beyond types, by input; each returns the mistake if there is one. Values may be unknown. */
  readonly rules?: {
    readonly [K in keyof I]?: (inputs: Partial<SimpleInputs<I, P>>) => string | false | undefined;
  };
  /**
   * Returns warnings about these inputs, as ends of sentences whose subject is the object. Values may be unknown.
   *
   * @param occupy registers a place on the server that two services cannot share, such as `shop.example.com/`; returns
   * a warning with the effect if another service of the program has it
   */
  warnings?(
    inputs: Partial<SimpleInputs<I, P>>,
    occupy: (place: string | undefined, effect: string) => string | undefined,
  ): readonly (string | undefined)[];
  /** Returns the reason why the object conflicts with an existing one with another key. It follows a colon. */
  clash?(inputs: SimpleInputs<I, P>, other: SimpleInputs<I, P>): string | false | undefined;
  /**
   * Makes further checks in a plan before an object is made or changed, once all values that it needs are known.
   *
   * @param changed names of the inputs that change; all of a new object
   * @param columns returns the columns that a creation would send
   * @throws CheckFailedError for inputs that would not work
   */
  look?(
    inputs: SimpleInputs<I, P>,
    changed: ReadonlySet<string>,
    context: Context,
    columns: () => Columns,
  ): Promise<void>;
  /**
   * Waits until the object works, once it is in effect, if the inputs ask for that.
   *
   * @throws UserError when it does not work in time
   */
  settle?(inputs: Columns, label: string, context: Context): Promise<void>;
  /**
   * Returns the row with the real values of those that Dokploy also keeps elsewhere, for a search for drift.
   *
   * @param owner the row of the parent
   */
  liveRow?(row: Columns, owner: Columns, api: Api): Promise<Columns>;
  /** Columns of services and servers that refer to it, or a search for users. While it has some, it is not deleted. */
  readonly usedBy?: readonly UserColumn[] | Users;
  /** Message of Dokploy when it refuses a creation and keeps its row all the same. */
  readonly keptWhenRefused?: RegExp;
  /**
   * True if Dokploy gives the same response for a deleted object and one that the key may not see. A refresh then keeps
   * the object in the state.
   */
  readonly unsureWhenGone?: true;
  /** Calls of the router, if they do not follow the usual verbs. */
  readonly wire?: Wire;
}

type UserColumn = Column<"application"> | Column<"compose"> | Column<"server">;
type Columns = Readonly<Record<string, unknown>>;

/** A call that lists the objects of a parent: its verb and its input. */
export interface Listing<P extends string = string> {
  readonly call: string;
  input(parent: P, parentId: string): Columns;
}

/** Objects that a parent needs, such as the volume with the data of a database. */
export interface Reserved<Input extends string = string> {
  /** Kinds of parents that have such objects. */
  readonly parents: readonly ParentKind[];
  /** @param appName name of the parent inside Docker, if the row shows it */
  is(row: Columns, appName: unknown): boolean;
  /** Inputs whose values no other object may share with it. */
  readonly inputs: readonly Input[];
  /** Purpose of the object, as the end of a sentence: `is where the database keeps its data`. */
  readonly reason: string;
}

/** Users that would lose something if the object was deleted. */
export interface Users {
  /** Action of Dokploy on the users, for messages: `delete them with it`. */
  readonly loss: string;
  /** Finds the users, by their names in messages: `application "web" (<id>)`. */
  find(id: string, context: Pick<Context, "api">): Promise<string[]>;
}

/** Address of Dokploy in the settings, without a slash at its end. */
export interface Address {
  readonly url?: string | undefined;
}

/** Attaches to the type of an input the facts about it in Dokploy. An input with a default is optional. */
export function field<S extends z.ZodType>(
  type: S,
  facts: FieldFacts & { readonly default: unknown },
): z.ZodOptional<S>;
export function field<S extends z.ZodType>(type: S, facts: FieldFacts): S;
export function field(type: z.ZodType, facts: FieldFacts): z.ZodType {
  const { default: reset, ...rest } = facts;
  const hasDefault = "default" in facts;
  return kept(hasDefault ? type.optional() : type, { ...rest, ...(hasDefault ? { reset } : {}) });
}

/** Attaches facts and the column to an input in a member of a union, where those of the definition do not apply. */
export function armField<S extends z.ZodType>(
  column: string,
  type: S,
  facts: FieldFacts & { readonly default: unknown },
): z.ZodOptional<S>;
export function armField<S extends z.ZodType>(column: string, type: S, facts?: FieldFacts): S;
export function armField(column: string, type: z.ZodType, facts: FieldFacts = {}): z.ZodType {
  const described = field(type, facts);
  return kept(described, { apply: "none", ...described.meta()?.field, column });
}

/** Attaches facts to a type; the definition adds the column and the action. */
function kept(type: z.ZodType, facts: Partial<FieldSpec<string>>): z.ZodType {
  return type.meta({ field: facts as FieldSpec<string> });
}

/** Input of an object that takes effect with its service. */
export const withService = {
  /**
   * Deployment or reload of the service after a change: one for all changes that the run makes to the service. `false`
   * saves without applying. Default: the method that the change needs.
   */
  deploy: inputField(z.union([z.boolean(), deployOptions.omit({ rollbackOnFailure: true })]).optional(), {
    apply: "none",
  }),
};

/** Input of an object that Dokploy can try before it is saved. */
export const withTest = {
  /**
   * True when a plan has Dokploy try the connection before anything is saved, and fails if it does not work. A key that
   * may not try it skips this. Default: true.
   */
  testConnection: inputField(z.boolean().optional(), { apply: "none", checkOnly: true }),
};

/** Inputs that Dokploy does not have. */
type Own = keyof typeof withService | keyof typeof withTest;
const own: ReadonlySet<string> = new Set<Own>(["deploy", "testConnection"]);

/** Returns the schema of a simple object's inputs. */
export function schemaOf({ parents, inputs, columns = {}, applies, alone }: AnySpec): z.ZodObject {
  const applied = (given: object): Apply => {
    const kind = parents.find((parent) => (given as Record<string, unknown>)[`${parent}Id`] !== undefined);
    return (kind && applies?.[kind]) ?? "none";
  };
  const facts = { apply: "none", replace: true, looksItself: true } as const;
  const parentIds = parents.map((kind) => [
    `${kind}Id`,
    kept(parents.length > 1 || alone ? id.optional() : id, { ...facts, column: `${kind}Id` }),
  ]);
  return z.strictObject({
    ...Object.fromEntries(parentIds),
    ...ownInputs(inputs, columns, applied),
    import: inputField(id.optional(), { apply: "none", createOnly: true }),
  });
}

/** Returns the schema of a part in a list of its service: its own inputs, without those of a resource. */
export function partSchemaOf({ inputs, columns = {}, applies }: AnySpec, parent: ListingKind): z.ZodObject {
  const { deploy: _, ...rest } = inputs;
  return z.strictObject(ownInputs(rest, columns, applies?.[parent] ?? "none"));
}

function ownInputs(
  inputs: Shape,
  columns: Readonly<Record<string, string | false>>,
  apply: FieldSpec<string>["apply"],
): Shape {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, type]) => {
      const column = own.has(name) || columns[name] === false ? {} : { column: columns[name] || name };
      return [name, kept(type, { ...column, apply, ...type.meta()?.field })];
    }),
  );
}

/** Specification of any kind, for code that handles all kinds alike. */
export type AnySpec = Omit<SimpleSpec<SimpleRouter, Shape, ParentKind, string>, "parents"> & {
  readonly parents: readonly ParentKind[];
};
