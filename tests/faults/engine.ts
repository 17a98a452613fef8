import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { identityKey } from "../../provider/pulumi/identity";
import { serverKey } from "../../provider/pulumi/stack-state";

type Values = Record<string, unknown>;

/** What a preview shows of one resource. */
export interface Plan {
  readonly op: "create" | "adopt" | "update" | "replace" | "delete" | "same";
  /** Names of the inputs that it shows as changed, down to the keys of maps. */
  readonly names: readonly string[];
}

/** What Pulumi's state knows of the one resource of a story. */
interface State {
  id: string;
  inputs: Values;
  outputs: Values;
  /** The last creation or update failed but left an object: the next run updates it in any case. */
  unfinished: boolean;
  /** It was deleted, and what replaces it was not made yet. */
  pendingReplacement: boolean;
}

/**
 * What Pulumi's engine does around the handlers of a resource, as its step generator and step executor do it:
 * - `check` gets the old inputs, `diff`, `update`, `delete` and `read` the old outputs.
 * - A `diff` that names no changes is decided by comparing the inputs.
 * - A failed creation leaves nothing in the state, a failed update or deletion the old outputs. An error with `id` and
 *   `properties` is kept as they are, together with the new inputs.
 * - A replacement is checked as a creation, then the old object is deleted, then the new one made; where `diff` says so, the
 *   old one is deleted after that, and by the next run where that fails.
 * - A refresh keeps what was read, and forgets that the last operation was unfinished.
 */
export class Engine {
  private state: State | undefined;
  /** What was replaced, and is not deleted yet. */
  private replaced: State | undefined;
  /** Whether the last check went well: after one that did not, the program ends and nothing is deleted. */
  isAllowed = true;

  /**
   * @param turn runs a creation, an update or a deletion when its turn has come; left out, at once
   * @param identity which resource of the program it is
   */
  constructor(
    private readonly turn: <T>(step: () => Promise<T>) => Promise<T> = (step) => step(),
    private readonly identity: string = randomUUID(),
  ) {}

  /** Its part of one `pulumi up`. Without a goal the program no longer has the resource. */
  async up(handlers: Handlers, goal: Values | undefined): Promise<void> {
    await this.removeReplaced(handlers);
    if (goal) await this.reach(handlers, this.asked(goal));
    else await this.remove(handlers);
  }

  /** Its part of one `pulumi preview`. */
  async preview(handlers: Handlers, goal: Values | undefined, refresh: boolean): Promise<Plan> {
    if (refresh) {
      const seen = this.copy(this.identity);
      await seen.refresh(handlers);
      return await seen.preview(handlers, goal, false);
    }
    const { state } = this;
    if (!goal) return { op: state ? "delete" : "same", names: namesOf(state?.outputs, undefined) };
    const asked = this.asked(goal);
    const news = await this.check(handlers, state?.inputs ?? {}, asked);
    if (!state)
      return {
        op: "import" in goal || "adopts" in goal ? "adopt" : "create",
        names: namesOf(undefined, news),
      };
    const diff = await handlers.diff(state.id, asSent(state.outputs), asSent(news));
    const changes = diff.changes ?? !isDeepStrictEqual(state.inputs, news);
    const names = namesOf(state.inputs, news).concat(namesOf(pick(state.outputs, news), news));
    if (state.pendingReplacement || (diff.replaces ?? []).length > 0) {
      await this.check(handlers, {}, asked);
      // All of the new object is made anew, also what is as it was in the old one.
      return { op: "replace", names: names.concat(namesOf(undefined, news)) };
    }
    const isLeft = this.replaced !== undefined;
    return { op: changes || state.unfinished ? "update" : isLeft ? "delete" : "same", names };
  }

  /** Another resource with the same object, as a state may have it. */
  copy(identity?: string): Engine {
    const copy = new Engine(this.turn, identity);
    copy.state = structuredClone(this.state);
    copy.replaced = structuredClone(this.replaced);
    return copy;
  }

