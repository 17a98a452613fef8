import { isRecord } from "../../packages/values";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { differing, markedLike, unmarked, type Values } from "./values";

/** A resource in the state of a stack. */
export interface Resource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  inputs: Values;
  outputs: Values;
  dependencies: string[];
  /** URNs that each input takes a value from. */
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  /** Errors of its last creation or update, after which the next run updates it in any case. */
  initErrors?: string[];
}

/** The state of a stack. */
export interface Checkpoint {
  resources: Resource[];
  /** Creations and the like that a killed run left. */
  pending: { type: "creating" | "updating" | "deleting"; resource: Resource }[];
}

/** One step of a run or a plan. */
export interface Step {
  readonly op: "create" | "update" | "replace" | "delete" | "same";
  readonly urn: string;
  readonly old?: Resource | undefined;
  readonly new?: Resource | undefined;
  /** Paths of inputs that differ. */
  readonly diff: ReadonlyMap<string, string>;
}

/** What a program asks for. */
export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly parent: string | undefined;
  readonly inputs: Values;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, string[]>>;
  readonly protect: boolean;
  /** True for a resource that stays as it is, by `ignoreChanges: ["*"]`. */
  readonly isKept: boolean;
  /** Former URNs. */
  readonly aliases: readonly string[];
}

/** What a program learns of a resource. */
export interface Registered {
  readonly urn: string;
  /** Undefined while it is not known. */
  readonly id: string | undefined;
  readonly outputs: Values;
}

/** An error after which a run goes no further. */
export class Failed extends Error {}

type HandlersOf = (type: string) => Handlers | undefined;

/**
 * Pulumi's engine around the handlers of dynamic providers, as its step generator and its step executor work: one resource
 * after the other is compared, and the steps go side by side. `preview` changes nothing, and gives the inputs as the outputs
 * of what it would change, as Pulumi does for providers without a preview.
 */
export class Engine {
  readonly steps: Step[] = [];
  /** Failed steps, with their messages. */
  readonly errors: { readonly urn: string; readonly message: string }[] = [];
  private readonly seen = new Set<string>();
  /** URNs of the state that the run has taken up under another one. */
  private readonly renamed = new Set<string>();
  private readonly components = new Map<string, Resource>();
  private generating: Promise<unknown> = Promise.resolve();
  private readonly executing = new Set<Promise<unknown>>();

  /**
   * @param state the state of the stack, which an update changes as it goes
   * @param handlersOf returns the handlers of a type; undefined for one of the engine itself
   */
  constructor(
    private readonly state: Checkpoint,
    private readonly handlersOf: HandlersOf,
    private readonly isPreview: boolean,
  ) {}

  get hasFailed(): boolean {
    return this.errors.length > 0;
  }

  /** Ends the program of a killed run. */
  abandon(): void {
    this.errors.push({ urn: "", message: "killed" });
  }

  /** Takes up a resource of the program. @throws Failed after an error, also one of another resource */
  async register(goal: Goal): Promise<Registered> {
    const turn = this.generating.then(() => this.generate(goal));
    this.generating = turn.catch(() => undefined);
    const execute = await turn;
    const done = execute();
    this.executing.add(done);
    try {
      return await done;
    } finally {
      this.executing.delete(done);
    }
  }

  /** Keeps the outputs that a component registers. */
  complete(urn: string, outputs: Values): void {
    const component = this.components.get(urn);
    if (component !== undefined) component.outputs = outputs;
  }

  /** Ends the run: waits for its steps, and deletes what the program no longer has. */
  async end(isComplete: boolean): Promise<void> {
    while (this.executing.size > 0) await Promise.allSettled([...this.executing]);
    if (!isComplete || this.hasFailed) return;
    const gone = this.state.resources.filter(({ urn }) => !this.seen.has(urn) && !this.renamed.has(urn));
    for (const old of gone.reverse()) if (!this.hasFailed) await this.remove(old, "delete");
  }

