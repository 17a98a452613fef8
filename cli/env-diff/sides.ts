import { DokployClient } from "../../provider/dokploy/client";
import { readSettings, SettingsError } from "../../provider/settings/connection";
import { type SettingName, settingNames } from "../../provider/settings/table";
import { UsageError } from "../terminal/errors";
import { pathSide, stageSide, type ValueSources } from "./file-side";
import { objectSide, stackSide } from "./live-side";
import type { Side } from "./model";
import type { Operand } from "./operand";
import { type RunPulumi, Stack } from "./stack";

/** The process environment, the Pulumi CLI and the output for warnings, which tests replace. */
export interface World {
  readonly env: NodeJS.ProcessEnv;
  readonly pulumi: RunPulumi;
  warn(message: string): void;
}

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
  readonly #clients = new Map<string, Promise<DokployClient>>();

  constructor(
    private readonly options: SideOptions,
    private readonly world: World,
  ) {}

  /** @throws an Error whose message says what to do */
  async read(operand: Operand, label: string): Promise<Side> {
    const { dir, stack, objectStack, keysOnly } = this.options;
    const sources = (name: string | undefined): ValueSources => ({
      stack: name === undefined ? undefined : this.#stack(name),
      env: this.world.env,
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
    const stack = this.#stacks.get(name) ?? new Stack(name, this.world.pulumi);
    this.#stacks.set(name, stack);
    return stack;
  }

  #client(stack: string | undefined): Promise<DokployClient> {
    const name = stack ?? "";
    const client = this.#clients.get(name) ?? this.#connect(stack);
    this.#clients.set(name, client);
    return client;
  }

  /** Connects with the settings of a stack and of the environment, in the order in which the provider reads them. */
  async #connect(stack: string | undefined): Promise<DokployClient> {
    const config = new Map<SettingName, string>();
    let unread: string | undefined;
    if (stack !== undefined) {
      for (const key of settingNames) {
        const found = await this.#stack(stack).config(`dokploy:${key}`);
        if ("value" in found) config.set(key, found.value);
        else if (found.unread) unread = found.why;
      }
    }
    try {
      return new DokployClient(
        readSettings({ stack: (name) => config.get(name), environment: this.world.env }),
      );
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      const advice = unread ?? (stack === undefined ? "name a stack that has them with --stack" : undefined);
      throw new UsageError(error.message + (advice === undefined ? "" : `\n  - or ${advice}`));
    }
  }
}
