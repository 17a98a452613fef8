import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import type { Command } from "./terminal/command";
import { UsageError, usageError } from "./terminal/errors";
import { print, save } from "./terminal/output";

/** Fits into a comment on GitHub, which may have 65,536 characters. */
const defaultMaxLength = 65_000;
const leastMaxLength = 1_000;
const maxInputMiB = 64;
/** Exit code when the plan contains something that `--fail-on` names. */
const foundExitCode = 3;

/** Options of the command, as `parseArgs` takes them. */
export const planSummaryOptions = {
  title: { type: "string" },
  stack: { type: "string" },
  output: { type: "string", short: "o" },
  "max-length": { type: "string" },
  "fail-on": { type: "string" },
} as const;

export const planSummaryCommand: Command = {
  summary: "Turn `pulumi preview --json` into Markdown for a comment on a pull request",
  help: [
    "Usage: pulumi-dokploy plan-summary [file] [options]",
    "",
    "Reads the output of `pulumi preview --json` from a file or from stdin, and prints it as Markdown: the additions,",
    "changes and removals of each resource, the deployments that follow, warnings and errors. Secrets are not shown.",
    "The order depends only on names, so the same plan gives the same text.",
    "",
    "Options:",
    "  --title TEXT         Text of the headline, instead of project and stack",
    "  --stack NAME         Name of the stack, if the plan does not contain it",
    "  --output FILE, -o    Write to a file instead of stdout",
    `  --max-length N       Limit of characters (default: ${defaultMaxLength}, just below GitHub's limit). A longer text`,
    "                       is shortened: first values, then tables, then resources; a last line says so",
    "  --fail-on WHAT       Exit with 3 on `errors` (the preview failed) or on `warnings` (or errors)",
    "  --help, -h           Show this text",
    "",
    "Exit codes: 0 the summary was written, also for a failed preview; 2 the input is not a plan (the Markdown",
    "says so), or an option is wrong; 3 see --fail-on.",
    "",
    "Example:",
    "  pulumi preview --json > plan.json; pulumi-dokploy plan-summary plan.json --output comment.md",
  ].join("\n"),

  async run(args) {
    const { values, positionals } = usageError(() =>
      parseArgs({ args: [...args], options: planSummaryOptions, allowPositionals: true }),
    );
    if (positionals.length > 1) throw new UsageError("plan-summary takes one file.");
    const maxLength = lengthOf(values["max-length"]);
    const failOn = failOnOf(values["fail-on"]);
    const text = await read(positionals[0] ?? "-");

    // Loaded only now, because they load the resources' schemas.
    const { readPreview } = require("./plan/preview") as typeof import("./plan/preview");
    const { planOf } = require("./plan/model") as typeof import("./plan/model");
    const { render, renderMissing } = require("./plan/render") as typeof import("./plan/render");
    const { title, stack } = values;
    let preview: ReturnType<typeof readPreview>;
    try {
      preview = readPreview(text);
    } catch (error) {
      if (error instanceof UsageError) write(values.output, renderMissing(error.message, { title, stack }));
      throw error;
    }
    const plan = planOf(preview);
    if (stack !== undefined) plan.stack ??= stack;
    write(values.output, render(plan, { maxLength, ...(title === undefined ? {} : { title }) }));
    const found = plan.failed || (failOn === "warnings" && plan.warnings.length > 0);
    if (failOn !== undefined && found) process.exitCode = foundExitCode;
  },
};

function lengthOf(text: string | undefined): number {
  if (text === undefined) return defaultMaxLength;
  const length = Number(text);
  if (/^\d+$/.test(text) && length >= leastMaxLength && Number.isSafeInteger(length)) return length;
  throw new UsageError(`--max-length needs a whole number of at least ${leastMaxLength}, not "${text}".`);
}

function failOnOf(text: string | undefined): "errors" | "warnings" | undefined {
  if (text === undefined || text === "errors" || text === "warnings") return text;
  throw new UsageError(`--fail-on takes "errors" or "warnings", not "${text}".`);
}

async function read(file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxInputMiB * 2 ** 20) break;
    }
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  if (size > maxInputMiB * 2 ** 20) throw new UsageError(`The plan is larger than ${maxInputMiB} MiB.`);
  return decode(Buffer.concat(chunks));
}

/** Decodes UTF-8, or UTF-16 with a byte order mark, which `>` of Windows PowerShell writes. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

function write(file: string | undefined, text: string): void {
  if (file === undefined) {
    print(text);
    return;
  }
  try {
    save(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    EISDIR: "it is a folder",
    EACCES: "access is denied",
  };
  return reasons[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}
