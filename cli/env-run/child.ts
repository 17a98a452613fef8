import { spawn } from "node:child_process";
import { constants } from "node:os";
import { visible } from "../../packages/text/visible";
import { complain } from "../terminal/output";

/** Signals that end, stop or notify programs. */
const forwarded: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
/** A terminal sends these to all programs in it. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"]);

/**
 * Runs a command with the terminal of this process, and passes on signals.
 *
 * @returns its exit code: like that of a shell where a signal ended it, 127 without such a command, 126 where it cannot
 * be started
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
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") complain(`There is no command ${visible(command)} on the PATH.`);
    else complain(`${visible(command)} cannot be started (${code}).`);
    return code === "ENOENT" ? 127 : 126;
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}
