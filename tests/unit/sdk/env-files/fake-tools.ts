import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Command-line tools of secrets managers on the PATH, as scripts that log their calls. */
export class FakeTools {
  private readonly path = process.env["PATH"];
  private readonly bin: string;
  private readonly log: string;

  /** @param folder an empty folder */
  constructor(folder: string) {
    this.bin = join(folder, "bin");
    this.log = join(folder, "calls.log");
    mkdirSync(this.bin, { recursive: true });
    process.env["PATH"] = `${this.bin}${delimiter}${this.path}`;
  }

  /** Folder to put before the PATH of a process. */
  get folder(): string {
    return this.bin;
  }

  /** Installs a tool that runs this shell script after the log of its call. */
  install(name: string, script: string): void {
    const file = join(this.bin, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>'${this.log}'\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Returns a script that prints a text once so many calls have begun, and fails when they do not. */
  after(calls: number, text: string): string {
    return [
      "n=0",
      `while [ "$(wc -l <'${this.log}')" -lt ${calls} ]; do n=$((n+1)); [ $n -gt 200 ] && exit 9; sleep 0.05; done`,
      prints(text),
    ].join("\n");
  }

  /** Calls since the last time, sorted. */
  calls(): string[] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, "utf8").split("\n").filter(Boolean).sort();
    writeFileSync(this.log, "");
    return lines;
  }

  /** Leaves only the tools of the folder on the PATH. */
  hideOthers(): void {
    process.env["PATH"] = this.bin;
  }

  restore(): void {
    process.env["PATH"] = this.path;
  }
}

/** Returns a script that prints a text as it is. */
export function prints(text: string, to: "stdout" | "stderr" = "stdout"): string {
  return `cat ${to === "stderr" ? ">&2 " : ""}<<'END_OF_TEXT'\n${text}\nEND_OF_TEXT`;
}
