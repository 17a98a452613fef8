import { subscribe, unsubscribe } from "node:diagnostics_channel";
import * as fs from "node:fs";
import type { ClientRequest } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumiSdk from "@pulumi/pulumi";
import { runRotate } from "../../cli/env";
import { runRemove, runUp } from "../../cli/preview";
import { runPromote, runRollback } from "../../cli/rollout";
import { readOptions, runExport } from "../../cli/server";
import { connectToStack, type Dependencies, runGit } from "../../cli/stack";
import { type Emulator, startEmulator } from "../../emulator";
import { endpoints } from "../../emulator/objects";
import type { Api } from "../../provider/dokploy";
import * as dokploy from "../../sdk";
import { IdleClock } from "../faults/time";
import { FakeTools, prints } from "../unit/sdk/env-files/fake-tools";
import { ExportedProject } from "./exported";
import type { Diagnostic } from "./monitor";
import { ProviderProcess } from "./provider-process";
import { Pulumi, type Ran } from "./pulumi";
import { canaries } from "./repository";
import type { Values } from "./values";

/** A call of the provider, by which a run can be killed. */
export interface Kill {
  readonly endpoint: RegExp;
  /** True when the server still does what the call asks for. */
  readonly isSent: boolean;
}

/** A finished command of this package. */
export interface Done {
  readonly code: number;
  readonly output: string;
}

/** How long a deployment takes on the server. */
const buildMs = 2_000;

