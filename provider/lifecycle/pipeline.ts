import type { Problem } from "../errors";

type Values = Record<string, unknown>;

/** Object without a state; with an empty id when Dokploy has none. */
export interface ImportedObject {
  readonly id: string;
  /** Inputs of the shortest program in which the object stays unchanged. */
  readonly inputs?: Values;
  /** The inputs, the outputs, and what else Dokploy shows, for {@link managed}. */
  readonly props?: Values;
  /** Paths of the inputs that are secrets. */
  readonly secrets?: readonly (readonly string[])[];
}

/** Handlers that Pulumi's dynamic host calls; see `pulumi.dynamic.ResourceProvider`. */
export interface Handlers {
  check(olds: Values, news: Values): Promise<{ inputs: Values; failures: Problem[] }>;
  diff(
    id: string,
    olds: Values,
    news: Values,
  ): Promise<{ changes?: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Values): Promise<{ id: string; outs: Values }>;
  read(id: string, state: Values): Promise<{ id: string; props?: Values; inputs?: Values }>;
  /** Reads an object that no state has yet. Dynamic providers cannot, so their host never calls it. */
  import(id: string): Promise<ImportedObject>;
  update(id: string, olds: Values, news: Values): Promise<{ outs: Values }>;
  delete(id: string, state: Values): Promise<void>;
}

/** Call of a handler, in one form for all of them. */
export interface Call {
  readonly handler: keyof Handlers;
  /** Id of the object; empty for a new one. */
  readonly id: string;
  /** Inputs or outputs in the state; empty for a new object. */
  readonly state: Values;
  /** Inputs of the program; empty where the program has none. */
  readonly news: Values;
}

/** Results of all handlers together, as far as steps change them. */
export interface Answer {
  readonly inputs?: Values;
  readonly failures?: Problem[];
  readonly id?: string;
  /** Outputs of `create` and `update`. */
  readonly outs?: Values;
  /** Outputs of `read`. */
  readonly props?: Values;
}

/** Step that each call of a handler passes. */
export interface Step {
  /**
   * Sees the call before the handler does.
   *
   * @returns the call with other values; undefined to leave it as it is
   * @throws an error that refuses the call
   */
  before?(call: Call): Call | undefined;
  /** Returns the result with other values. */
  after?(answer: Answer, call: Call): Answer | Promise<Answer>;
  /** Returns the error to throw instead; undefined for the same one, which may be changed in place. */
  failed?(error: Error, call: Call): Error | undefined | Promise<Error | undefined>;
}

/**
 * Returns handlers whose calls pass the steps: on the way in from the first to the last, on the way out from the last
 * to the first. Each step sees the call on the way out as on the way in.
 */
export function pipeline(handlers: Handlers, steps: readonly Step[]): Handlers {
  const run = async (first: Call): Promise<Answer> => {
    const passed: { step: Step; call: Call }[] = [];
    let call = first;
    try {
      for (const step of steps) {
        passed.unshift({ step, call });
        call = step.before?.(call) ?? call;
      }
      let answer = ((await perform(handlers, call)) ?? {}) as Answer;
      for (const { step, call } of passed) answer = (await step.after?.(answer, call)) ?? answer;
      return answer;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      let last = error;
      for (const { step, call } of passed) last = (await step.failed?.(last, call)) ?? last;
      throw last;
    }
  };
  const none: Values = {};
  // The handler decides the form of its result, and no step changes it.
  const as = <H extends keyof Handlers>(call: Call & { handler: H }) =>
    run(call) as unknown as ReturnType<Handlers[H]>;
  return {
    check: (state, news) => as({ handler: "check", id: "", state, news }),
    diff: (id, state, news) => as({ handler: "diff", id, state, news }),
    create: (news) => as({ handler: "create", id: "", state: none, news }),
    import: (id) => as({ handler: "import", id, state: none, news: none }),
    read: (id, state) => as({ handler: "read", id, state, news: none }),
    update: (id, state, news) => as({ handler: "update", id, state, news }),
    delete: (id, state) => as({ handler: "delete", id, state, news: none }),
  };
}

function perform(handlers: Handlers, { handler, id, state, news }: Call): Promise<unknown> {
  switch (handler) {
    case "check":
      return handlers.check(state, news);
    case "diff":
      return handlers.diff(id, state, news);
    case "create":
      return handlers.create(news);
    case "read":
      return handlers.read(id, state);
    case "import":
      return handlers.import(id);
    case "update":
      return handlers.update(id, state, news);
    case "delete":
      return handlers.delete(id, state);
  }
}