  /** Compares a resource, and returns what brings it about. */
  private async generate(goal: Goal): Promise<() => Promise<Registered>> {
    if (this.hasFailed) throw new Failed("the run has failed");
    const { urn } = goal;
    if (this.seen.has(urn)) throw this.fail(urn, `Duplicate resource URN '${urn}'`);
    this.seen.add(urn);
    const old = this.formerOf(goal);
    const handlers = goal.custom ? this.handlersOf(goal.type) : undefined;
    if (handlers === undefined) return async () => this.own(goal, old);
    const asked = goal.isKept && old !== undefined ? { ...goal, inputs: old.inputs } : goal;
    const inputs = await this.checked(asked, handlers, old?.inputs ?? {});
    if (old === undefined)
      return () => this.carryOut("create", goal, inputs, old, () => handlers.create(unmarked(inputs)));
    const { id = "" } = old;
    const [before, now] = [unmarked(old.outputs), unmarked(inputs)];
    const diff = await this.tried(urn, () => handlers.diff(id, before, now));
    const changes = diff.changes ?? differing(old.inputs, inputs).size > 0;
    const replaces = changes && (diff.replaces ?? []).length > 0;
    if (replaces) return () => this.replace(goal, handlers, old, diff.deleteBeforeReplace === true);
    if (!changes && (old.initErrors ?? []).length === 0)
      return async () => this.keep("same", goal, inputs, old.outputs, id, old);
    return () => this.carryOut("update", goal, inputs, old, () => handlers.update(id, before, now));
  }

  private checked({ urn, inputs: news }: Goal, handlers: Handlers, olds: Values): Promise<Values> {
    return this.tried(urn, async () => {
      const { failures, inputs } = await handlers.check(unmarked(olds), unmarked(news));
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
      return markedLike(inputs, news) as Values;
    });
  }

  private formerOf({ urn, aliases }: Goal): Resource | undefined {
    const find = (name: string) => this.state.resources.find((one) => one.urn === name);
    const isFree = (alias: string) => find(alias) && !this.seen.has(alias) && !this.renamed.has(alias);
    const alias = find(urn) === undefined ? aliases.find(isFree) : undefined;
    if (alias !== undefined) this.renamed.add(alias);
    return find(alias ?? urn);
  }

  /** Takes up a resource that has no provider: a component, the stack. */
  private own(goal: Goal, old: Resource | undefined): Registered {
    const id = goal.custom ? (old?.id ?? "made") : undefined;
    return this.keep(old === undefined ? "create" : "same", goal, goal.inputs, goal.inputs, id, old);
  }

  /** Creates or updates a resource; an error that says what is there now is kept with it. */
  private async carryOut(
    op: "create" | "update" | "replace",
    goal: Goal,
    inputs: Values,
    old: Resource | undefined,
    work: () => Promise<{ id?: string; outs?: Values }>,
  ): Promise<Registered> {
    const planned = resourceOf(goal, inputs, inputs, op === "update" ? old?.id : undefined);
    this.steps.push({ op, urn: goal.urn, old, new: planned, diff: differing(old?.inputs ?? {}, inputs) });
    const id = op === "update" ? old?.id : undefined;
    if (this.isPreview) return { urn: goal.urn, id, outputs: inputs };
    const keep = (outs: Values, id: string | undefined, initErrors?: string[]) => {
      const outputs = { ...(markedLike(outs, inputs) as Values), ...providerOf(inputs) };
      const made = { ...resourceOf(goal, inputs, outputs, id), ...(initErrors && { initErrors }) };
      this.store(made, old);
      return { urn: goal.urn, id, outputs };
    };
    const pending = {
      type: op === "update" ? ("updating" as const) : ("creating" as const),
      resource: planned,
    };
    this.state.pending.push(pending);
    try {
      const made = await work();
      return keep(made.outs ?? {}, made.id ?? id);
    } catch (error) {
      if (isPartial(error)) keep(error.properties, error.id, [messageOf(error)]);
      throw this.fail(goal.urn, messageOf(error));
    } finally {
      this.state.pending = this.state.pending.filter((one) => one !== pending);
    }
  }

  /** Replaces a resource. Nothing of the table replaces one that others take inputs from, which would go with it. */
  private async replace(goal: Goal, handlers: Handlers, old: Resource, first: boolean): Promise<Registered> {
    const inputs = await this.checked(goal, handlers, {});
    if (first && !this.isPreview) await this.remove(old);
    const done = await this.carryOut("replace", goal, inputs, first ? undefined : old, () =>
      handlers.create(unmarked(inputs)),
    );
    if (!first && !this.isPreview) await this.remove(old);
    return done;
  }

