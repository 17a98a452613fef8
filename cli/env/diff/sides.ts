import { type Dependencies, Stack } from "../../stack";
import { UsageError } from "../../terminal";
import { pathSide, stageSide, type ValueSources } from "./file-side";
import { objectSide, stackSide } from "./live-side";
import type { Side } from "./model";
import type { Operand } from "./operand";

/** Everything that a comparison needs from outside. */
export type DiffDependencies = Pick<Dependencies, "env" | "pulumi" | "connect">;

/** Options for reading the sides. */
export interface SideOptions {
  /** Folder of the stages. */
  readonly dir: string;
  /** The stack for paths. No other replaces it: `!secret` of one stage would be read from another. */
  readonly stack: string | undefined;
  /** The stack for ids, which are ids on its server. */
  readonly objectStack: string | undefined;
  readonly keysOnly: boolean;
}

/** Reads the sides that operands name. `close` ends the connections that this opened. */
export class Sides {
  readonly #stacks = new Map<string, Stack>();
  readonly #clients = new Map<string, ReturnType<Dependencies["connect"]>>();

  constructor(
    private readonly options: SideOptions,
    private readonly dependencies: DiffDependencies,
  ) {}

  /** @throws an Error whose message says what to do */
  async read(operand: Operand, label: string): Promise<Side> {
    const { dir, stack, objectStack, keysOnly } = this.options;
    const sources = (name: string | undefined): ValueSources => ({
      stack: name === undefined ? undefined : this.#stack(name),
      env: this.dependencies.env,
      keysOnly,
    });
    switch (operand.kind) {
      case "stage":
        return await stageSide(dir, operand.stage, sources(operand.stage));
      case "path":
        return await pathSide(operand.path, sources(stack));
      case "live": {
        const resources = await this.#stack(operand.stack).resources();
        if (resources.length === 0) {
          throw new UsageError(
            `Stack ${operand.stack} has no resources of Dokploy: run \`pulumi up\` there first.`,
          );
        }
        return await stackSide(label, resources, await this.#client(operand.stack));
      }
      case "object":
        return await objectSide(label, operand.object, operand.id, await this.#client(objectStack));
    }
  }

  async close(): Promise<void> {
    for (const client of await Promise.allSettled(this.#clients.values())) {
      if (client.status === "fulfilled") client.value.close();
    }
  }

  #stack(name: string): Stack {
    const stack = this.#stacks.get(name) ?? new Stack(name, this.dependencies.pulumi);
    this.#stacks.set(name, stack);
    return stack;
  }

  #client(stack: string | undefined): ReturnType<Dependencies["connect"]> {
    const name = stack ?? "";
    const client =
      this.#clients.get(name) ??
      this.dependencies.connect(stack === undefined ? undefined : this.#stack(stack));
    this.#clients.set(name, client);
    return client;
  }
}
