import type { Api, Endpoint, Input, Output } from "./endpoints";

/** Time for which a response is shared: a refresh of a large stack within a low rate limit takes minutes. */
const FRESH_MS = 300_000;

/** Reads of stored data. Every other call changes something, or follows something that is running. */
const LOOK = /^(?!deployment\.).*\.(?:one|all|by[A-Z]\w*|list)$/;

/** Reads of the running state and of the key's user. They are never shared, and do not end the sharing of others. */
const GLANCE = /^(?:docker\.(?:get|read)|user\.get$)/;

/** Server for reads. */
export type Reads = Api & Pick<SharedReads, "begin" | "snapshot">;

/** A response that can be shared, and the time of its request. */
interface Kept {
  readonly at: number;
  readonly answer: Promise<unknown>;
}

/**
 * Shares reads: one read of an object serves all resources that only read. A refresh asks for an application and for
 * each block of its variables, one by one.
 *
 * Nobody gets a response from before a change. Each call of the run that is more than a read ends the sharing of all
 * earlier reads, once it has succeeded or failed. This holds for calls that write, since rows contain parts of each
 * other (an application those of its project). It also holds for calls that follow a deployment, which continues
 * between calls.
 *
 * @example
 * const reads = new SharedReads(new DokployClient(settings));
 * await reads.call("application.one", { applicationId });
 * // A caller that is about to write reads in a separate request.
 * await reads.server.call("application.one", { applicationId });
 */
export class SharedReads implements Reads {
  /** Server without sharing. Calls that change something go through here. */
  readonly server: Api;
  readonly assertSupported?: NonNullable<Api["assertSupported"]>;
  readonly supports?: NonNullable<Api["supports"]>;
  readonly ready?: NonNullable<Api["ready"]>;
  readonly sign?: NonNullable<Api["sign"]>;
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
    if (target.sign) this.sign = target.sign.bind(target);
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
      ...(this.sign ? { sign: this.sign } : {}),
      ...(target.outages ? { outages: target.outages.bind(target) } : {}),
      ...(target.subscribe ? { subscribe: target.subscribe.bind(target) } : {}),
    };
  }

  /** Calls an endpoint, as `Api.call` does. An earlier response may serve a read; the caller gets its own copy. */
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

  /** Announces a reader by its resource. One that comes again needs the current state, and so do all after it. */
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
      // Another read may succeed.
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
