import { z } from "zod";
import type { Column, Router } from "../dokploy/columns";
import type { Api } from "../dokploy/endpoints";
import type { OBJECTS } from "../dokploy/generated/facts";
import type { Context } from "../lifecycle/context";
import { type Apply, deployOptions, type FieldSpec, id, field as inputField } from "../schema/fields";
import type { ServiceKind } from "../schema/kinds";
import type { ReadColumn, Wire } from "./wire";

/** What a simple object may belong to; `applicationId`, `postgresId` and the like name it. */
export type ParentKind = ServiceKind | "server";

/** What may list parts among its inputs, and be deployed for one. */
export type ListingKind = ServiceKind;

/** What an object belongs to. */
export interface Parent {
  readonly kind: ParentKind;
  readonly id: string;
}

/** How Dokploy keeps an input of a simple object, as far as its type does not tell. */
export type FieldFacts = Partial<Omit<FieldSpec, "column" | "reset" | "env">> & {
  /** What Dokploy has where the program gives nothing; the column gets it when the input is taken out of the program. */
  readonly default?: unknown;
};

/** A router whose objects can be made, read, changed and removed. */
export type SimpleRouter = keyof typeof OBJECTS & Router;

export type Shape = Record<string, z.ZodType>;
type ParentIds<P extends ParentKind> = [P] extends [never]
  ? unknown
  : [IsUnion<P>] extends [true]
    ? Pick<AnyParent, `${P}Id`>
    : Pick<OneParent, `${P}Id` & keyof OneParent>;

interface OneParent {
  /** Id of the application that it belongs to. A change makes a new one. */
  applicationId: typeof id;
  /** Id of the compose service that it belongs to. A change makes a new one. */
  composeId: typeof id;
  /** Id of the Postgres database that it belongs to. A change makes a new one. */
  postgresId: typeof id;
  /** Id of the MySQL database that it belongs to. A change makes a new one. */
  mysqlId: typeof id;
  /** Id of the MariaDB database that it belongs to. A change makes a new one. */
  mariadbId: typeof id;
  /** Id of the MongoDB database that it belongs to. A change makes a new one. */
  mongoId: typeof id;
  /** Id of the Redis database that it belongs to. A change makes a new one. */
  redisId: typeof id;
  /** Id of the libSQL database that it belongs to. A change makes a new one. */
  libsqlId: typeof id;
  /** Id of the server that it belongs to. A change makes a new one. */
  serverId: typeof id;
}

interface AnyParent {
  /** Id of the application, if it belongs to one. A change makes a new one. */
  applicationId: z.ZodOptional<typeof id>;
  /** Id of the compose service, if it belongs to one. A change makes a new one. */
  composeId: z.ZodOptional<typeof id>;
  /** Id of the Postgres database, if it belongs to one. A change makes a new one. */
  postgresId: z.ZodOptional<typeof id>;
  /** Id of the MySQL database, if it belongs to one. A change makes a new one. */
  mysqlId: z.ZodOptional<typeof id>;
  /** Id of the MariaDB database, if it belongs to one. A change makes a new one. */
  mariadbId: z.ZodOptional<typeof id>;
  /** Id of the MongoDB database, if it belongs to one. A change makes a new one. */
  mongoId: z.ZodOptional<typeof id>;
  /** Id of the Redis database, if it belongs to one. A change makes a new one. */
  redisId: z.ZodOptional<typeof id>;
  /** Id of the libSQL database, if it belongs to one. A change makes a new one. */
  libsqlId: z.ZodOptional<typeof id>;
  /** Id of the server, if it belongs to one. A change makes a new one. */
  serverId: z.ZodOptional<typeof id>;
}

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

/** The schema of all inputs: what the object belongs to, its own, and the option `import`. */
export type SimpleSchema<I extends Shape, P extends ParentKind> = z.ZodObject<
  I & ParentIds<P> & { import: z.ZodOptional<typeof id> }
>;
export type SimpleInputs<I extends Shape, P extends ParentKind> = z.infer<SimpleSchema<I, P>>;

/** The inputs that the router has no column for, and that no name in `columns` leads to one: there must be none. */
type Kept<R extends SimpleRouter, I extends Shape, Renamed> = {
  readonly [K in Exclude<keyof I, Column<R> | Renamed | Own>]: never;
};

/** Where those that belong to nothing are found. */
export interface Alone {
  /** The input that says so, and what it says then: nobody shall come there by leaving out an id. */
  readonly input: string;
  readonly value: string;
  /** All of them, with what the creation of another one has to name. */
  list(api: Api): Promise<{ rows: readonly object[]; names?: Readonly<Record<string, unknown>> }>;
}

/** What one simple object of Dokploy is; all that handles it follows from this. */
export interface SimpleSpec<
  R extends SimpleRouter,
  I extends Shape,
  P extends ParentKind,
  Renamed extends keyof I & string = never,
  O extends Shape = Shape,
