import { z } from "zod";
import type { Api, Column, OBJECTS, Router } from "../../dokploy";
import type { Context, Entity, ParentKind, Wire } from "../../lifecycle";
import {
  type Apply,
  deployOptions,
  type FieldSpec,
  id,
  withoutColumn as inputField,
  type ParentId,
  type PossibleParentId,
} from "../../schema";
import type { ListingKind } from "./parents";

/** Facts about an input of a simple object that its type does not show. */
export type FieldFacts = Partial<Omit<FieldSpec, "column" | "reset" | "env">> & {
  /** Column of the input, if it has another name in Dokploy; `false` for an input of this package only. */
  readonly column?: string | false;
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

/**
 * Relation of an object to the object that it belongs to: the action that a change of it needs there, or `separate` if
 * no list of a service has it. A separate object is also deleted separately when its service is deleted, since another
 * object must stay until then, or since it would continue without the service.
 */
export type Belonging = Apply | "separate";

/** Definition of a kind of simple object, from which all of its handlers follow. */
export interface SimpleSpec<R extends SimpleRouter, I extends Shape, P extends ParentKind>
  extends Wire<Column<R>>,
    Required<Pick<Entity<SimpleInputs<I, P>, never>, "kind" | "key" | "label">>,
    Pick<Entity<never, never>, "outputs"> {
  /** Dokploy's router: `domain`. */
  readonly router: R;
  /** Kinds of objects that it can belong to. When left out, it belongs to none. */
  readonly parents?: Readonly<Record<P, Belonging>>;
  /** Inputs with their types; {@link field} adds facts that a type does not show. */
  readonly inputs: I;
  /** Rules beyond types, by input. Values may be unknown. */
  readonly rules?: {
    readonly [K in keyof I]?: (inputs: Partial<SimpleInputs<I, P>>, occupy: Occupy) => RuleFinding;
  };
  /**
   * Returns the reason why two objects of one parent conflict, which follows a colon. For two with the same key, which
   * are refused without it too, it begins with `two`.
   */
  clash?(inputs: SimpleInputs<I, P>, other: SimpleInputs<I, P>): string | false | undefined;
  /**
   * Returns a wait until the object works, for when it is in effect; undefined if the inputs ask for none. The wait throws
   * a UserError when the object does not work in time.
   */
  verify?(inputs: Columns, label: string, context: Context): (() => Promise<void>) | undefined;
  /**
   * Columns of services and servers that refer to it; or a search for objects that Dokploy would delete with it, which
   * returns their names in messages. While it has such users, it is not deleted.
   */
  readonly usedBy?: readonly UserColumn[] | ((id: string, api: Api) => Promise<string[]>);
}

/** Finding of a rule: the mistake in the input, or advice as the end of a sentence whose subject is the object. */
export type RuleFinding = string | false | undefined | { readonly advice: string | undefined };

/**
 * Registers a place on the server that two services cannot share, such as `shop.example.com/`. Returns advice with the
 * effect on one server if another service of the program has it.
 */
export type Occupy = (place: string | undefined, effect: string) => string | undefined;

type UserColumn = Column<"application"> | Column<"compose"> | Column<"server">;
type Columns = Readonly<Record<string, unknown>>;

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
function kept(type: z.ZodType, facts: FieldFacts & { readonly reset?: unknown }): z.ZodType {
  return type.meta({ field: facts as FieldSpec<string> });
}

/** Input of an object that takes effect with its service. */
export const withService = {
  /**
   * Deployment or reload of the service after a change: one for all changes that the run makes to the service. `false`
   * saves without applying. Default: the method that the change needs.
   */
  deploy: field(z.union([z.boolean(), deployOptions.omit({ rollbackOnFailure: true })]).optional(), {
    column: false,
    apply: "none",
  }),
};

/** Input of an object that Dokploy can try before it is saved. */
export const withTest = {
  /**
   * True when a plan has Dokploy try the connection before anything is saved, and fails if it does not work. A key that
   * may not try it skips this. Default: true.
   */
  testConnection: field(z.boolean().optional(), { column: false, apply: "none", checkOnly: true }),
};

/** Returns the schema of a simple object's inputs. */
export function schemaOf({ parents, inputs }: AnySpec): z.ZodObject {
  const kinds = Object.keys(parents) as ParentKind[];
  const applied = (given: object): Apply => {
    const kind = kinds.find((parent) => (given as Columns)[`${parent}Id`] !== undefined);
    return kind === undefined ? "none" : needIn(parents[kind]);
  };
  const facts = { apply: "none", replace: true, looksItself: true } as const;
  const isOptional = kinds.length > 1 || aloneIn(inputs) !== undefined;
  const parentIds = kinds.map((kind) => [
    `${kind}Id`,
    kept(isOptional ? id.optional() : id, { ...facts, column: `${kind}Id` }),
  ]);
  return z.strictObject({
    ...Object.fromEntries(parentIds),
    ...ownInputs(inputs, applied),
    import: inputField(id.optional(), { apply: "none", createOnly: true }),
  });
}

/** Returns the schema of a part in a list of its service: its own inputs, without those of a resource. */
export function partSchemaOf({ inputs, parents }: AnySpec, parent: ListingKind): z.ZodObject {
  const { deploy: _, ...rest } = inputs;
  return z.strictObject(ownInputs(rest, needIn(parents[parent])));
}

/** Returns the action that a change needs from the parent. */
export function needIn(belonging: Belonging | undefined): Apply {
  return belonging === undefined || belonging === "separate" ? "none" : belonging;
}

/** Returns the input that names the place of objects without a parent, with its value there; undefined without one. */
export function aloneIn(inputs: Shape): { readonly input: string; readonly value: string } | undefined {
  const found = Object.entries(inputs).map(([input, type]) => ({ input, value: type.meta()?.field?.alone }));
  return found.find((one): one is { input: string; value: string } => one.value !== undefined);
}

function ownInputs(inputs: Shape, apply: FieldSpec<string>["apply"]): Shape {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, type]) => {
      const { column = name, ...facts } = (type.meta()?.field ?? {}) as FieldFacts;
      return [name, kept(type, { ...(column === false ? {} : { column }), apply, ...facts })];
    }),
  );
}

/** Specification of any kind, for code that handles all kinds alike. */
export type AnySpec = Omit<SimpleSpec<SimpleRouter, Shape, ParentKind>, "parents" | "label"> & {
  readonly label: (inputs: Columns) => string;
  readonly parents: Readonly<Partial<Record<ParentKind, Belonging>>>;
};
