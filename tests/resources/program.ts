import { Engine } from "../faults/engine";
import type { Kind } from "../faults/world";
import type { Server } from "./server";

/** A resource of a program, with its inputs as Pulumi sends them. */
export interface Declared {
  readonly kind: Kind;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the resources that must have ended well before this one is looked at. */
  readonly after?: readonly string[];
}

export interface RunOptions {
  /** Steps at a time, as `--parallel` says. Default: 16. */
  readonly parallel?: number;
  /** `pulumi up --refresh` */
  readonly refresh?: boolean;
}

/**
 * A program and its stack: each `up` is a run of the provider in a process of its own, in which the resources go side by
 * side as Pulumi lets them. What does not depend on another is checked and compared at once; a step begins when a worker
 * is free, and after a failure no more begin.
 */
export class Program {
  private readonly engines = new Map<string, Engine>();
  private turn: <T>(step: () => Promise<T>) => Promise<T> = (step) => step();

  constructor(private readonly server: Server) {}

  /** @returns the errors by the name of the resource; none when the run is green */
  async up(
    resources: Readonly<Record<string, Declared>>,
    { parallel = 16, refresh = false }: RunOptions = {},
  ): Promise<Record<string, string>> {
    const errors: Record<string, string> = {};
    const workers = new Workers(parallel);
    this.turn = (step) => workers.run(step);
    if (refresh) {
      for (const [name, { kind }] of Object.entries(resources)) {
        await this.engines.get(name)?.refresh(this.server.of(kind));
      }
    }
    const ended = new Map<string, Promise<boolean>>();
    for (const [name, { kind, inputs, after = [] }] of Object.entries(resources)) {
      const before = after.map((other) => {
        const found = ended.get(other);
        if (!found) throw new Error(`${name} comes before ${other}.`);
        return found;
      });
      const work = async (): Promise<boolean> => {
        if (!(await Promise.all(before)).every(Boolean)) return false;
        try {
          await this.engineOf(name).up(this.server.of(kind), { ...inputs });
          return true;
        } catch (error) {
          if (error instanceof Cancelled) return false;
          workers.stop();
          errors[name] = error instanceof Error ? error.message : String(error);
          return false;
        }
      };
      ended.set(name, work());
    }
    await Promise.all(ended.values());
    return errors;
  }

  private engineOf(name: string): Engine {
    const engine = this.engines.get(name) ?? new Engine((step) => this.turn(step));
    this.engines.set(name, engine);
    return engine;
  }

  /** The state forgets the resource, which stays on the server. */
  forget(name: string): void {
    this.engines.delete(name);
  }

  /** @throws when the program has not made it */
  id(name: string): string {
    const id = this.engines.get(name)?.id;
    if (id === undefined) throw new Error(`There is no ${name}.`);
    return id;
  }
}

class Cancelled extends Error {}

class Workers {
  private busy = 0;
  private stopped = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  async run<T>(step: () => Promise<T>): Promise<T> {
    while (!this.stopped && this.busy >= this.size) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.stopped) throw new Cancelled();
    this.busy += 1;
    try {
      return await step();
    } finally {
      this.busy -= 1;
      this.wake();
    }
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
