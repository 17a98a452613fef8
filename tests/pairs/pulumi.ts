import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";
import type { Ended, RunPulumi } from "../../cli/stack";
import { isRecord } from "../../packages/values";
import { type Checkpoint, Engine, refresh, type Step } from "./engine";
import { type Diagnostic, runProgram } from "./monitor";
import { exported, hidden, type Values } from "./values";

/** A stack with its state and its history. */
export interface Stack {
  state: Checkpoint;
  readonly history: Values[];
}

/** A run of `pulumi up`, `preview`, `refresh` or `destroy`. */
export interface Ran {
  readonly ok: boolean;
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the commands of Pulumi need from around them. */
export interface Around {
  readonly folder: string;
  readonly project: string;
  readonly program: () => void;
  readonly now: () => number;
  /** Returns facts of git for the history: `git.head`. */
  readonly facts: () => Promise<Readonly<Record<string, string>>>;
  /** Starts a process of the provider, in which `handlersOf` gives the handlers of a type. */
  readonly provider: (
    stack: string,
    log: (diagnostic: Diagnostic) => void,
  ) => {
    handlersOf: ConstructorParameters<typeof Engine>[1];
  };
  /** Runs work of Pulumi while time goes on. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Pulumi's command line interface with a backend in memory, for programs of this process. */
export class Pulumi {
  readonly stacks = new Map<string, Stack>();
  private running: Engine | undefined;

  constructor(private readonly around: Around) {}

  stack(name: string): Stack {
    const found = this.stacks.get(name);
    if (found === undefined) throw new Error(`no stack named '${name}' found`);
    return found;
  }

  init(name: string): void {
    this.stacks.set(name, { state: { resources: [], pending: [] }, history: [] });
  }

  /** The file with the configuration of a stack. */
  fileOf(name: string): string {
    return path.join(this.around.folder, `Pulumi.${name}.yaml`);
  }

  /** Returns the settings of a stack as programs get them, and the names of the secret ones. */
  config(name: string): { values: Record<string, string>; secrets: string[] } {
    const file = this.fileOf(name);
    const contents = fs.existsSync(file)
      ? (yaml.parse(fs.readFileSync(file, "utf8")) as Values | null)
      : null;
    const values: Record<string, string> = {};
    const secrets: string[] = [];
    for (const [key, value] of Object.entries((contents?.["config"] ?? {}) as Values)) {
      const sealed = isRecord(value) ? value["secure"] : undefined;
      if (typeof sealed === "string") secrets.push(key);
      values[key] =
        typeof sealed === "string"
          ? Buffer.from(sealed, "base64").toString()
          : typeof value === "object"
            ? JSON.stringify(value)
            : String(value);
    }
    return { values, secrets };
  }

  /** Sets a setting, at a path such as `dokploy:imageTags.api`. */
  set(name: string, key: string, value: string, isSecret = false, file = this.fileOf(name)): void {
    const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    const document = yaml.parseDocument(text.trim() === "" ? "config: {}\n" : text);
    const own = key.includes(":") ? key : `${this.around.project}:${key}`;
    const steps = own.split(/\.|\["|"\]/).filter((step) => step !== "");
    document.setIn(
      ["config", ...steps],
      isSecret ? { secure: Buffer.from(value).toString("base64") } : value,
    );
    fs.writeFileSync(file, document.toString());
  }

  /** Removes a setting. */
  remove(name: string, key: string): void {
    const file = this.fileOf(name);
    const document = yaml.parseDocument(fs.readFileSync(file, "utf8"));
    document.deleteIn(["config", ...key.split(".")]);
    fs.writeFileSync(file, document.toString());
  }

  async up(name: string): Promise<Ran> {
    const started = this.around.now();
    const ran = await this.run(name, false);
    await this.remember(name, "update", started, ran.ok);
    return ran;
  }

  preview(name: string): Promise<Ran> {
    return this.run(name, true);
  }

  async refresh(name: string): Promise<Ran> {
    const diagnostics: Diagnostic[] = [];
    const started = this.around.now();
    const process = this.around.provider(name, (one) => diagnostics.push(one));
    const { state } = this.stack(name);
    const { steps, errors } = await this.around.during(() =>
      refresh(state, (type) => process.handlersOf(type)),
    );
    for (const { urn, message } of errors) diagnostics.push({ severity: "error", message, urn });
    await this.remember(name, "refresh", started, errors.length === 0);
    return { ok: errors.length === 0, steps, diagnostics };
  }

  async destroy(name: string): Promise<Ran> {
    const started = this.around.now();
    const ran = await this.run(name, false, async () => true);
    await this.remember(name, "destroy", started, ran.ok);
    return ran;
  }

  private async run(name: string, isPreview: boolean, instead?: () => Promise<boolean>): Promise<Ran> {
    const { around } = this;
    const diagnostics: Diagnostic[] = [];
    const log = (one: Diagnostic) => {
      if (!diagnostics.some(({ message }) => message === one.message)) diagnostics.push(one);
    };
    const { state } = this.stack(name);
    const before = structuredClone(state);
    const process = around.provider(name, log);
    const own = isPreview ? structuredClone(state) : state;
    const engine = new Engine(own, (type) => process.handlersOf(type), isPreview);
    this.running = engine;
    const { values, secrets } = this.config(name);
    const work = async () => {
      const isComplete = await (instead?.() ??
        runProgram(engine, {
          ...{ project: around.project, stack: name, isPreview, config: values, secretKeys: secrets },
          program: around.program,
          outputs: () => Object.fromEntries(before.resources.map(({ urn, outputs }) => [urn, { outputs }])),
          log,
        }));
      await engine.end(isComplete).catch(() => undefined);
      return isComplete;
    };
    const isComplete = await around.during(work);
    for (const { urn, message } of engine.errors) log({ severity: "error", message, urn });
    return { ok: isComplete && !engine.hasFailed, steps: engine.steps, diagnostics };
  }

