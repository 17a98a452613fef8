import type { Api, Endpoint, Input, Output } from "./endpoints";

/** How long an answer serves others: a refresh of a large stack within a low rate limit takes minutes. */
const FRESH_MS = 300_000;

/** Reads of what is kept. Every other call changes something, or tells that something goes on. */
const LOOK = /^(?!deployment\.).*\.(?:one|all|by[A-Z]\w*|list)$/;

/** Reads of what runs, and of the key's user: they are asked for each time, and end no sharing where one only looks. */
const GLANCE = /^(?:docker\.(?:get|read)|user\.get$)/;

/** A server for those who only look. */
export type Reads = Api & Pick<SharedReads, "begin" | "snapshot">;

/** An answer that others may have too, and when it was asked for. */
interface Kept {
  readonly at: number;
  readonly answer: Promise<unknown>;
}

/**
 * A server as those see it who only look: one read of an object serves all of them. A refresh asks for an application
 * and for each block of its variables, one by one.
 *
 * Nobody gets what was asked for before something changed. Each call of the run that is more than a look ends, once it has
 * its answer or failed, the sharing of all that was asked for until then: those that write, since rows hold parts of each
 * other (an application those of its project), and those that follow a deployment, which goes on between calls.
 *
 * @example
 * const reads = new SharedReads(new DokployClient(settings));
 * await reads.call("application.one", { applicationId });
 * // What is going to write reads for itself.
 * await reads.server.call("application.one", { applicationId });
 */
export class SharedReads implements Reads {
  /** The same server, asked by every call. What the run changes goes through here. */
  readonly server: Api;
  readonly assertSupported?: NonNullable<Api["assertSupported"]>;
  readonly supports?: NonNullable<Api["supports"]>;
  readonly ready?: NonNullable<Api["ready"]>;
  private readonly kept = new Map<string, Kept>();
  private readonly looking = new Set<string>();

  /** @param now milliseconds that never go back */
  constructor(
    private readonly target: Api,
    private readonly now: () => number = () => performance.now(),
  ) {
    if (target.assertSupported) this.assertSupported = target.assertSupported.bind(target);
    if (target.supports) this.supports = target.supports.bind(target);
    if (target.ready) this.ready = target.ready.bind(target);
    this.server = {
      call: async (endpoint, input) => {
        if (LOOK.test(endpoint)) return await target.call(endpoint, input);
        try {
          return await target.call(endpoint, input);
        } finally {
          this.forget();
        }
      },
      ...(this.assertSupported ? { assertSupported: this.assertSupported } : {}),
      ...(this.supports ? { supports: this.supports } : {}),
      ...(this.ready ? { ready: this.ready } : {}),
      ...(target.subscribe ? { subscribe: target.subscribe.bind(target) } : {}),
    };
  }

  /** As `Api.call`. A look may be answered by what was asked for before; the answer is the caller's own copy. */
  async call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    if (GLANCE.test(endpoint)) return await this.target.call(endpoint, input);
    if (!LOOK.test(endpoint)) return await this.server.call(endpoint, input);
    const now = this.now();
    const key = keyOf(endpoint, input);
    const kept = this.kept.get(key);
    if (kept !== undefined && now - kept.at < FRESH_MS) {
      return structuredClone((await kept.answer) as Output<E>);
    }
    return await this.ask(key, endpoint, input, now);
  }

  /** Returns the server as one plan sees it: each object is read once, also where the run changes others meanwhile. */
  snapshot(): Reads {
    const seen = new Map<string, Promise<unknown>>();
    return {
      ...this.server,
      begin: (reader) => this.begin(reader),
      snapshot: () => this.snapshot(),
      call: async (endpoint, input) => {
        if (!LOOK.test(endpoint)) return await this.call(endpoint, input);
        const key = keyOf(endpoint, input);
        const answer = seen.get(key) ?? this.call(endpoint, input);
        seen.set(key, answer);
        return structuredClone((await answer) as Output<typeof endpoint>);
      },
    };
  }

  /**
   * Says who is going to look. Somebody who looks once more wants to see what is there now, and so do all after it.
   *
   * @param reader names a resource
   */
  begin(reader: string): void {
    if (this.looking.has(reader)) {
      this.looking.clear();
      this.forget();
    }
    this.looking.add(reader);
  }

  private async ask<E extends Endpoint>(
    key: string,
    endpoint: E,
    input: Input<E>,
    now: number,
  ): Promise<Output<E>> {
    const { target } = this;
    const mine: Kept = { at: now, answer: (target.look ?? target.call).call(target, endpoint, input) };
    this.kept.delete(key);
    this.kept.set(key, mine);
    this.dropOld(now);
    try {
      return structuredClone((await mine.answer) as Output<E>);
    } catch (error) {
      // Another look may succeed.
      if (this.kept.get(key) === mine) this.kept.delete(key);
      throw error;
    }
  }

  private forget(): void {
    this.kept.clear();
  }

  /** The oldest come first. */
  private dropOld(now: number): void {
    for (const [key, { at }] of this.kept) {
      if (now - at < FRESH_MS) return;
      this.kept.delete(key);
    }
  }
}

function keyOf(endpoint: Endpoint, input: object): string {
  return `${endpoint} ${JSON.stringify(input)}`;
}