> {
  /** Name of the resource: `Domain`. For ever, since the state of every stack has it. */
  readonly kind: string;
  /** How pages and messages call one, where that is another word than its kind in small letters: `login`. */
  readonly noun?: string;
  /** Dokploy's router: `domain`. */
  readonly router: R;
  /** What it belongs to. Left out: it stands for itself. */
  readonly parents?: readonly P[];
  /**
   * Where the row of what it belongs to lists it (`GET /api/application.one`), and the input that lists it there. Default: the
   * router's name with an `s`.
   */
  readonly list?: string;
  /**
   * It stands apart from its service: no list of a service has it, and it is deleted by itself also where the service goes,
   * since something else must not go before it, or would go on without it.
   */
  readonly apart?: true;
  /** How those of a parent are listed, where its row does not. */
  readonly listing?: Listing<P>;
  /** Left out: it always belongs to something of `parents`, where there are any. */
  readonly alone?: Alone & { readonly input: keyof I & string };
  /** The inputs that tell one from another of the same parent: Dokploy has no such rule, and here a second is refused. */
  readonly key: readonly (keyof I & string)[];
  /** What two of the same key would do to each other, for messages: `would delete each other's files`. */
  readonly twins?: string;
  /** Inputs of which, where they are given, no two of a parent may have the same either. */
  readonly distinct?: readonly (keyof I & string)[];
  /** What among the objects of a parent is Dokploy's own: it is never taken over, changed or deleted, and none is like it. */
  readonly spares?: Spared<keyof I & string>;
  /** How messages call it: `shop.example.com/api`. */
  label(inputs: SimpleInputs<I, P>): string;
  /** What a change of it needs of the service that it belongs to. Default: nothing. */
  readonly applies?: Readonly<Partial<Record<P, Exclude<Apply, "none">>>>;
  /** What every creation says where the inputs do not. Without a parent it belongs to nothing. */
  sends?(parent: P | undefined, parentId: string): { readonly [C in Column<R>]?: unknown };
  /** Columns that a creation takes, and of which Dokploy makes what it likes. */
  readonly unheeded?: readonly Column<R>[];
  /** What a creation says beside that, made for each: a key that the program leaves to this package. */
  makes?(inputs: SimpleInputs<I, P>, dokploy: Address): Columns | Promise<Columns>;
  /** What there is of one beside its inputs; {@link output} says where the row has it. */
  readonly outputs?: O;
  /** The inputs with their types; {@link field} says how Dokploy keeps one where the type alone does not. */
  readonly inputs: I & Kept<R, I, Renamed>;
  /** The columns of inputs that have another name there; `false` for an input of this package alone. */
  readonly columns?: Readonly<Record<Renamed, Column<R> | ReadColumn | false>>;
  /** Rules beyond types, by the input that they are about: what is wrong with it, if something is. Values may be unknown. */
  readonly rules?: {
    readonly [K in keyof I]?: (inputs: Partial<SimpleInputs<I, P>>) => string | false | undefined;
  };
  /** Why a service of these inputs has no use for any that it lists. Values may be unknown. */
  unfit?(service: object): string | false | undefined;
  /**
   * The place that one takes on its server, where those of two services would get in each other's way: `shop.example.com/`.
   * Values may be unknown.
   */
  occupies?(inputs: Partial<SimpleInputs<I, P>>): string | undefined;
  /** What happens where two services of the program take one place, as the end of a warning. */
  readonly crowded?: string;
  /** What a person should know of these inputs, if anything, as the end of a warning. Values may be unknown. */
  advice?(inputs: Partial<SimpleInputs<I, P>>): string | undefined;
  /** Why it cannot stand beside another one that is there; the key is compared before. What it says follows on a colon. */
  clash?(inputs: SimpleInputs<I, P>, other: SimpleInputs<I, P>): string | false | undefined;
  /**
   * What else a plan looks at before one is made or changed, once all values that it needs are known.
   *
   * @param changed names of the inputs that change; all where it is new
   * @param columns gives what a creation would send
   * @throws CheckFailedError for what would not work
   */
  look?(
    inputs: SimpleInputs<I, P>,
    changed: ReadonlySet<string>,
    context: Context,
    columns: () => Columns,
  ): Promise<void>;
  /**
   * Waits until it works, once it is in effect, where the inputs ask for that.
   *
   * @throws UserError when it does not in time
   */
  settle?(inputs: Columns, label: string, context: Context): Promise<void>;
  /**
   * The row with what is really there, for what Dokploy keeps in another place as well: asked when somebody looks for drift.
   *
   * @param owner the row of the parent
   */
  seen?(row: Columns, owner: Columns, api: Api): Promise<Columns>;
  /** Columns of services and servers that name it, or what finds who does: while one does, it is not deleted. */
  readonly usedBy?: readonly UserColumn[] | Users;
  /** Why one is not deleted: a sentence without its full stop. */
  keeps?(inputs: SimpleInputs<I, P>): string | false | undefined;
  /** What Dokploy says when it refuses a creation and keeps its row all the same. */
  readonly keptWhenRefused?: RegExp;
  /** Set where Dokploy answers for one that is gone as for one that the key may not see: a refresh then forgets none. */
  readonly unsureWhenGone?: true;
  /** How it is called and listed, where that is not as the verbs say. */
  readonly wire?: Wire;
}

