import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** The `pulumi` command that this process works for, as far as the system shows it. */
export interface PulumiCommand {
  /** Path of its program, or `pulumi`. */
  program: string;
  /** Folder in which it looks for the project. */
  folder: string;
  /** Stack in its options; undefined where they name none and the selected one counts. */
  stack: string | undefined;
  /** URNs, or patterns of them, in its options to replace. */
  replaces: readonly string[];
}

interface Process {
  parent: number;
  args: readonly string[];
  program?: string | undefined;
  folder?: string | undefined;
}

/** Between the command and this process there is at most a shell and some launchers. */
const maxAncestors = 6;

/** Finds the command among the ancestors of this process. */
export function findCommand(
  pid: number = process.ppid,
  look: (pid: number) => Process | undefined = lookUp,
): PulumiCommand {
  let next = pid;
  for (let step = 0; step < maxAncestors && next > 1; step += 1) {
    const found = look(next);
    if (!found) break;
    if (isPulumi(found.program) || isPulumi(found.args[0])) {
      const [, ...args] = found.args;
      return {
        program: isPulumi(found.program) ? (found.program ?? "pulumi") : "pulumi",
        folder: found.folder ?? process.cwd(),
        ...readOptions(args),
      };
    }
    next = found.parent;
  }
  return { program: "pulumi", folder: process.cwd(), stack: undefined, replaces: [] };
}

function isPulumi(file: string | undefined): boolean {
  return file !== undefined && /^pulumi(\.exe)?$/.test(path.basename(file));
}

/** Reads the options: `--stack prod`, `--stack=prod`, `-s prod`, `-ys prod`, `--replace <urn>`. */
export function readOptions(args: readonly string[]): Pick<PulumiCommand, "stack" | "replaces"> {
  let stack: string | undefined;
  const replaces: string[] = [];
  for (const [index, arg] of args.entries()) {
    const [, long, inline] = /^--(stack|replace|target-replace)(?:=(.*))?$/s.exec(arg) ?? [];
    const [, short] = /^-[yfdrje]*s=?(.*)$/s.exec(arg) ?? [];
    const value = (long === undefined ? short || undefined : inline) ?? args[index + 1];
    if (long === "stack" || short !== undefined) stack = value;
    else if (long !== undefined && value !== undefined) replaces.push(value);
  }
  return { stack, replaces };
}

/**
 * True when one of the patterns that a command accepts for URNs matches: `*` matches a part of a name, `**` for
 * anything.
 */
export function matchesUrn(patterns: readonly string[], urn: string): boolean {
  return patterns.some((pattern) => fits(pattern.match(/\*\*|[\s\S]/g) ?? [], urn));
}

/**
 * Matches in one pass through the text, with the set of possible positions in the pattern. A regular expression
 * would try each way separately.
 */
function fits(signs: readonly string[], text: string): boolean {
  const isStar = (at: number) => signs[at] === "*" || signs[at] === "**";
  const withSkipped = (counts: Iterable<number>) => {
    const all = new Set(counts);
    // A star may match nothing. The loop also visits the counts that it adds.
    for (const count of all) if (isStar(count)) all.add(count + 1);
    return all;
  };
  let counts = withSkipped([0]);
  for (let at = 0; at < text.length && counts.size > 0; at++) {
    const character = text[at];
    const next: number[] = [];
    for (const count of counts) {
      const sign = signs[count];
      if (sign === "**" || (sign === "*" && character !== ":")) next.push(count);
      else if (sign === character && sign !== "*") next.push(count + 1);
    }
    counts = withSkipped(next);
  }
  return counts.has(signs.length);
}

function lookUp(pid: number): Process | undefined {
  if (process.platform === "win32") return undefined;
  try {
    return fs.existsSync("/proc/self/stat") ? lookInProc(pid) : askPs(pid);
  } catch {
    return undefined;
  }
}

function lookInProc(pid: number): Process {
  const link = (name: string): string | undefined => {
    try {
      return fs.readlinkSync(`/proc/${pid}/${name}`);
    } catch {
      return undefined;
    }
  };
  // The name in parentheses may contain anything; the numbers come after it.
  const [, parent] =
    fs
      .readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ") ?? [];
  const args = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  return { parent: Number(parent), args, program: link("exe"), folder: link("cwd") };
}

function askPs(pid: number): Process | undefined {
  const line = execFileSync("ps", ["-ww", "-o", "ppid=,args=", "-p", String(pid)], {
    encoding: "utf8",
    timeout: 2000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return parsePs(line);
}

/** Parses a line of `ps`: `  812 pulumi up --stack prod`. */
export function parsePs(line: string): Process | undefined {
  const [, parent, args] = /^\s*(\d+)\s(.*)$/s.exec(line) ?? [];
  return args === undefined ? undefined : { parent: Number(parent), args: args.trim().split(/\s+/) };
}
