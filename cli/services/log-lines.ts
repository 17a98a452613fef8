/** Docker's time before each line, which Dokploy asks for. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?/;
/** Time for which a line is remembered: longer than a look goes back. */
const REMEMBERED_MS = 10 * 60_000;

/** A line of a log. */
export interface LogLine {
  /** Docker's time; empty for a line without one. */
  readonly at: string;
  readonly text: string;
}

/**
 * The log of a container, read in parts that overlap: each line is new once, in the order of Docker's times. Docker
 * gives a line a time to the nanosecond, so two equal lines with one time are the same.
 */
export class LogLines {
  private readonly seen = new Map<string, string>();
  /** Time of the first line that was printed: earlier ones were cut off. */
  private first: string | undefined;
  private newest = "";

  /** Returns the lines that no earlier part had. */
  fresh(part: string): LogLine[] {
    const lines = sorted(part).filter(({ at, text }) => {
      if (at === "") return true;
      return at >= (this.first ?? "") && !this.seen.has(`${at} ${text}`);
    });
    for (const { at, text } of lines) {
      if (at === "") continue;
      this.first ??= at;
      this.seen.set(`${at} ${text}`, at);
      if (at > this.newest) this.newest = at;
    }
    this.forget();
    return lines;
  }

  private forget(): void {
    const newest = Date.parse(this.newest);
    for (const [line, at] of this.seen) if (newest - Date.parse(at) > REMEMBERED_MS) this.seen.delete(line);
  }
}

function sorted(part: string): LogLine[] {
  const lines = part
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ at: TIMESTAMP.exec(line)?.[1] ?? "", text: line.replace(TIMESTAMP, "") }));
  // Dokploy does not sort the lines of several containers. Lines without a time, such as Docker's errors, stay.
  return lines.every(({ at }) => at !== "")
    ? lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    : lines;
}
