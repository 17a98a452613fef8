/** Log of a deployment while it is written. */
export class Log {
  private text = "Initializing deployment\n";

  add(...lines: string[]): this {
    this.text += lines.map((line) => `${line}\n`).join("");
    return this;
  }

  /** Ends the log of a deployment in which a command failed. */
  failedCommand(line: string): string {
    return this.add(line, "").failed();
  }

  /** Ends the log of a deployment that threw this message. */
  threw(message: string): string {
    return this.add(message).failed();
  }

  done(): string {
    return this.text;
  }

  private failed(): string {
    return this.add("Error occurred ❌, check the logs for details.").text;
  }
}
