import { spawn } from "node:child_process";
import { constants } from "node:os";
import { visible } from "../../../packages/text";
import { complain, exitCodes } from "../../terminal";

/** Signals that end, stop or notify programs. */
const forwarded: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
/** A terminal sends these to all programs in it. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"]);

/**
 * Runs a command with the terminal of this process, and passes on signals.
 *
 * @returns its exit code, or the one that a shell gives to a command that a signal ended, or that did not start
 */
export async function runChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const listeners = new Map<NodeJS.Signals, () => void>();
  try {
    const child = spawn(command, args, { env, stdio: "inherit" });
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
        resolve(code ?? exitCodes.signal + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") complain(`There is no command ${visible(command)} on the PATH.`);
    else complain(`${visible(command)} cannot be started (${code}).`);
    return code === "ENOENT" ? exitCodes.unknownCommand : exitCodes.notStarted;
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}
