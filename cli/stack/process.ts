import { type SpawnOptions, spawn } from "node:child_process";
import { redact } from "../../provider/dokploy";

/** A process that ended. */
export interface Ended {
  /** -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runProcess}. */
export interface ProcessOptions extends Pick<SpawnOptions, "cwd" | "env"> {
  /** Text for its standard input, which is empty by default. The list of processes does not show it. */
  readonly input?: string;
  /** Encoding of its output; default `utf8`. With `latin1`, each character is one byte. */
  readonly encoding?: "utf8" | "latin1";
  /** Gets its output while it runs. */
  readonly echo?: (text: string) => void;
}

/** Runs a command to its end; undefined when it is not on the PATH. */
export async function runProcess(
  command: string,
  args: readonly string[],
  { input = "", encoding = "utf8", echo, ...options }: ProcessOptions = {},
): Promise<Ended | undefined> {
  const child = spawn(command, args, { ...options, stdio: "pipe" });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding(encoding).on("data", (text: string) => {
      output[stream] += text;
      echo?.(text);
    });
  // It may end before it has read everything.
  child.stdin.on("error", () => {}).end(input);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    return { code: code ?? -1, ...output };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** Runs the Pulumi CLI to its end; undefined when it is not installed. */
export type RunPulumi = (args: readonly string[], options?: ProcessOptions) => Promise<Ended | undefined>;

/** Runs the `pulumi` of the PATH. */
export const runPulumi: RunPulumi = (args, options) => runProcess("pulumi", args, options);

/** Runs git to its end, with output of one character for each byte; undefined when it is not on the PATH. */
export type RunGit = (args: readonly string[], input?: string) => Promise<Ended | undefined>;

/** Runs the `git` of the PATH. */
export const runGit: RunGit = (args, input = "") => runProcess("git", args, { input, encoding: "latin1" });

/** Clause for messages when the CLI is missing. */
export const noPulumi = "pulumi is not on the PATH";

/** Returns the first error that a command printed, on one line and without secrets. */
export function firstErrorIn(stderr: string, secrets: readonly string[] = []): string {
  const line = /^error: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim().split("\n")[0] ?? "";
  return redact(line, secrets).replace(/\.$/, "") || "the command failed without a reason";
}
