/** Ends a process together with everything that it started, also across process groups. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";

/**
 * Kills `pid` and its descendants. Pulumi starts its language hosts and providers in process groups of their
 * own, and they outlive it for minutes, so killing its group is not enough. Does nothing when it has ended.
 */
export function killTree(pid: number): void {
  if (process.platform === "win32") {
    try {
      execFileSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    } catch {
      // It ended by itself in the meantime.
    }
    return;
  }
  // Stopped first: a process that goes on running could start another one after its children were listed.
  if (!send(pid, "SIGSTOP")) return;
  for (const child of childrenOf(pid)) killTree(child);
  send(pid, "SIGKILL");
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return parents()
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child);
}

/** All processes as [pid, parent's pid]. */
function parents(): [number, number][] {
  // Slim container images have no `ps`.
  if (fs.existsSync("/proc/self/stat")) {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name): [number, number][] => {
        const parent = parentFromStat(`/proc/${name}/stat`);
        return parent === undefined ? [] : [[Number(name), parent]];
      });
  }
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return [child ?? 0, parent ?? 0];
  });
}

function parentFromStat(file: string): number | undefined {
  try {
    // "<pid> (<name>) <state> <parent> …", where the name may hold blanks and brackets.
    const afterName = fs.readFileSync(file, "utf8").replace(/^.*\)/s, "");
    return Number(afterName.trim().split(" ")[1]);
  } catch {
    return undefined;
  }
}
