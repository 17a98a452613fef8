import { shorten } from "../../../packages/text";
import { logTail } from "../../deploy";

/** Length of the end of a log that is kept. */
const KEPT_LENGTH = 64 * 1024;
/** Length that fits into a row of a terminal. */
const MAX_ROW_LENGTH = 100;

/**
 * Output of a setup, piece by piece, without secrets. It has whole lines only, since half a secret would not be
 * recognised.
 *
 * @example
 * const log = new SetupLog(() => context.run.secrets.all());
 * log.add("Installing ");
 * log.add("Docker\n");
 * log.newest; // "Installing Docker"
 */
export class SetupLog {
  private lines = "";
  private rest = "";

  constructor(private readonly secrets: () => Iterable<string>) {}

  add(piece: string): void {
    const text = this.rest + piece;
    const end = text.lastIndexOf("\n") + 1;
    this.rest = text.slice(end);
    if (this.rest.length > KEPT_LENGTH) this.rest = "(a very long line, withheld) ";
    this.lines += text.slice(0, end);
    if (this.lines.length > 2 * KEPT_LENGTH) {
      const start = this.lines.indexOf("\n", this.lines.length - KEPT_LENGTH) + 1;
      this.lines = this.lines.slice(start);
    }
  }

  /** Last line with text, shortened for a line of progress. */
  get newest(): string | undefined {
    const line = this.tail().at(-1);
    return line === undefined ? undefined : shorten(line.trim(), MAX_ROW_LENGTH);
  }

  /** Returns the end of the log for an error. */
  tail(): string[] {
    return logTail(this.lines, this.secrets());
  }
}
