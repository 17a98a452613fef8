import type { z } from "zod";
import type { Problem } from "../errors/problem";
import type { Claims } from "../run/claims";
import type { SharedScope } from "../run/shared-plans";
import type { Change } from "../schema/changes";
import type { Context } from "./context";

/** What the state has of a resource: the inputs are those that its schema names, all else are outputs. */
export interface State<Inputs, Outputs> {
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

/**
 * What one resource is: its inputs, and what Dokploy calls observe, make, change and delete it.
 * `Inputs` is what the program gives (checked), `Outputs` what comes on top of it in the state.
 */
export interface Definition<Inputs, Outputs> {
  /** `Application`: for ever, since the state of every stack names it. */
  readonly kind: string;
  /** Types and docs of the inputs, with how each is kept in Dokploy. */
  readonly schema: z.ZodObject;
  /**
   * Set where several resources may have the same id, since each has but a part of the object. Without it an object has
   * one resource, and is only deleted with that.
   */
  readonly sharesObject?: true;
  /** Set where the object is there whatever a program says: a deletion calls nothing, and warns that it stays as it is. */
  readonly outlivesDeletion?: true;
  /**
   * The inputs that tell one from another of a server; none where a server has but one. Two of a program that are the same are
   * refused before anything is changed. Left out where that is found in another way.
   */
  readonly key?: readonly (keyof Inputs & string)[];
  /** Whether a replacement is made before what it replaces is deleted: there may be both. Default: never. */
  replacesBeforeDeleting?(olds: Partial<Inputs>, news: Partial<Inputs>): boolean;
  /**
   * Rules beyond types that need no server. May see inputs that are not known yet.
   *
   * @param advise the settings, and a `warn` that tells the same but once; undefined when they cannot be used
   * @param resource which resource of the program it is
   * @param compose identity of the Compose resource, for an object that names a service of its file
   */
  check?(
    inputs: Partial<Inputs>,
    advise: () => Context | undefined,
    resource: string,
    compose?: string,
  ): Problem[];
  /**
   * What a text that stands in the place of an id is instead, as far as the server tells: a sentence without its full stop
   * that does not repeat it; undefined where nothing is known.
   */
  explainId?(path: readonly PropertyKey[], text: string, context: Context): Promise<string | undefined>;
  /** True when variables beside those given may stand in the same text, so that references to them are fine. */
  sharesText?(inputs: Partial<Inputs>): boolean;
  /**
   * What can be known of the server before something new is made: reads only. Asked at preview; values may be unknown, and
   * then all is said that the others tell.
   *
   * @param replaced id of what is deleted before this is made, so that its name is free by then
   * @throws whatever the creation would be refused for
   */
  preflight?(inputs: Inputs, context: Context, replaced: string | undefined): Promise<void>;
  /** How the resource option `import` takes over what exists; left out where nothing can be taken over. */
  readonly adoption?: Adoption<Inputs, Outputs>;
  /**
   * Asked at preview before something is deleted so that a new one can be made in its place; inputs may be unknown.
   *
   * @param former what gets deleted, with the inputs that the state has of it
   * @throws CheckFailedError when more would be lost than the program has agreed to
   */
  assertReplaceable?(
    former: { readonly id: string; readonly inputs: Partial<Inputs> },
    inputs: Inputs,
    context: Context,
  ): Promise<void>;
  /**
   * What references to variables elsewhere will not find, and warnings about what a planned change does: reads only.
   * Asked at preview for what is new (without an id) and what changes; values may be unknown. The setting
   * `dokploy:references` decides about the problems.
   */
  previewChecks?(inputs: Inputs, context: Context, planned: Planned): Promise<Problem[]>;
  /** The project or environment whose variables the input `env` gives to services; undefined when it does not. */
  sharedScope?(id: string | undefined, inputs: Inputs): SharedScope | undefined;
  /** `application/<id>`, `compose/<id>`: the service that an update deploys. */
  deploys?(id: string | undefined, inputs: Inputs): string | undefined;
  /** The outputs, where another resource of the run could not deploy that service and leaves it to this one. */
  leaveTo?(outputs: Outputs): Outputs;
  /** The volumes of its containers, as far as they are known: of these a deletion tells. */
  volumes?(inputs: Partial<Inputs>, outputs: Partial<Outputs>): readonly Volume[];
  /** @throws PartialFailureError when the object was made but the rest failed */
  create(inputs: Inputs, context: Context): Promise<{ id: string; outputs: Outputs }>;
  /** The inputs and outputs as they are now; undefined when the object is gone. */
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
  /** How messages call it: `Application "web"`. Default: the kind with the id. Values may be unknown. */
  label?(inputs: Partial<Inputs>, claims: Context["claims"]): string | undefined;
  /** True where the settings leave it out of this run: what an earlier run could not do then waits for another. */
  isLeftOut?(inputs: Inputs, context: Context): boolean;
  /** Told of every resource that stays, also when nothing changes. Must not call the server. */
  claim?(id: string, inputs: Inputs, claims: Claims): void;
  /**
   * True when the object is gone, and something that it brought may still be at work: it is deleted with that, and made anew
   * where the program has it.
   */
  isLost?(outputs: Outputs): boolean;
  /**
   * True when the last run left work undone, so that an update is due though no input changed.
   *
   * @param news what the program asks for now, which may be to leave it so
   */
  unfinished?(outputs: Outputs, news: Inputs): boolean;
  /** What is left to do elsewhere, as the end of a sentence that tells of it. */
  left?(outputs: Outputs): string | undefined;
}

/** What the resource option `import` does. */
export interface Adoption<Inputs, Outputs> {
  /** @throws CheckFailedError when there is nothing of this id */
  exists(id: string, context: Context): Promise<void>;
  /**
   * Says at preview what adopting it changes: reads only; values may be unknown.
   *
   * @throws CheckFailedError when it is not there, or cannot become what the inputs ask for
   */
  preflight(id: string, inputs: Inputs, context: Context): Promise<void>;
  /** Brings it to what the inputs ask for. */
  adopt(id: string, inputs: Inputs, context: Context): Promise<Outputs>;
}

/** A volume with data on the server. */
export interface Volume {
  readonly name: string;
  /** Whether a new one in the place of what has it begins with another volume, which is empty. */
  readonly isOwn: boolean;
}

/** A change that a plan holds. */
export interface Planned {
  /** Left out for what is new, or adopted. */
  id?: string;
  /** Id of what is adopted. */
  adopted?: string | undefined;
  /** What the state has; left out for what is new, or adopted. */
  olds?: State<object, object>;
  changes: readonly Change[];
}
