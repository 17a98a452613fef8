/** Runs the script of a step as the runner of GitHub does, and cancels it as that does. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface Ended {
  code: number;
  /** Both streams in the order in which they came. */
  output: string;
}

/** Time that a step has after each signal, and that its output may still come after its end: ProcessInvoker.cs. */
const after = { SIGINT: 7_500, SIGTERM: 2_500, end: 5_000 } as const;
const limitMs = 120_000;

/**
 * Runs bash with arguments. A cancellation reaches only bash, or what has taken its place: SIGINT, then SIGTERM, then
 * SIGKILL. Its children live on.
 */
export async function runBash(
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; cancelled?: AbortSignal | undefined },
): Promise<Ended> {
  const { cwd, env, cancelled } = options;
  const child = spawn("bash", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? -1));
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  let isOver = false;
  const cancel = async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      if (isOver) return;
      child.kill(signal);
      await Promise.race([exited, sleep(after[signal], undefined, { ref: false })]);
    }
    if (!isOver) child.kill("SIGKILL");
  };
  cancelled?.addEventListener("abort", () => void cancel(), { once: true });
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  try {
    const code = await exited;
    isOver = true;
    await Promise.race([closed, sleep(after.end, undefined, { ref: false })]);
    return { code, output };
  } finally {
    clearTimeout(limit);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Ends what the steps of a job have left, which the runner recognises by a variable. */
export function endOrphans(trackingId: string): string[] {
  const ended: string[] = [];
  for (const pid of fs.existsSync("/proc")
    ? fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))
    : []) {
    try {
      const env = fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (!env.includes(`RUNNER_TRACKING_ID=${trackingId}`)) continue;
      ended.push(fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim());
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended, or belongs to somebody else.
    }
  }
  return ended;
}
