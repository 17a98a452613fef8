/**
 * Runs the real Pulumi CLI in a folder of its own: project, state and Pulumi home all live in one temporary
 * folder that {@link Workspace.close} removes. Programs find `pulumi-dokploy` (this checkout's dist/) and
 * `@pulumi/pulumi` as an installed project would.
 */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as yaml from "yaml";
import { removeFolder } from "../../scripts/remove.cjs";
import { findPulumi, pulumiEnv, type Toolchain } from "../../scripts/toolchain.cjs";
import { killTree } from "./process-tree";

const { doorVariable } = require("../../scripts/test/doors.cjs") as { doorVariable: string };

const repository = path.join(__dirname, "..", "..");

/** What a project that was set up with npm has in its node_modules. */
const linkedPackages = ["@pulumi", "@types", "typescript", "ts-node"];

export interface CommandResult {
  /** Exit code; -1 when a signal ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** A command that is still running. */
export interface RunningCommand {
  result: Promise<CommandResult>;
  /** What it has printed so far, stdout and stderr as they came. */
  output(): string;
  /** What the first Ctrl-C does: the CLI cancels the update and ends after the calls that are running. */
  interrupt(): void;
  /** Ends the CLI and all that it started at once, as a crash of the machine would. */
  kill(): void;
  /** Ends the CLI alone, as `kill -9` does: what it started has to notice. */
  killAlone(): void;
}

export interface ProgramOptions {
  /** Default `js`. A `ts` program is type-checked by Pulumi when it runs, which takes 1 to 2 s more. */
  language?: "ts" | "js";
  /** Pulumi.yaml; default: the workspace's project name, run by Node.js. */
  pulumiYaml?: string;
}

export interface WorkspaceOptions {
  /** Project name; default `test`. */
  project?: string;
  /** The stack that commands use unless they name one; it is created. Default `dev`. */
  stack?: string;
  /** Arguments of `pulumi config set-all`, such as `["--secret", "token=t"]`. */
  config?: readonly string[];
  /** Added to the environment of each command; for example `DOKPLOY_URL`. */
  env?: NodeJS.ProcessEnv;
  /**
   * True when the plugin manages the resources of the programs, instead of dynamic providers; false when it only can be
   * found. Default: it cannot be found, unless the tests run with it.
   */
  plugin?: boolean;
  /** The built checkout of pulumi-dokploy that programs find, with its node_modules. Default: this one. */
  checkout?: string;
}

/** One resource in a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  [other: string]: unknown;
}

/** The latest deployment in a stack's checkpoint. */
export interface StackState {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
  [other: string]: unknown;
}

export interface Workspace {
  /** The project's folder. */
  dir: string;
  /** True when the plugin manages the resources of the programs. */
  plugin: boolean;
  /** The environment of each command; may be changed between commands. */
  env: NodeJS.ProcessEnv;
  /**
   * Runs the CLI to its end, without questions (`up` and `destroy` need no `--yes`) and without colours.
   * A failing command does not throw: look at `code`.
   */
  pulumi(...args: string[]): Promise<CommandResult>;
  /** Like {@link Workspace.pulumi}, for tests that look at or stop a running command. */
  start(...args: string[]): RunningCommand;
  /** (Over)writes the program, with Pulumi.yaml and what else it needs. */
  writeProgram(source: string, options?: ProgramOptions): void;
  /** The stack's latest state, parsed. Throws when the stack does not exist. */
  state(stack?: string): StackState;
  /** Puts another one in its place, past the CLI. */
  writeState(state: StackState): void;
  /** Every file of the backend (state, history, backups), one after the other: nothing secret may be in it. */
  stateText(): string;
  /** Ends what still runs and removes the folder. May be called twice. */
  close(): void;
}

/** Workspaces to close should the test process end before their tests do. */
const open = new Set<Workspace>();
process.once("exit", () => {
  for (const workspace of open) workspace.close();
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

let toolchain: Promise<Toolchain | undefined> | undefined;

/** Files of new stacks, by their settings: the CLI takes longer to make a stack than to copy one. */
const newStacks = new Map<string, [file: string, text: string][]>();

/**
 * @example
 * const workspace = await createWorkspace({ env: { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey } });
 * workspace.writeProgram(`const dokploy = require("pulumi-dokploy"); …`);
 * const { code, stdout } = await workspace.pulumi("up");
 * workspace.close();
 */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const { project = "test", stack = "dev", checkout = repository } = options;
  const plugin = options.plugin ?? (process.env[doorVariable] === "plugin" ? true : undefined);
  const config = [...(options.config ?? []), ...(plugin ? ["--plaintext", "dokploy:plugin=true"] : [])];
  toolchain ??= findPulumi();
  const found = await toolchain;
  if (found === undefined) throw new Error("No Pulumi CLI yet: run `node scripts/setup.cjs` first");
  const { bin } = found;

  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-engine-")));
  const dir = path.join(folder, "project");
  const env: NodeJS.ProcessEnv = {
    ...pulumiEnv(found, folder, { color: false }),
    PULUMI_STACK: stack,
    ...options.env,
  };
  linkPackages(dir, checkout);

  const yaml = { name: project, plugins: plugin === undefined ? "" : pluginYaml };
  const running = new Set<ChildProcess>();

  function start(...args: string[]): RunningCommand {
    const child = spawn(bin, [...args, "--non-interactive"], {
      cwd: dir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      output += text;
    });
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        running.delete(child);
        resolve({ code: code ?? -1, stdout, stderr });
      });
    });
    return {
      result,
      output: () => output,
      interrupt: () => child.kill("SIGINT"),
      kill: () => kill(child),
      killAlone: () => child.kill("SIGKILL"),
    };
  }

  const workspace: Workspace = {
    dir,
    plugin: plugin === true,
    env,
    start,
    pulumi: (...args) => start(...args).result,
    writeProgram: (source, program = {}) => writeProgram(dir, yaml, source, program),
    state: (name = stack) => readCheckpoint(checkpointFile(folder, project, name)).checkpoint.latest ?? {},
    writeState(state) {
      const file = checkpointFile(folder, project, stack);
      const { checkpoint, ...rest } = readCheckpoint(file);
      fs.writeFileSync(file, JSON.stringify({ ...rest, checkpoint: { ...checkpoint, latest: state } }));
    },
    stateText: () =>
      filesIn(path.join(folder, "state"))
        .map((file) => fs.readFileSync(file, "utf8"))
        .join("\n"),
    close() {
      open.delete(workspace);
      for (const child of running) kill(child);
      removeFolder(folder);
    },
  };
  open.add(workspace);

  writeProgram(dir, yaml, "", {});
  const settings = JSON.stringify([bin, project, stack, config]);
  const known = newStacks.get(settings);
  if (known === undefined) {
    for (const args of [
      ["stack", "init", stack],
      ...(config.length ? [["config", "set-all", ...config]] : []),
    ]) {
      const { code, stderr } = await workspace.pulumi(...args);
      if (code === 0) continue;
      workspace.close();
      throw new Error(`pulumi ${args.join(" ")} failed: ${stderr}`);
    }
    const files = [...filesIn(path.join(folder, "state")), path.join(dir, `Pulumi.${stack}.yaml`)];
    newStacks.set(
      settings,
      files.map((file) => [path.relative(folder, file), fs.readFileSync(file, "utf8")]),
    );
  }
  for (const [file, text] of known ?? []) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  return workspace;
}

