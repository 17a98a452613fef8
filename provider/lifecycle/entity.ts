import type { z } from "zod";
import type { ServerTree } from "../dokploy";
import type { Problem } from "../errors";
import type { Report } from "../pulumi";
import type { Change, ExistingInputs } from "../schema";
import type { Context } from "./context";
import type { Run } from "./run/run";
import type { NewScope, SharedScope } from "./run/shared-plans";

/** State of a resource: the inputs are those in its schema, everything else is outputs. */
export interface State<Inputs, Outputs> {
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  /** True for a state of 0.1.0, which does not say which variables a failed save left out. */
  readonly isUnrecorded?: boolean;
  /** Reads the inputs that a run which was killed during its update may have saved; undefined without such a run. */
  readonly interrupted?: () => Promise<Readonly<Record<string, unknown>> | undefined>;
}

/**
 * Entity of Dokploy that a resource manages: its inputs, and the functions that check, create, read, change and delete
 * it. `Inputs` is the (checked) part of the program, `Outputs` the part that the state adds.
 */
export interface Entity<Inputs, Outputs> {
  /** Kind of the resource, such as `Application`. It never changes, because the state of every stack contains it. */
  readonly kind: string;
  /** Types and docs of the inputs, with the way in which Dokploy stores each. */
  readonly schema: z.ZodObject;
  /** Types and docs of the outputs that are not inputs. Default: those of the base class. */
  readonly outputs?: z.ZodObject;
  /**
   * Inputs that distinguish the objects of a parent or of a server; none where a server has only one. Two equal objects
   * are refused, in a program before anything is changed. Undefined where they are found in another way.
   */
  readonly key?: readonly (keyof Inputs & string)[];
  /**
   * Relation to the object. `part`: several resources may have the same id, since each has only a part of the object.
   * `lasting`: the object exists regardless of the program, so a deletion calls nothing, and warns that the object
   * stays. Default: the object has one resource, and is deleted only with that.
   */
  readonly relation?: "part" | "lasting";
  /**
   * Returns its name, as it follows the kind in messages: `"web"`, `shop.example.com/api`. Default: the id. Values may be
   * unknown.
   */
  label?(inputs: Partial<Inputs>): string | undefined;
  /**
   * Checks rules beyond types that need no server. Some inputs may not be known yet.
   *
   * @param advise returns the settings, with functions that report each message only once; undefined when they cannot
   * be used
   * @param resource identity of the resource in the program
   * @param compose identity of the compose service, for a resource that names a service of it
   */
  check?(
    inputs: Partial<Inputs>,
    advise: () => Advice | undefined,
    resource: string,
    compose?: string,
  ): Problem[];
  /**
   * Checks with the server that a new object can be created, adopted or put where another one was: reads only.
   * Called in a preview; values may be unknown, and then it checks as much as the other values allow.
   *
   * @throws any error that would also refuse the creation
   */
  preflight?(inputs: Inputs, context: Context, origin: Origin<Inputs>): Promise<void>;
  /**
   * Finds references to variables elsewhere that have no match, and warns about effects of a planned change: reads
   * only. Called in a preview for new resources (without an id) and for changes; values may be unknown. The setting
   * `dokploy:references` decides about the problems.
   */
  preview?(inputs: Inputs, context: Context, planned: Planned): Promise<Problem[]>;
  /**
   * Lists the objects on the server that a resource can manage, each with the inputs of a program in which it stays
   * unchanged: reads only. Undefined where no existing object can become a resource.
   */
  list?(tree: ServerTree): Promise<readonly Existing[]>;
  /** Returns true when a replacement is created before the old object is deleted: both may exist. Default: never. */
  replacesBeforeDeleting?(olds: Partial<Inputs>, news: Partial<Inputs>): boolean;
  /** Returns the other objects that a change affects. */
  affects?(id: string | undefined, inputs: Inputs): Affected;
  /** Registers what it owns. Called for every resource that stays, also without changes. Must not call the server. */
  claim?(id: string, inputs: Inputs, run: Run): void;
  /**
   * Creates the object.
   *
   * @throws PartialFailureError when the object was created but the rest failed
   */
  create(inputs: Inputs, context: Context): Promise<{ id: string; outputs: Outputs }>;
  /**
   * Reads the current inputs and outputs.
   *
   * @param state state of the resource; empty for an object that the option `import` names
   * @returns the remains of an object that no longer exists; undefined without any
   */
  read(
    id: string,
    state: State<Inputs, Outputs>,
    context: Context,
  ): Promise<State<Inputs, Outputs> | Lost | undefined>;
  /**
   * Changes the object to match the inputs.
   *
   * @param olds state before; undefined for an object that is adopted
   */
  update(
    id: string,
    olds: State<Inputs, Outputs> | undefined,
    news: Inputs,
    changes: readonly Change[],
    context: Context,
  ): Promise<Outputs>;
  delete(id: string, inputs: Inputs, context: Context, outputs?: Outputs): Promise<void>;
  /**
   * Returns the work that the last run left undone, so that an update is due though no input changed; undefined when
   * there is none.
   *
   * @param news current inputs of the program, which may accept the undone work
   */
  unfinished?(outputs: Outputs, news: Inputs): Unfinished | undefined;
}

/** Context of a check that needs no server. */
export interface Advice extends Context {
  /** Reports a text after the label of the resource: `Application "web": …`. */
  readonly warn: Report;
  /** Reports a whole sentence, such as one about a part of the resource. */
  readonly say: Report;
}

/** An object that exists on the server. */
export interface Existing extends ExistingInputs {
  readonly id: string;
}

/** Origin of a new object. */
export interface Origin<Inputs> {
  /** Id of the object to adopt; may be unknown. Undefined for an object that will be created. */
  readonly adopted?: string | undefined;
  /**
   * Object that is deleted first, with its inputs from the state. Its name becomes free. An entity refuses to lose
   * more than the program has agreed to.
   */
  readonly replaced?: { readonly id: string; readonly inputs: Partial<Inputs> } | undefined;
  /**
   * Gives inputs another value, or removes those that become undefined: the plan shows the result, and the creation gets it.
   * Undefined where the object is not created.
   */
  settle?(inputs: Partial<Inputs>): void;
}

/** Other objects that a change affects. */
export interface Affected {
  /** Service that an update deploys: `application/<id>`, `compose/<id>`. */
  readonly deploys?: string | undefined;
  /** Project or environment whose services get the variables of the input `env`. */
  readonly scope?: SharedScope | undefined;
  /** Project or environment that the run creates, and that gives its services the variables of the input `env`. */
  readonly newScope?: NewScope | undefined;
}

/** Work that a run left undone. */
export interface Unfinished {
  /** Work left elsewhere, as the end of a sentence. */
  readonly remaining?: string | undefined;
}

/** An object that Dokploy no longer has, and that left something behind, or one that has expired. */
export interface Lost {
  readonly isExpired?: true;
  /** Remains of it, in sentences. */
  readonly left: string;
  /** Set when a new object starts without the data of this one. */
  readonly loss?: {
    /** The data that is lost, and the remedy, in sentences. */
    readonly reason: string;
    /** Inputs by which a program agrees. */
    readonly agreement: Readonly<Record<string, unknown>>;
  };
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