type UserColumn = Column<"application"> | Column<"compose"> | Column<"server">;
type Columns = Readonly<Record<string, unknown>>;

/** A call that lists the objects of a parent: its verb, and what it takes. */
export interface Listing<P extends string = string> {
  readonly call: string;
  input(parent: P, parentId: string): Columns;
}

/** Objects that a parent cannot do without, as the volume with the data of a database. */
export interface Spared<Input extends string = string> {
  /** Parents that have such ones. */
  readonly parents: readonly ParentKind[];
  /** @param appName what the parent is called inside Docker, as far as the row tells */
  is(row: Columns, appName: unknown): boolean;
  /** The inputs that no other may have in common with it. */
  readonly inputs: readonly Input[];
  /** What it is, as the end of a sentence: `is where the database keeps its data`. */
  readonly reason: string;
}

/** Who would lose what, if it was deleted. */
export interface Users {
  /** What Dokploy would do, for messages: `delete them with it`. */
  readonly loss: string;
  /** How messages call each: `application "web" (<id>)`. */
  find(id: string, context: Pick<Context, "api">): Promise<string[]>;
}

/** Where Dokploy is, as the settings have it: without a slash at its end. */
export interface Address {
  readonly url?: string | undefined;
}

/** What an output is beside its value. */
export interface OutputFacts {
  readonly secret?: true;
  /** The inputs that it follows from: while they stay as they are, it does too. Left out: it may change by itself. */
  readonly follows?: readonly string[];
}

/** Says of an output's type what of the row it is. */
export function output<S extends z.ZodType>(
  type: S,
  read: (row: Columns) => z.infer<S>,
  facts: OutputFacts = {},
): S {
  return type.meta({ output: { read, ...facts } });
}

declare module "zod" {
  interface GlobalMeta {
    output?: OutputFacts & { readonly read: (row: Columns) => unknown };
  }
}

/** Says of an input's type how Dokploy keeps it. With a default the program may leave the input out. */
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

/** Says the same of an input in an arm of a union, with its column: the definition's own say nothing there. */
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

/** Attaches facts of which the definition's own say where they are kept and what they need. */
function kept(type: z.ZodType, facts: Partial<FieldSpec<string>>): z.ZodType {
  return type.meta({ field: facts as FieldSpec<string> });
}

/** The input of an object that takes effect with its service. */
export const withService = {
  /**
   * How the service is deployed or reloaded after a change: one deployment brings what all resources of a run have changed
   * around it. `false` saves without applying. Default: what the change needs.
   */
  deploy: inputField(z.union([z.boolean(), deployOptions.omit({ rollbackOnFailure: true })]).optional(), {
    apply: "none",
  }),
};

/** The input of an object that Dokploy can try before it is saved. */
export const withTest = {
  /**
   * Whether a plan has Dokploy try it before it is saved, and fails where it does not work. Default: true; a key that may not
   * try it goes without.
   */
  testConnection: inputField(z.boolean().optional(), { apply: "none", checkOnly: true }),
};

/** Inputs that are none of Dokploy's. */
type Own = keyof typeof withService | keyof typeof withTest;
const own: ReadonlySet<string> = new Set<Own>(["deploy", "testConnection"]);

/** The schema of a simple object's inputs. */
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

/** The schema of one that stands in a list of its service: its own inputs, without those of a resource. */
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

/** A specification of whatever inputs, as the code sees it that handles all alike. */
export interface AnySpec {
  readonly kind: string;
  readonly noun?: string;
  readonly router: SimpleRouter;
  readonly parents: readonly ParentKind[];
  readonly list?: string;
  readonly key: readonly string[];
  readonly twins?: string;
  readonly distinct?: readonly string[];
  readonly spares?: Spared;
  label(inputs: object): string;
  readonly applies?: Readonly<Partial<Record<ParentKind, Exclude<Apply, "none">>>>;
  sends?(parent: ParentKind | undefined, parentId: unknown): Columns;
  readonly unheeded?: readonly string[];
  readonly apart?: true;
  readonly listing?: Listing;
  readonly alone?: Alone;
  makes?(inputs: object, dokploy: Address): Columns | Promise<Columns>;
  keeps?(inputs: object): string | false | undefined;
  readonly keptWhenRefused?: RegExp;
  readonly unsureWhenGone?: true;
  readonly outputs?: Shape;
  readonly inputs: Shape;
  readonly columns?: Readonly<Record<string, string | false>>;
  readonly rules?: Readonly<Record<string, (inputs: object) => string | false | undefined>>;
  unfit?(service: object): string | false | undefined;
  occupies?(inputs: object): string | undefined;
  readonly crowded?: string;
  advice?(inputs: object): string | undefined;
  clash?(inputs: object, other: object): string | false | undefined;
  look?(
    inputs: object,
    changed: ReadonlySet<string>,
    context: Context,
    columns: () => Columns,
  ): Promise<void>;
  settle?(inputs: Columns, label: string, context: Context): Promise<void>;
  seen?(row: Columns, owner: Columns, api: Api): Promise<Columns>;
  readonly usedBy?: readonly string[] | Users;
  readonly wire?: Wire;
}