  /** Lets the program of a killed run end, so that nothing of it stays. */
  abandon(): void {
    this.running?.abandon();
  }

  private async remember(name: string, kind: string, started: number, ok: boolean): Promise<void> {
    const at = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, ".000Z");
    this.stacks.get(name)?.history.unshift({
      kind,
      startTime: at(started),
      endTime: at(this.around.now()),
      environment: await this.around.facts(),
      result: ok ? "succeeded" : "failed",
    });
  }

  /** Returns the text of `pulumi stack export`. */
  export(name: string, showsSecrets = false): string {
    const { resources, pending } = this.stack(name).state;
    const shown = ({ inputs, outputs, ...rest }: (typeof resources)[number]) => ({
      ...rest,
      inputs: exported(inputs, showsSecrets),
      outputs: exported(outputs, showsSecrets),
    });
    const operations = pending.map(({ type, resource }) => ({ type, resource: shown(resource) }));
    return JSON.stringify({
      version: 3,
      deployment: {
        resources: resources.map(shown),
        ...(pending.length > 0 ? { pending_operations: operations } : {}),
      },
    });
  }

  /** Returns the text of `pulumi preview --json`. */
  static document({ steps, diagnostics }: Ran): string {
    const side = (resource: Step["old"]) =>
      resource && { ...resource, inputs: hidden(resource.inputs), outputs: hidden(resource.outputs) };
    return JSON.stringify({
      config: {},
      // No plan of a replacement is approved.
      steps: steps.map(({ op, urn, old, new: now, diff }) => ({
        ...{ op, urn },
        ...(op === "create" ? {} : { oldState: side(old) }),
        ...(now === undefined ? {} : { newState: side(now) }),
        diffReasons: [...new Set([...diff.keys()].map((path) => path.split(/[.[]/)[0]))],
        detailedDiff: op === "update" ? detailed(diff) : null,
      })),
      diagnostics: diagnostics.map(({ severity, message, urn }) => ({
        severity,
        message,
        ...(urn && { urn }),
      })),
      changeSummary: {},
    });
  }

  /** The CLI as the commands of this package call it. */
  readonly cli: RunPulumi = async (given) => {
    const words = given.filter(
      (word) => word !== "--non-interactive" && word !== "--yes" && word !== "--skip-preview",
    );
    const args = words[0] === "-C" ? words.slice(2) : words;
    const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
    const name = option("--stack") ?? "";
    try {
      return await this.command(args, name, option);
    } catch (error) {
      return { code: 255, stdout: "", stderr: `error: ${(error as Error).message}\n` };
    }
  };

  private async command(
    args: readonly string[],
    name: string,
    option: (name: string) => string | undefined,
  ): Promise<Ended> {
    const done = (stdout = "") => ({ code: 0, stdout, stderr: "" });
    const ran = ({ ok, diagnostics }: Ran): Ended => {
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      const stdout = `Diagnostics:\n${diagnostics.map(({ severity, message }) => `  ${severity}: ${message}`).join("\n")}\n`;
      return {
        code: ok ? 0 : 255,
        stdout,
        stderr: errors.map(({ message }) => `error: ${message}\n`).join(""),
      };
    };
    const [first = "", second = ""] = args;
    const key =
      first === "stack" || (first === "config" && ["set", "cp", "rm"].includes(second))
        ? `${first} ${second}`
        : first;
    switch (key) {
      case "stack export":
        return done(this.export(name, args.includes("--show-secrets")));
      case "stack history":
        return done(JSON.stringify(this.stack(name).history));
      case "stack ls":
        return done(
          JSON.stringify(
            [...this.stacks].map(([stack, { history }]) => ({
              name: stack,
              lastUpdate: history[0]?.["endTime"] ?? "",
            })),
          ),
        );
      case "stack init":
        this.init(args[2] ?? "");
        return done();
      case "config cp": {
        const from = this.fileOf(name);
        fs.copyFileSync(from, this.fileOf(option("--dest") ?? ""));
        return done();
      }
      case "config set": {
        const [setting = "", value = ""] = args.slice(args.indexOf("--") + 1);
        this.set(name, setting, value);
        return done();
      }
      case "config": {
        const { values, secrets } = this.config(name);
        const isShown = args.includes("--show-secrets");
        const entries = Object.entries(values).map(([setting, value]) => [
          setting,
          secrets.includes(setting)
            ? { secret: true, ...(isShown ? { value } : {}) }
            : { value, secret: false },
        ]);
        return done(JSON.stringify(Object.fromEntries(entries)));
      }
      case "up":
        return ran(await this.up(name));
      case "destroy": {
        const result = await this.destroy(name);
        if (result.ok && args.includes("--remove")) {
          this.stacks.delete(name);
          fs.rmSync(this.fileOf(name), { force: true });
        }
        return ran(result);
      }
      default:
        throw new Error(`there is no command ${args.join(" ")}`);
    }
  }
}

/** A diff as a plan in JSON has it, with keys that are no names in brackets. */
function detailed(diff: Step["diff"]): Values {
  return Object.fromEntries([...diff].map(([path, kind]) => [path, { kind, inputDiff: true }]));
}
