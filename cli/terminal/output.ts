import { randomUUID } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
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

/** Passes the output of another program on to stdout, as it comes. */
export function pass(text: string): void {
  process.stdout.write(visibleLines(text));
}

/** Runs something during which the runner of GitHub takes no line of stdout for a command. */
export async function withoutCommands<Result>(
  run: () => Promise<Result>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result> {
  if (env["GITHUB_ACTIONS"] !== "true") return await run();
  const resume = randomUUID();
  process.stdout.write(`::stop-commands::${resume}\n`);
  try {
    return await run();
  } finally {
    process.stdout.write(`::${resume}::\n`);
  }
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

/** Lines of an annotation; the summary of the run has all. */
const mostAnnotated = 10;

/**
 * Says in a job of GitHub Actions why it does not go on: as an error of the run, and in its summary. Does nothing elsewhere.
 *
 * @param title words of ours
 * @param lines the details
 */
export function annotate(
  title: string,
  lines: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): void {
  if (env["GITHUB_ACTIONS"] !== "true") return;
  const shown = lines.flatMap((line) => visibleLines(line).split("\n"));
  const more = shown.length - mostAnnotated;
  const first = [
    ...shown.slice(0, mostAnnotated),
    ...(more > 0 ? [`and ${more} more lines in the summary`] : []),
  ];
  process.stderr.write(
    `::error title=${escaped(title, /[%\r\n:,]/g)}::${escaped(first.join("\n"), /[%\r\n]/g)}\n`,
  );
  const summary = env["GITHUB_STEP_SUMMARY"];
  // Indented text is shown as it is.
  if (summary) appendFileSync(summary, `### ${title}\n\n${shown.map((line) => `    ${line}\n`).join("")}\n`);
}

/** Escapes a part of a command for the runner of GitHub. */
function escaped(text: string, signs: RegExp): string {
  return text.replace(signs, encodeURIComponent);
}