  private async remove(old: Resource, op?: "delete"): Promise<void> {
    if (op !== undefined) this.steps.push({ op, urn: old.urn, old, diff: new Map() });
    if (old.protect) this.fail(old.urn, `resource "${old.urn}" cannot be deleted\nbecause it is protected.`);
    if (old.protect || this.isPreview) return;
    await this.tried(old.urn, async () =>
      this.handlersOf(old.type)?.delete(old.id ?? "", unmarked(old.outputs)),
    );
    if (op !== undefined || this.state.resources.includes(old)) forget(this.state, old.urn);
  }

  private async tried<T>(urn: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.fail(urn, messageOf(error));
    }
  }

  private fail(urn: string, message: string): Failed {
    this.errors.push({ urn, message });
    return new Failed(message);
  }

  private keep(
    op: "create" | "same",
    goal: Goal,
    inputs: Values,
    outputs: Values,
    id: string | undefined,
    old: Resource | undefined,
  ): Registered {
    const resource = resourceOf(goal, inputs, outputs, id);
    this.steps.push({ op, urn: goal.urn, old, new: resource, diff: new Map() });
    this.store(resource, old);
    if (!goal.custom) this.components.set(goal.urn, resource);
    return { urn: goal.urn, id, outputs };
  }

  /** Puts a resource into the state, in the place of another one. What others depend on comes first. */
  private store(resource: Resource, old: Resource | undefined): void {
    if (this.isPreview) return;
    this.state.resources = [...this.state.resources.filter((one) => one !== old), resource];
  }
}

function resourceOf(goal: Goal, inputs: Values, outputs: Values, id: string | undefined): Resource {
  const { urn, type, custom, parent, protect, dependencies, propertyDependencies } = goal;
  return {
    ...{ urn, type, custom, protect, inputs, outputs },
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined ? {} : { parent }),
    dependencies: [...dependencies],
    propertyDependencies: { ...propertyDependencies },
  };
}

/** Reads every resource of a state again, as `pulumi refresh` does. */
export async function refresh(
  state: Checkpoint,
  handlersOf: HandlersOf,
): Promise<Pick<Engine, "steps" | "errors">> {
  const steps: Step[] = [];
  const errors: { urn: string; message: string }[] = [];
  for (const old of [...state.resources]) {
    const handlers = handlersOf(old.type);
    if (handlers === undefined || old.id === undefined) continue;
    try {
      const read = await handlers.read(old.id, unmarked(old.outputs));
      if (read.id === "") {
        steps.push({ op: "delete", urn: old.urn, old, diff: new Map() });
        forget(state, old.urn);
        continue;
      }
      const like = (values: unknown, own: Values) => ({
        ...(markedLike(values, own) as Values),
        ...providerOf(old.inputs),
      });
      const inputs = read.inputs === undefined ? old.inputs : like(read.inputs, old.inputs);
      const outputs = like(read.props ?? {}, old.outputs);
      // As the engine, which compares what it shows: outputs, without those that begin like its own.
      const isShown = ([path]: [string, unknown]) => !path.startsWith("__");
      const diff = new Map([...differing(old.outputs, outputs)].filter(isShown));
      if (diff.size > 0)
        steps.push({ op: "update", urn: old.urn, old: { ...old }, new: { ...old, inputs, outputs }, diff });
      Object.assign(old, { inputs, outputs });
      delete old.initErrors;
    } catch (error) {
      errors.push({ urn: old.urn, message: messageOf(error) });
    }
  }
  return { steps, errors };
}

/** Takes a resource out of a state. */
function forget(state: Checkpoint, urn: string): void {
  state.resources = state.resources.filter((one) => one.urn !== urn);
  for (const other of state.resources) {
    other.dependencies = other.dependencies.filter((one) => one !== urn);
    for (const [name, from] of Object.entries(other.propertyDependencies))
      other.propertyDependencies[name] = from.filter((one) => one !== urn);
  }
}

/** The text that names the handlers, which the host of dynamic providers adds to what they return. */
function providerOf({ __provider }: Values): Values {
  return __provider === undefined ? {} : { __provider };
}

function messageOf(error: unknown): string {
  if (isPartial(error) && Array.isArray(error.reasons)) return error.reasons.join("\n");
  return isRecord(error) && typeof error["message"] === "string" ? error["message"] : String(error);
}

/** The provider's process throws copies of its errors, which are no instances of a class. */
function isPartial(error: unknown): error is { id: string; properties: Values; reasons?: unknown } {
  return isRecord(error) && typeof error["id"] === "string" && "properties" in error;
}