function linkPackages(dir: string, checkout: string): void {
  const modules = path.join(dir, "node_modules");
  fs.mkdirSync(modules, { recursive: true });
  // Junctions, unlike symbolic links, need no privilege on Windows; elsewhere the type is ignored.
  fs.symlinkSync(checkout, path.join(modules, "pulumi-dokploy"), "junction");
  for (const name of linkedPackages) {
    fs.symlinkSync(path.join(checkout, "node_modules", name), path.join(modules, name), "junction");
  }
}

/** Part of Pulumi.yaml by which Pulumi finds the plugin. */
const pluginYaml = `plugins:
  providers:
    - name: dokploy-native
      path: node_modules/pulumi-dokploy/plugin
`;

/** Lets the plugin manage the resources of a program that has a Pulumi.yaml of its own. */
export function usePlugin({ dir }: Pick<Workspace, "dir">, folder: string): void {
  const file = path.join(folder, "Pulumi.yaml");
  const project = yaml.parseDocument(fs.readFileSync(file, "utf8"));
  if (project.has("plugins")) return;
  const plugins = pluginYaml.replace("node_modules", path.join(dir, "node_modules"));
  project.set("plugins", yaml.parse(plugins).plugins);
  project.setIn(["config", "dokploy:plugin"], "true");
  fs.writeFileSync(file, project.toString());
}

function writeProgram(
  dir: string,
  project: { readonly name: string; readonly plugins: string },
  source: string,
  options: ProgramOptions,
): void {
  const { language = "js" } = options;
  const main = `index.${language}`;
  const runtime = `runtime:\n  name: nodejs\n  options:\n    typescript: ${language === "ts"}\n`;
  const files: Record<string, string> = {
    "Pulumi.yaml": options.pulumiYaml ?? `name: ${project.name}\nmain: ${main}\n${runtime}${project.plugins}`,
    "package.json": JSON.stringify({ name: project.name, private: true, main }),
    [main]: source,
  };
  if (language === "ts") files["tsconfig.json"] = JSON.stringify(programCompilerOptions);
  for (const stale of ["index.ts", "index.js", "tsconfig.json"]) {
    fs.rmSync(path.join(dir, stale), { force: true });
  }
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(dir, name), text);
}

/** Those of the project that `pulumi new typescript` makes. */
const programCompilerOptions = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "nodenext",
    moduleResolution: "nodenext",
    sourceMap: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
};

/** Where the backend keeps a stack. */
function checkpointFile(folder: string, project: string, stack: string): string {
  return path.join(folder, "state", ".pulumi", "stacks", project, `${stack}.json`);
}

function readCheckpoint(file: string): { checkpoint: { latest?: StackState } } {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function kill(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killTree(child.pid);
}