  /** As an exported state has it; none when there is no object. */
  exported(kind: string, name: string): object[] {
    if (!this.state) return [];
    const urn = `urn:pulumi:test::story::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;
    return [{ urn, ...this.state }];
  }

  /** Its part of one `pulumi refresh`. */
  async refresh(handlers: Handlers): Promise<void> {
    if (!this.state) return;
    // A step before these handlers adds the server to each state, by which a read sees that it is one.
    const state = { ...asSent(this.state.outputs), [serverKey]: "https://dokploy.example.com" };
    const live = await handlers.read(this.state.id, state);
    if (live.id === "") {
      this.state = undefined;
      return;
    }
    const { [serverKey]: _, ...outputs } = asSent(live.props ?? {});
    const inputs = live.inputs ? asSent(live.inputs) : this.state.inputs;
    this.state = { ...this.state, inputs, outputs, unfinished: false };
  }

  /** `pulumi state delete`. */
  forget(): void {
    this.state = undefined;
  }

  /** The object's id; undefined when there is none. */
  get id(): string | undefined {
    return this.state?.id;
  }

  /** The inputs with what the class of the resource adds; `adopts` is the id that the adoption file gives. */
  private asked({ adopts, ...goal }: Values): Values {
    const { identity } = this;
    return {
      ...goal,
      __provider: "the text that names the handlers",
      [identityKey]: {
        identity,
        name: String(goal["name"] ?? "it"),
        ...(adopts === undefined ? {} : { adopts }),
      },
    };
  }

  private async reach(handlers: Handlers, goal: Values): Promise<void> {
    const { state } = this;
    const news = await this.check(handlers, state?.inputs ?? {}, goal);
    if (!state) return await this.create(handlers, news);
    const diff = await handlers.diff(state.id, asSent(state.outputs), asSent(news));
    const changes = diff.changes ?? !isDeepStrictEqual(state.inputs, news);
    if (state.pendingReplacement || (changes && (diff.replaces ?? []).length > 0)) {
      const checked = await this.check(handlers, {}, goal);
      if (diff.deleteBeforeReplace === false) {
        await this.create(handlers, checked);
        this.replaced = state;
        return await this.removeReplaced(handlers);
      }
      if (!state.pendingReplacement) {
        await this.turn(() => handlers.delete(state.id, asSent(state.outputs)));
        state.pendingReplacement = true;
      }
      return await this.create(handlers, checked);
    }
    if (changes || state.unfinished) await this.update(handlers, state, news);
    else state.inputs = news;
  }

  private async check(handlers: Handlers, olds: Values, goal: Values): Promise<Values> {
    this.isAllowed = false;
    const { inputs, failures } = await handlers.check(asSent(olds), asSent(goal));
    this.isAllowed = failures.length === 0;
    if (this.isAllowed) return asSent(inputs);
    throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  }

  private async create(handlers: Handlers, news: Values): Promise<void> {
    const made = { inputs: news, unfinished: false, pendingReplacement: false };
    try {
      const { id, outs } = await this.turn(() => handlers.create(asSent(news)));
      this.state = { ...made, id, outputs: asSent(outs) };
    } catch (error) {
      if (isPartial(error)) {
        this.state = { ...made, id: error.id, outputs: asSent(error.properties), unfinished: true };
      }
      throw error;
    }
  }

  private async update(handlers: Handlers, state: State, news: Values): Promise<void> {
    try {
      const { outs } = await this.turn(() => handlers.update(state.id, asSent(state.outputs), asSent(news)));
      this.state = { ...state, inputs: news, outputs: asSent(outs), unfinished: false };
    } catch (error) {
      if (isPartial(error)) {
        this.state = { ...state, inputs: news, outputs: asSent(error.properties), unfinished: true };
      }
      throw error;
    }
  }

  private async removeReplaced(handlers: Handlers): Promise<void> {
    const { replaced } = this;
    if (!replaced) return;
    await this.turn(() => handlers.delete(replaced.id, asSent(replaced.outputs)));
    this.replaced = undefined;
  }

  private async remove(handlers: Handlers): Promise<void> {
    if (!this.state) return;
    const { id, outputs, pendingReplacement } = this.state;
    if (!pendingReplacement) await this.turn(() => handlers.delete(id, asSent(outputs)));
    this.state = undefined;
  }
}

function pick(values: Values, like: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in like));
}

/** The names, at any depth, whose values differ. */
function namesOf(old: unknown, now: unknown): string[] {
  if (isDeepStrictEqual(old, now)) return [];
  const isMap = (value: unknown): value is Values =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap(old) && !isMap(now)) return [];
  const [before, after] = [isMap(old) ? old : {}, isMap(now) ? now : {}];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    isDeepStrictEqual(before[name], after[name]) ? [] : [name, ...namesOf(before[name], after[name])],
  );
}

function isPartial(error: unknown): error is Error & { id: string; properties: Values } {
  return error instanceof Error && "id" in error && "properties" in error;
}

/**
 * Values as they travel between engine and provider: no `undefined`, secrets without their mark, and the names of every
 * map in the order of the alphabet, whatever order the program gave them in.
 */
function asSent(values: Values): Values {
  return JSON.parse(JSON.stringify(values), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if (runtime.specialSigKey in value && "value" in value) return value.value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  }) as Values;
}
