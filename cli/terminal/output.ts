import { writeFileSync } from "node:fs";
import { visibleLines } from "../../packages/text";

/** Every output of a command passes here. Hidden characters in files, responses, plans and arguments become visible. */

/** Prints a result to stdout, and ends the line if it does not end one. */
export function print(text: string): void {
  process.stdout.write(ended(visibleLines(text)));
}

/** Ends the process quietly when the program that reads its output stops reading, as `head` does. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

/** Prints an error or a warning to stderr. */
export function complain(text: string): void {
  process.stderr.write(ended(visibleLines(`pulumi-dokploy: ${text}`)));
}

/** Passes the output of another program on to stderr, as it comes. */
export function relay(text: string): void {
  process.stderr.write(visibleLines(text));
}

/** Asks for something on stderr; a person types it in the same line. */
export function ask(question: string): void {
  process.stderr.write(`${visibleLines(question)} `);
}

/** True when a person sees the results. */
export function isTerminal(): boolean {
  return process.stdout.isTTY === true;
}

/** Number of characters that a line of results may have: as many as the terminal shows, or 80 in a file or a log. */
export function columns(): number {
  return process.stdout.columns ?? 80;
}

/** Writes a result to a file. */
export function save(file: string, text: string): void {
  writeFileSync(file, visibleLines(text));
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** Returns a title with indented lines below an empty one; nothing without lines. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
