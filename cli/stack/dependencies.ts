import type { Api } from "../../provider/dokploy";
import type { RunGit, RunPulumi } from "./process";
import type { Stack } from "./stack";

/** Everything that commands need from outside: other programs, the server and the terminal. Tests replace it. */
export interface Dependencies {
  /** Environment of this process. */
  readonly env: NodeJS.ProcessEnv;
  readonly pulumi: RunPulumi;
  readonly git: RunGit;
  /** Runs a command to its end with the terminal of this process, and returns its exit code. */
  start(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number>;
  /** Connects to the server of a stack, or without one to the server of the environment. */
  connect(stack: Stack | undefined): Promise<Api & { readonly url?: string; close(): void }>;
  /** Stores a secret in the configuration of a stack. */
  store(stack: string, name: string, value: string): Promise<void>;
  /** Reads the value of a variable that the command line does not give. */
  readValue(key: string): Promise<string>;
  /** Asks a person at the terminal; undefined without one. */
  readonly question: ((text: string) => Promise<string>) | undefined;
  /** Prints a result. */
  print(text: string): void;
  warn(message: string): void;
  /** Shows a line before each part of the work. */
  progress(line: string): void;
}
