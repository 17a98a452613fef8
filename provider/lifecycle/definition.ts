import type { z } from "zod";
import type { Problem } from "../errors/problem";
import type { Claims } from "../run/claims";
import type { SharedScope } from "../run/shared-plans";
import type { Change } from "../schema/changes";
import type { Context } from "./context";

/** State of a resource: the inputs are those in its schema, everything else is outputs. */
export interface State<Inputs, Outputs> {
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

/**
 * Definition of one resource: its inputs, and the calls of Dokploy that observe, create, change and delete it.
 * `Inputs` is the (checked) part of the program, `Outputs` the part that the state adds.
 */
export interface Definition<Inputs, Outputs> {
  /** Kind of the resource, such as `Application`. It never changes, because the state of every stack contains it. */
  readonly kind: string;
  /** Types and docs of the inputs, with the way in which Dokploy stores each. */
  readonly schema: z.ZodObject;
  /** Types and docs of the outputs that are not inputs. Default: those of the base class. */
  readonly outputs?: z.ZodObject;
  /**
   * Set where several resources may have the same id, since each has only a part of the object. Without it an object
   * has one resource, and is deleted only with that.
   */
  readonly sharesObject?: true;
  /**
   * Set where the object exists regardless of the program: a deletion calls nothing, and warns that the object
   * stays.
   */
  readonly outlivesDeletion?: true;
  /**
   * Inputs that distinguish the objects on a server; none where a server has only one. Two equal objects in a
   * program are refused before anything is changed. Undefined where they are found in another way.
   */
  readonly key?: readonly (keyof Inputs & string)[];
  /** Returns true when a replacement is created before the old object is deleted: both may exist. Default: never. */
  replacesBeforeDeleting?(olds: Partial<Inputs>, news: Partial<Inputs>): boolean;
  /**
   * Checks rules beyond types that need no server. Some inputs may not be known yet.
   *
   * @param advise returns the settings, and a `warn` that reports each message only once; undefined when they cannot
   * be used
   * @param resource identity of the resource in the program
   * @param compose identity of the compose service, for a resource that names a service of it
   */
  check?(
    inputs: Partial<Inputs>,
    advise: () => Context | undefined,
    resource: string,
    compose?: string,
  ): Problem[];
  /**
   * Explains a text that was given instead of an id, as far as the server knows it: a sentence without its full
   * stop that does not repeat the text; undefined where nothing is known.
   */
  explainId?(path: readonly PropertyKey[], text: string, context: Context): Promise<string | undefined>;
  /**
   * True when the same text may contain other variables than the given ones, so that references to them are valid.
   */
  sharesText?(inputs: Partial<Inputs>): boolean;
  /**
   * Checks with the server before a new object is created: reads only. Called in a preview; values may be unknown,
   * and then it checks as much as the other values allow.
   *
   * @param replaced id of the object that is deleted before, so that its name becomes free
   * @throws any error that would also refuse the creation
   */
  preflight?(inputs: Inputs, context: Context, replaced: string | undefined): Promise<void>;
  /** Adoption of existing objects with the resource option `import`; undefined where nothing can be adopted. */
  readonly adoption?: Adoption<Inputs, Outputs>;
  /**
   * Checks in a preview that an object may be deleted to create a new one in its place; inputs may be unknown.
   *
   * @param former the object to be deleted, with its inputs from the state
   * @throws CheckFailedError when more would be lost than the program has agreed to
   */
  assertReplaceable?(
    former: { readonly id: string; readonly inputs: Partial<Inputs> },
    inputs: Inputs,
    context: Context,
  ): Promise<void>;
  /**
   * Finds references to variables elsewhere that have no match, and warns about effects of a planned change: reads
   * only. Called in a preview for new resources (without an id) and for changes; values may be unknown. The setting
   * `dokploy:references` decides about the problems.
   */
  previewChecks?(inputs: Inputs, context: Context, planned: Planned): Promise<Problem[]>;
  /**
   * Returns the project or environment whose services get the variables of the input `env`; undefined when there is
   * none.
   */
  sharedScope?(id: string | undefined, inputs: Inputs): SharedScope | undefined;
  /** Returns the service that an update deploys: `application/<id>`, `compose/<id>`. */
  deploys?(id: string | undefined, inputs: Inputs): string | undefined;
  /**
   * Returns the outputs when another resource of the run could not deploy that service and leaves it to this one.
   */
  leaveTo?(outputs: Outputs): Outputs;
  /** Returns the volumes of its containers, as far as they are known, for the report of a deletion. */
  volumes?(inputs: Partial<Inputs>, outputs: Partial<Outputs>): readonly Volume[];
  /**
   * Creates the object.
   *
   * @throws PartialFailureError when the object was created but the rest failed
   */
  create(inputs: Inputs, context: Context): Promise<{ id: string; outputs: Outputs }>;
  /** Reads the current inputs and outputs; undefined when the object no longer exists. */
  read(
    id: string,
    state: State<Inputs, Outputs>,
    context: Context,
  ): Promise<State<Inputs, Outputs> | undefined>;
  update(
    id: string,
    olds: State<Inputs, Outputs>,
    news: Inputs,
    changes: Change[],
    context: Context,
  ): Promise<Outputs>;
  delete(id: string, inputs: Inputs, context: Context): Promise<void>;
  /** Returns its name in messages: `Application "web"`. Default: the kind with the id. Values may be unknown. */
  label?(inputs: Partial<Inputs>, claims: Context["claims"]): string | undefined;
  /**
   * True where the settings exclude it from this run: work that an earlier run could not do then waits for another.
   */
  isLeftOut?(inputs: Inputs, context: Context): boolean;
  /** Called for every resource that stays, also when nothing changes. Must not call the server. */
  claim?(id: string, inputs: Inputs, claims: Claims): void;
  /**
   * True when the object no longer exists, but something that it created may still run: a deletion removes that, and
   * the object is created again if the program contains it.
   */
  isLost?(outputs: Outputs): boolean;
  /**
   * True when the last run left work undone, so that an update is due though no input changed.
   *
   * @param news current inputs of the program, which may accept the undone work
   */
  unfinished?(outputs: Outputs, news: Inputs): boolean;
  /** Describes the work left elsewhere, as the end of a sentence. */
  left?(outputs: Outputs): string | undefined;
}

/** Effect of the resource option `import`. */
export interface Adoption<Inputs, Outputs> {
  /**
   * Checks that an object with this id exists.
   *
   * @throws CheckFailedError when it does not exist
   */
  exists(id: string, context: Context): Promise<void>;
  /**
   * Reports in a preview which changes the adoption makes: reads only; values may be unknown.
   *
   * @throws CheckFailedError when it does not exist, or cannot match the inputs
   */
  preflight(id: string, inputs: Inputs, context: Context): Promise<void>;
  /** Changes the object to match the inputs. */
  adopt(id: string, inputs: Inputs, context: Context): Promise<Outputs>;
}

/** A volume with data on the server. */
export interface Volume {
  readonly name: string;
  /** True when a replacement of its service begins with another, empty volume. */
  readonly isOwn: boolean;
}

/** A change in a plan. */
export interface Planned {
  /** Id of the object; undefined for a new or adopted one. */
  id?: string;
  /** Id of the object to adopt. */
  adopted?: string | undefined;
  /** State of the resource; undefined for a new or adopted object. */
  olds?: State<object, object>;
  changes: readonly Change[];
}