/** A repository in a folder, its stacks in memory, and an emulated server, all in this process. */
export class World {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "pairs-")));
  readonly pulumi: Pulumi;
  /** JavaScript of the program, which sees `pulumi` and `dokploy`. */
  program = "";
  /** All that runs and commands have shown. */
  readonly shown: string[] = [];
  private kill: Kill | undefined;
  private readonly environment = { ...process.env };
  private readonly tools = new FakeTools(fs.mkdtempSync(path.join(os.tmpdir(), "pairs-tools-")));
  private readonly directory = process.cwd();
  private open = 0;
  private readonly count = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    this.open += 1;
    request.once("close", () => {
      this.open -= 1;
    });
  };

  private constructor(
    readonly emulator: Emulator,
    readonly clock: IdleClock,
  ) {
    subscribe("http.client.request.start", this.count);
    Object.assign(process.env, {
      DOKPLOY_URL: emulator.url,
      DOKPLOY_API_KEY: emulator.apiKey,
      PULUMI_PROJECT: "shop",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
    });
    process.chdir(this.folder);
    this.pulumi = new Pulumi({
      folder: this.folder,
      project: "shop",
      program: () => {
        new Function("pulumi", "dokploy", this.program)(pulumiSdk, dokploy);
      },
      now: () => clock.now(),
      facts: async () => ({
        "git.head": await this.git("rev-parse", "HEAD"),
        "git.dirty": "false",
        "git.author": "Ada",
      }),
      provider: this.providerOf(() => this.pulumi),
      during: (work) => this.during(work),
    });
  }

  static async start(): Promise<World> {
    const clock = new IdleClock();
    const world = new World(await startEmulator({ clock, buildMs }), clock);
    world.tools.install("op", prints(canaries.managed));
    await world.git("init", "-q", "-b", "main");
    return world;
  }

  async close(): Promise<void> {
    unsubscribe("http.client.request.start", this.count);
    process.chdir(this.directory);
    process.env = this.environment;
    for (const folder of [this.folder, path.dirname(this.tools.folder)])
      fs.rmSync(folder, { recursive: true, force: true });
    await this.emulator.close();
  }

  private providerOf(pulumi: () => Pulumi) {
    return (stack: string, log: (diagnostic: Diagnostic) => void) =>
      new ProviderProcess({
        config: pulumi().config(stack).values,
        stack,
        clock: this.clock,
        state: () => pulumi().export(stack),
        log,
        around: (api) => this.killed(api),
      });
  }

  /** Begins a project for `export` in a folder of its own. */
  exportedTo(folder: string, project: string): Promise<ExportedProject> {
    return ExportedProject.begin(folder, project, {
      ...{ tools: this.tools, now: () => this.clock.now(), facts: async () => ({}) },
      provider: (pulumi) => this.providerOf(() => pulumi),
      during: (work) => this.during(work),
    });
  }

  /** Returns the API of a process that dies at a call: nothing answers it any more. */
  private killed(api: Api): Api {
    let isDead = false;
    const never = new Promise<never>(() => {});
    return {
      ...api,
      call: async (endpoint, input) => {
        if (isDead) return await never;
        if (this.kill?.endpoint.test(endpoint)) {
          const { isSent } = this.kill;
          this.kill = undefined;
          isDead = true;
          if (isSent) await api.call(endpoint, input).catch(() => undefined);
          this.deaths += 1;
          this.pulumi.abandon();
          this.died();
          return await never;
        }
        return await api.call(endpoint, input);
      },
    };
  }

  private deaths = 0;
  private died: () => void = () => {};

  /** Lets time go on while something works: it stands still as long as a request is on its way. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    // Commands wait by the time of the machine, for containers that end by the time of the server.
    const idle = async () => {
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
      await this.clock.pass(100);
    };
    const { deaths } = this;
    const isBusy = () => {
      if (this.deaths !== deaths) throw new Error("killed");
      return this.open > 0;
    };
    return await this.clock.during(work(), isBusy, idle);
  }

  /** Runs work of the provider that ends with all its processes at a call. @returns true when it came to that call */
  async killedAt(kill: Kill, work: () => Promise<unknown>): Promise<boolean> {
    this.kill = kill;
    const death = new Promise<boolean>((resolve) => {
      this.died = () => resolve(true);
    });
    const ended = work().then(() => false);
    try {
      return await Promise.race([death, ended]);
    } finally {
      this.kill = undefined;
      this.died = () => {};
    }
  }

  write(name: string, text: string | undefined): void {
    const file = path.join(this.folder, name);
    if (text === undefined) {
      fs.rmSync(file, { recursive: true, force: true });
      return;
    }
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), "utf8");
  }

  async git(...args: readonly string[]): Promise<string> {
    const ended = await runGit(args);
    if (ended?.code !== 0) throw new Error(`git ${args.join(" ")}: ${ended?.stderr}`);
    return ended.stdout.trim();
  }

  async commit(subject: string): Promise<void> {
    await this.git("add", "-A");
    await this.git("commit", "-q", "--allow-empty", "-m", subject);
  }

  /** Keeps what a run has shown, for the search of secrets at the end. */
  note(ran: Ran): Ran {
    this.shown.push(...ran.diagnostics.map(({ message }) => message));
    return ran;
  }

  /** Runs a command of this package. */
  async command(
    name: "rotate" | "rollback" | "promote" | "preview up" | "preview remove" | "export",
    ...args: string[]
  ): Promise<Done> {
    const lines: string[] = [];
    const say = (text: string) => void lines.push(text);
    const dependencies: Dependencies = {
      env: process.env,
      pulumi: this.pulumi.cli,
      git: runGit,
      start: async () => 1,
      connect: (stack) => connectToStack(stack, process.env),
      store: async (stack, setting, value) => this.pulumi.set(stack, setting, value, true),
      readValue: async () => this.typed,
      question: undefined,
      print: say,
      warn: say,
      progress: say,
    };
    const run = async (): Promise<number> => {
      if (name === "rotate") say(await runRotate(args, dependencies));
      else if (name === "rollback") say(await runRollback(args, dependencies));
      else if (name === "export") await runExport(readOptions(args), dependencies);
      else if (name === "promote") {
        const { output, refused } = await runPromote(args, dependencies);
        say(output);
        return refused ? 1 : 0;
      } else if (name === "preview up") return (await runUp(args, dependencies)) ? 0 : 1;
      else await runRemove(args, dependencies);
      return 0;
    };
    // A command starts runs of Pulumi, during which time goes on by itself.
    const code = await this.during(run).catch((error: Error) => {
      say(error.message);
      return 1;
    });
    this.shown.push(...lines);
    return { code, output: lines.join("\n") };
  }

  /** What somebody types into a command that asks for a value. */
  typed = "";

  /** What somebody else does on the server, or looks at. */
  async byHand<T = Values>(endpoint: string, input: object): Promise<T> {
    const called = endpoints[endpoint];
    if (!called) throw new Error(`There is no ${endpoint}.`);
    const given = called.input?.parse(structuredClone(input)) ?? {};
    const { instance } = this.emulator;
    const answer = await called.run(instance, given as never, instance.ownerId);
    return (answer === undefined ? undefined : JSON.parse(JSON.stringify(answer))) as T;
  }
}
