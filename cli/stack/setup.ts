import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "../../provider/errors";
import { exportedSetting, readExported } from "../../sdk/env-files";
import { isThere } from "../../sdk/files";
import { relay } from "../terminal";
import { type Ended, firstErrorIn, type ProcessOptions, runProcess } from "./process";
import { parsed, projectName } from "./stack";

/** Name of the program npm. */
export const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Returns the name of a stack, which may be given with its organization. */
export function stackName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

/** Returns the name of the file with the configuration of a stack. */
export function stackFile(stack: string): string {
  return `Pulumi.${stackName(stack)}.yaml`;
}

/** A stack of the Pulumi project in a folder, whose configuration the CLI encrypts. */
export class StackSetup {
  readonly #options: readonly string[];

  /** @param file its configuration, if that is not in the folder */
  constructor(
    private readonly directory: string,
    private readonly name: string,
    file?: string,
  ) {
    this.#options = ["--stack", name, ...(file === undefined ? [] : ["--config-file", file])];
  }

  /** @throws UserError when there is no CLI, before anything is read or written */
  async assertCli(): Promise<void> {
    await run("pulumi", ["version"]);
  }

  /** Runs commands with a copy of its configuration. */
  async withCopy<T>(use: (copy: StackSetup) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-dokploy-"));
    try {
      const name = stackFile(this.name);
      const [file, copy] = [join(this.directory, name), join(folder, name)];
      if (isThere(file)) copyFileSync(file, copy);
      else writeFileSync(copy, "");
      return await use(new StackSetup(this.directory, this.name, copy));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Creates the stack unless it exists. */
  async select(): Promise<void> {
    await this.#pulumi(["stack", "select", "--create", this.name]);
  }

  /** Returns the names of its settings, without the name of the project. */
  async settings(): Promise<string[]> {
    const names = Object.keys(await this.#configuration());
    return names.map((name) => name.slice(name.indexOf(":") + 1));
  }

  /** Returns the secrets that an export stored in it, by their full names. */
  async exported(): Promise<ReadonlyMap<string, string>> {
    const all = await this.#configuration("--show-secrets");
    const text = all[`${projectName(this.directory) ?? ""}:${exportedSetting}`]?.value;
    return text === undefined ? new Map() : readExported(text);
  }

  async #configuration(...options: string[]): Promise<Readonly<Record<string, { readonly value?: string }>>> {
    const args = ["config", ...options, "--stack", this.name, "--json", "--non-interactive"];
    const { code, stdout } = await run("pulumi", ["-C", this.directory, ...args]);
    if (code !== 0) throw new UserError(`The configuration of the stack ${this.name} cannot be read.`);
    return parsed(stdout);
  }

  /** Stores settings in plain text. */
  async set(settings: ReadonlyMap<string, string>): Promise<void> {
    const pairs = [...settings].flatMap(([name, value]) => ["--plaintext", `${name}=${value}`]);
    if (pairs.length > 0) await this.#pulumi(["config", "set-all", ...this.#options, ...pairs]);
  }

  /** Stores a secret, which reaches the CLI by its standard input: a command line shows in the list of processes. */
  async store(name: string, value: string): Promise<void> {
    await this.#pulumi(["config", "set", ...this.#options, "--secret", name], value);
  }

  /**
   * Installs the packages of the project, unless it finds Pulumi's SDK and the version of this package that runs.
   *
   * @throws UserError when npm is missing or fails
   */
  async install(): Promise<void> {
    if (hasPackages(this.directory)) return;
    const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
    const { code, stderr } = await run(npm, args, { cwd: this.directory });
    if (code !== 0) throw new UserError(`npm install failed: ${firstErrorIn(stderr)}.`);
  }

  /**
   * Returns the output of `pulumi preview --json`, also when the preview fails.
   *
   * @param environment further variables, such as secrets
   * @throws UserError with the first error, when the CLI ends without a plan
   */
  async preview(environment: Readonly<Record<string, string>>): Promise<string> {
    const args = ["preview", ...this.#options, "--json", "--non-interactive"];
    const env = { ...process.env, ...environment };
    const { stdout, stderr } = await run("pulumi", ["-C", this.directory, ...args], { env });
    if (stdout.trim() === "")
      throw new UserError(`pulumi preview failed: ${firstErrorIn(stderr, Object.values(environment))}.`);
    return stdout;
  }

  /** Runs `pulumi up` without a preview, shows its output on stderr, and returns its exit code. */
  async up(): Promise<number> {
    const args = ["up", ...this.#options, "--yes", "--skip-preview", "--non-interactive"];
    return (await run("pulumi", ["-C", this.directory, ...args], { echo: relay })).code;
  }

  /** @throws UserError when the CLI is missing or fails, with its first error */
  async #pulumi(args: readonly string[], secret = ""): Promise<void> {
    const { code, stderr } = await run("pulumi", ["-C", this.directory, ...args, "--non-interactive"], {
      // The CLI removes one line break at the end. Only newer ones have the option --raw, which keeps it.
      input: `${secret}\n`,
    });
    if (code === 0) return;
    const reason = firstErrorIn(stderr, secret === "" ? [] : [secret]);
    throw new UserError(`pulumi ${args.slice(0, 2).join(" ")} failed: ${reason}.`);
  }
}

/** True when a program in a folder finds Pulumi's SDK and the version of this package that runs. */
function hasPackages(directory: string): boolean {
  // This module would find its own package in any folder.
  const inFolder = createRequire(join(resolve(directory), "index.js"));
  const { version } = require("pulumi-dokploy/package.json") as { version: string };
  try {
    inFolder.resolve("@pulumi/pulumi");
    return (inFolder("pulumi-dokploy/package.json") as { version: string }).version === version;
  } catch {
    return false;
  }
}

/** @throws UserError when the command is not on the PATH */
async function run(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  const ended = await runProcess(command, args, options);
  if (ended === undefined) throw new UserError(`${command} is not on the PATH.`);
  return ended;
}
