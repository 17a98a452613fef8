import { readFileSync } from "node:fs";
import { visibleLines } from "../../../packages/text";
import { reasonOf, UsageError } from "../../terminal";
import { plain } from "./log";

/** Headings by how the step that deployed has ended. */
const headings = {
  success: (stage: string) => `Deployed to \`${stage}\``,
  failure: (stage: string) => `The deployment to \`${stage}\` failed`,
  cancelled: (stage: string) => `The deployment to \`${stage}\` was cancelled`,
} as const;

/** GitHub takes 1 MiB from each step. */
const mostBytes = 900_000;
/** Lines that only say that there were errors. */
const saysNothing = /^error: (?:update|preview) failed$/;

/**
 * Returns how a deployment ended, in Markdown for the summary of the run: what failed, the counts of Pulumi, and the log in
 * a fold.
 *
 * @param log file with what `pulumi up` printed
 * @param outcome `success`, `failure` or `cancelled`, as GitHub calls the outcome of a step
 */
export function resultOf(log: string, stage: string, outcome: string): string {
  const heading = Object.entries(headings).find(([name]) => name === outcome)?.[1];
  if (heading === undefined)
    throw new UsageError(`An outcome is ${Object.keys(headings).join(", ")}, not "${outcome}".`);
  if (!/^[\w./-]+$/.test(stage)) throw new UsageError("A stage is made of letters, digits and . _ / -");
  const lines = linesOf(log);
  const end = lines.slice(lines.lastIndexOf("Resources:"));
  const parts = [
    `### ${heading(stage)}`,
    ...errorsIn(lines).map(block),
    ...(lines.includes("Resources:") ? [block(end)] : []),
    lines.length === 0
      ? "Nothing was printed. The log of the job says more."
      : `<details><summary>Log</summary>\n\n${block(last(lines))}\n\n</details>`,
  ];
  return `${parts.join("\n\n")}\n\n`;
}

function linesOf(log: string): string[] {
  let text: string;
  try {
    text = readFileSync(log, "utf8");
  } catch (error) {
    throw new UsageError(`${log} cannot be read: ${reasonOf(error)}`);
  }
  const shown = visibleLines(plain(text)).trimEnd();
  return shown === "" ? [] : shown.split("\n");
}

/** Lists the errors, each once and with the lines that belong to it. */
function errorsIn(lines: readonly string[]): string[][] {
  const errors: string[][] = [];
  let isInside = false;
  for (const line of lines) {
    const begins = line.startsWith("error: ");
    isInside = begins || (isInside && /^(?:\s|$)/.test(line));
    if (begins) errors.push([line]);
    else if (isInside) errors.at(-1)?.push(line);
  }
  const unique = [...new Set(errors.map((error) => error.join("\n").trimEnd()))];
  const telling = unique.filter((text) => !saysNothing.test(text));
  return (telling.length > 0 ? telling : unique).map((text) => text.split("\n"));
}

/** Returns the last lines, as many as GitHub takes. */
function last(lines: readonly string[]): string[] {
  let bytes = 0;
  const from = lines.findLastIndex((line) => {
    bytes += Buffer.byteLength(line) + 5;
    return bytes > mostBytes;
  });
  return from === -1 ? [...lines] : ["…", ...lines.slice(from + 1)];
}

/** Indents text, which Markdown then shows as it is. */
function block(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join("\n");
}
