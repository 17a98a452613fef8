import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { constants as systemConstants } from "node:os";
import { basename, delimiter, join } from "node:path";
import { visible } from "../../../packages/text";
import { complain, exitCodes } from "../../terminal";

/** Signals that end, stop or notify programs. */
const forwarded: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
/** A terminal sends these to all programs in it. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"]);

/**
 * Runs a command with the terminal of this process, and passes on signals. The command is found on the PATH of this process.
 *
 * @returns its exit code, or the one that a shell gives to a command that a signal ended, or that did not start
 */
export async function runChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const listeners = new Map<NodeJS.Signals, () => void>();
  const file = fileOf(command);
  if (file === undefined) {
    complain(`There is no command ${visible(command)} on the PATH.`);
    return exitCodes.unknownCommand;
  }
  try {
    const child = spawn(file, args, { env, stdio: "inherit", argv0: command });
    for (const signal of forwarded) {
      const forward = () => {
        if (!(process.stdin.isTTY && fromTerminal.has(signal))) child.kill(signal);
      };
      listeners.set(signal, forward);
      process.on(signal, forward);
    }
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve(code ?? exitCodes.signal + (signal === null ? 0 : systemConstants.signals[signal]));
      });
    });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") complain(`There is no command ${visible(command)}.`);
    else complain(`${visible(command)} cannot be started (${code}).`);
    return code === "ENOENT" ? exitCodes.unknownCommand : exitCodes.notStarted;
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}

/** Ends of names that a program may have. Windows starts other files with a shell only. */
const endings = process.platform === "win32" ? ["", ".exe", ".com"] : [""];

/**
 * Returns the file of a command on the PATH of this process. Node.js would look for it on that of the child, which the files of
 * variables may have chosen.
 *
 * @returns undefined when there is none; a path as it is
 */
function fileOf(command: string): string | undefined {
  if (command !== basename(command)) return command;
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => endings.map((ending) => join(folder, command + ending)))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
