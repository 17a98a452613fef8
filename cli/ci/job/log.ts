import { closeSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { isRecord } from "../../../packages/values";
import { pass } from "../../terminal";

/** Bytes that are read at a time. */
const portion = 64 * 1024;
const newline = 0x0a;

/** The output of a command in a file, which is printed while it grows. The command may outlive the process that prints. */
export class RunningLog {
  /** Bytes that have been printed. */
  #printed: number;

  private constructor(
    readonly file: string,
    /** Process, which leads a group of its own. */
    readonly pid: number,
    /** Private folder of the command. */
    readonly folder: string,
    printed: number,
  ) {
    this.#printed = printed;
  }

  static begin(file: string, pid: number, folder: string): RunningLog {
    const log = new RunningLog(file, pid, folder, 0);
    log.leave();
    return log;
  }

  /** Finds the log of a command that another process has left; undefined when it has ended, or none was started. */
  static find(file: string): RunningLog | undefined {
    let state: unknown;
    try {
      state = JSON.parse(readFileSync(stateOf(file), "utf8"));
    } catch {
      return undefined;
    }
    if (!isRecord(state)) return undefined;
    const { pid, folder, printed } = state;
    const isWhole = Number.isSafeInteger(pid) && Number(pid) > 1 && Number.isSafeInteger(printed);
    if (!isWhole || typeof folder !== "string") return undefined;
    return new RunningLog(file, Number(pid), folder, Number(printed));
  }

  /** Prints the lines that are new. */
  printNew(): void {
    this.#print((bytes) => bytes.lastIndexOf(newline) + 1);
  }

  /** Lets another process continue. */
  leave(): void {
    const { pid, folder } = this;
    writeFileSync(stateOf(this.file), JSON.stringify({ pid, folder, printed: this.#printed }), {
      mode: 0o600,
    });
  }

  /** Prints the rest. */
  end(): void {
    this.#print((bytes) => bytes.length);
    rmSync(stateOf(this.file), { force: true });
  }

  #print(lengthOf: (bytes: Buffer) => number): void {
    const file = openSync(this.file, "r");
    try {
      const parts: Buffer[] = [];
      for (let at = this.#printed; ; ) {
        const part = Buffer.alloc(portion);
        const read = readSync(file, part, 0, portion, at);
        if (read === 0) break;
        parts.push(part.subarray(0, read));
        at += read;
      }
      const bytes = Buffer.concat(parts);
      const length = lengthOf(bytes);
      if (length > 0) pass(plain(bytes.subarray(0, length).toString("utf8")));
      this.#printed += length;
    } finally {
      closeSync(file);
    }
  }
}

/**
 * Returns the output of Pulumi without the tags `<{%fg 1%}>`, which it writes around the count of errors also with
 * `--color never`. A value keeps them.
 */
export function plain(text: string): string {
  return text.replaceAll(/^( +)<\{%fg 1%\}>(\d+ errored)<\{%reset%\}>(?=\r?$)/gm, "$1$2");
}

function stateOf(file: string): string {
  return `${file}.running`;
}
