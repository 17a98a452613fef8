import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { visible } from "../../../packages/text";
import { complain, exitCodes, withoutCommands } from "../../terminal";
import { identify, requestVariables } from "./identity";
import { RunningLog } from "./log";
import { settingsIn, settingsVariable } from "./settings";

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Time between two looks at a log. */
const lookMs = 100;
/** GitHub kills the processes of a job 5 minutes after it was cancelled, without another signal. */
const patienceMs = 4 * 60_000;

/**
 * Runs a command with the settings of an action, and returns its exit code. The command and its children get the signals of
 * this process, as from a terminal: a shell passes on none.
 *
 * @param log file for the output, which is printed too. With it, the command survives this process, which ends at
 * SIGTERM after another signal; {@link waitForEnd} waits for the end of the command.
 */
export async function runInJob(
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  log: string | undefined,
): Promise<number> {
  const folder = mkdtempSync(join(env["RUNNER_TEMP"] || tmpdir(), "pulumi-dokploy-"));
  // Before the command starts: one that comes at once would end this process alone.
  const signals = new Signals();
  let isLeft = false;
  try {
    const output = log === undefined ? undefined : openSync(log, "w");
    const child = spawn(command, args, {
      env: await environmentOf(env, folder),
      // A group of its own: otherwise a signal of a terminal would arrive twice.
      detached: process.platform !== "win32",
      stdio: output === undefined ? "inherit" : ["ignore", output, output],
    });
    if (output !== undefined) closeSync(output);
    const ended = new Promise<number>((resolve) => {
      child.once("error", (error) => resolve(notStarted(command, error)));
      child.once("exit", (code, signal) => resolve(code ?? codeOf(signal)));
    });
    const { pid } = child;
    if (pid === undefined) return await ended;
    if (log === undefined) {
      signals.passOn((signal) => signalTo(pid, signal));
      return await ended;
    }
    const running = RunningLog.begin(log, pid, folder);
    const left = new Promise<number>((resolve) => {
      let isSignalled = false;
      signals.passOn((signal) => {
        if (isSignalled && signal !== "SIGINT") {
          isLeft = true;
          resolve(codeOf(signal));
        } else signalTo(pid, signal);
        isSignalled = true;
      });
    });
    return await withoutCommands(async () => {
      const code = await printing(running, Promise.race([ended, left]));
      if (isLeft) {
        running.leave();
        child.unref();
      } else running.end();
      return code;
    });
  } finally {
    signals.stop();
    if (!isLeft) rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for the command that a cancelled step has left, and prints the rest of its log. */
export async function waitForEnd(log: string): Promise<void> {
  const running = RunningLog.find(log);
  if (running === undefined) return;
  complain("this step waits until the command has ended and saved what it did");
  const lateAt = Date.now() + patienceMs;
  let isLate = false;
  await withoutCommands(async () => {
    while (isAlive(running.pid)) {
      running.printNew();
      if (!isLate && Date.now() > lateAt) {
        isLate = true;
        complain("it has not ended in time, so it no longer waits for its deployments");
        signalTo(running.pid, "SIGINT");
      }
      await sleep(lookMs);
    }
    running.end();
  });
  rmSync(running.folder, { recursive: true, force: true });
}

/** Returns the variables of the command: those of the job and the settings, without what leads to other identities. */
async function environmentOf(env: NodeJS.ProcessEnv, folder: string): Promise<NodeJS.ProcessEnv> {
  const settings = settingsIn(env[settingsVariable], env);
  const all: NodeJS.ProcessEnv = { ...env, ...settings };
  Object.assign(all, await identify(all, settings, folder));
  for (const name of [settingsVariable, ...requestVariables]) delete all[name];
  // The key of a fingerprint that a job does not have is an empty text there.
  if (all["DOKPLOY_PLAN_KEY"] === "") delete all["DOKPLOY_PLAN_KEY"];
  // Pulumi keeps the token and the backend that it gets. On a machine with more than one job, the next would find them.
  if (all["PULUMI_ACCESS_TOKEN"] || all["PULUMI_BACKEND_URL"]) all["PULUMI_CREDENTIALS_PATH"] ??= folder;
  return all;
}

/** Prints a log until a promise ends. */
async function printing<Result>(log: RunningLog, ended: Promise<Result>): Promise<Result> {
  let isOver = false;
  const over = ended.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    log.printNew();
    await Promise.race([over, sleep(lookMs)]);
  }
  log.printNew();
  return await over;
}

/** The signals that this process gets, from the start on. */
class Signals {
  readonly #early: NodeJS.Signals[] = [];
  #take = (signal: NodeJS.Signals): void => void this.#early.push(signal);
  readonly #listener = (signal: NodeJS.Signals) => this.#take(signal);

  constructor() {
    for (const signal of passedOn) process.on(signal, this.#listener);
  }

  /** Passes on each signal, also those that came before. */
  passOn(take: (signal: NodeJS.Signals) => void): void {
    this.#take = take;
    for (const signal of this.#early) take(signal);
  }

  stop(): void {
    for (const signal of passedOn) process.off(signal, this.#listener);
  }
}

/** Sends a signal to a process and those that it has started, as a terminal does. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}

/** True while a process runs. One that has ended and that nobody has asked for counts as ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

/** Returns the code that a shell gives to a command that a signal ended. */
function codeOf(signal: NodeJS.Signals | null): number {
  return exitCodes.signal + (signal === null ? 0 : constants.signals[signal]);
}

function notStarted(command: string, { code = "unknown error" }: NodeJS.ErrnoException): number {
  if (code === "ENOENT") complain(`there is no command ${visible(command)} on the PATH`);
  else complain(`${visible(command)} cannot be started (${code})`);
  return code === "ENOENT" ? exitCodes.unknownCommand : exitCodes.notStarted;
}
