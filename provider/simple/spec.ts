import { z } from "zod";
import type { OBJECTS } from "../dokploy/api/facts";
import type { Column, Router } from "../dokploy/columns";
import { type Apply, deployOptions, type FieldSpec, id, field as inputField } from "../schema/fields";

/** What a simple object may belong to; `applicationId` and `composeId` name it. */
export type ParentKind = "application" | "compose";

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
    : Pick<OneParent, `${P}Id`>;

interface OneParent {
  /** Id of the application that it belongs to. A change makes a new one. */
  applicationId: typeof id;
  /** Id of the compose service that it belongs to. A change makes a new one. */
  composeId: typeof id;
}

interface AnyParent {
  /** Id of the application, if it belongs to one. A change makes a new one. */
  applicationId: z.ZodOptional<typeof id>;
  /** Id of the compose service, if it belongs to one. A change makes a new one. */
  composeId: z.ZodOptional<typeof id>;
}

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

/** The schema of all inputs: what the object belongs to, its own, and the option `import`. */
export type SimpleSchema<I extends Shape, P extends ParentKind> = z.ZodObject<
  I & ParentIds<P> & { import: z.ZodOptional<typeof id> }
>;
export type SimpleInputs<I extends Shape, P extends ParentKind> = z.infer<SimpleSchema<I, P>>;

/** The inputs that the router has no column for, and that no name in `columns` leads to one: there must be none. */
type Kept<R extends SimpleRouter, I extends Shape, Renamed> = {
  readonly [K in Exclude<keyof I, Column<R> | Renamed | keyof typeof withService>]: never;
};

/** What one simple object of Dokploy is; all that handles it follows from this. */
export interface SimpleSpec<
  R extends SimpleRouter,
  I extends Shape,
  P extends ParentKind,
  Renamed extends keyof I & string = never,
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
  /** The inputs that tell one from another of the same parent: Dokploy has no such rule, and here a second is refused. */
  readonly key: readonly (keyof I & string)[];
  /** How messages call it: `shop.example.com/api`. */
  label(inputs: SimpleInputs<I, P>): string;
  /** What a change of it needs of the service that it belongs to. Default: nothing. */
  readonly applies?: Readonly<Partial<Record<P, Exclude<Apply, "none">>>>;
  /** What every creation and update says beside the inputs. */
  sends?(parent: P): { readonly [C in Column<R>]?: unknown };
  /** The inputs with their types; {@link field} says how Dokploy keeps one where the type alone does not. */
  readonly inputs: I & Kept<R, I, Renamed>;
  /** The columns of inputs that have another name there. */
  readonly columns?: Readonly<Record<Renamed, Column<R>>>;
  /** Rules beyond types, by the input that they are about: what is wrong with it, if something is. Values may be unknown. */
  readonly rules?: {
    readonly [K in keyof I]?: (inputs: Partial<SimpleInputs<I, P>>) => string | false | undefined;
  };
  /** Columns of applications that name it: while one does, it is not deleted. */
  readonly usedBy?: readonly Column<"application">[];
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

/** The schema of a simple object's inputs. */
export function schemaOf({ parents, inputs, columns = {}, applies }: AnySpec): z.ZodObject {
  const applied = (given: object): Apply => {
    const kind = parents.find((parent) => (given as Record<string, unknown>)[`${parent}Id`] !== undefined);
    return (kind && applies?.[kind]) ?? "none";
  };
  const parentIds = parents.map((kind) => [
    `${kind}Id`,
    kept(parents.length > 1 ? id.optional() : id, { column: `${kind}Id`, apply: "none", replace: true }),
  ]);
  return z.strictObject({
    ...Object.fromEntries(parentIds),
    ...ownInputs(inputs, columns, applied),
    import: inputField(id.optional(), { apply: "none", createOnly: true }),
  });
}

/** The schema of one that stands in a list of its service: its own inputs, without those of a resource. */
export function partSchemaOf({ inputs, columns = {}, applies }: AnySpec, parent: ParentKind): z.ZodObject {
  const { deploy: _, ...own } = inputs;
  return z.strictObject(ownInputs(own, columns, applies?.[parent] ?? "none"));
}

function ownInputs(
  inputs: Shape,
  columns: Readonly<Record<string, string>>,
  apply: FieldSpec<string>["apply"],
): Shape {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, type]) => {
      const column = name === "deploy" ? {} : { column: columns[name] ?? name };
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
  label(inputs: object): string;
  readonly applies?: Readonly<Partial<Record<ParentKind, Exclude<Apply, "none">>>>;
  sends?(parent: ParentKind | undefined): Readonly<Record<string, unknown>>;
  readonly inputs: Shape;
  readonly columns?: Readonly<Record<string, string>>;
  readonly rules?: Readonly<Record<string, (inputs: object) => string | false | undefined>>;
  readonly usedBy?: readonly string[];
}
