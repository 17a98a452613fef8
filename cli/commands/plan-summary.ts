import { visibleLines } from "../../packages/text";
import {
  Block,
  factsOf,
  missingPage,
  planKey,
  planOf,
  planPage,
  readPreview,
  render,
  renderMissing,
} from "../plan";
import {
  type Command,
  exitCodes,
  exitCodesHelp,
  flagOption,
  optionsHelp,
  parseArguments,
  print,
  readInput,
  reasonOf,
  save,
  UsageError,
  valueOption,
} from "../terminal";

/** Fits into a comment on GitHub, which may have 65,536 characters. */
const defaultMaxLength = 65_000;
const leastMaxLength = 1_000;
/** Part of the text that a fingerprint may take; longer ones leave out details. */
const fingerprintShare = 1 / 4;
const leastWithFingerprint = 4_000;

/** Options of the command. */
export const planSummaryOptions = {
  title: valueOption("TEXT", "Text of the headline, instead of project and stack"),
  stack: valueOption("NAME", "Name of the stack; a plan of another stack is refused"),
  output: { ...valueOption("FILE", "Write to a file instead of stdout"), short: "o" },
  html: valueOption("FILE", "Also write the whole plan as a page for a browser, with changes that fold"),
  "max-length": valueOption(
    "N",
    `Limit of characters (default: ${defaultMaxLength}, just below GitHub's limit). A longer text`,
    "is shortened: first values, then tables, then resources; a last line says so",
  ),
  "fail-on": valueOption("WHAT", "Exit with 3 on `errors` (the preview failed) or on `warnings` (or errors)"),
  fingerprint: flagOption(
    "End with a fingerprint of the plan, which approve-check compares with a later plan. Needs",
    "DOKPLOY_PLAN_KEY: a random text of at least 16 characters. A failed preview has none",
  ),
  commit: valueOption("SHA", "Commit that was planned, for the fingerprint"),
};

export const planSummaryCommand: Command = {
  summary: "Turn `pulumi preview --json` into Markdown for a comment on a pull request",
  options: planSummaryOptions,
  help: [
    "Usage: pulumi-dokploy plan-summary [file] [options]",
    "",
    "Reads the output of `pulumi preview --json` from a file or from stdin, and prints it as Markdown: the additions,",
    "changes and removals of each resource, the deployments that follow, warnings and errors. Secrets are not shown.",
    "The order depends only on names, so the same plan gives the same text.",
    "",
    ...optionsHelp(planSummaryOptions, 23),
    "",
    ...exitCodesHelp(
      {
        done: "the summary was written, also for a failed preview",
        wrong: "the input is not a plan (the Markdown says so), or an option is wrong",
        named: "see --fail-on",
      },
      108,
    ),
    "",
    "Example:",
    "  pulumi preview --json > plan.json; pulumi-dokploy plan-summary plan.json --output comment.md",
  ].join("\n"),

  async run(args) {
    const { values, positionals } = parseArguments(planSummaryOptions, args);
    if (positionals.length > 1) throw new UsageError("plan-summary takes one file.");
    const maxLength = lengthOf(values["max-length"]);
    const failOn = failOnOf(values["fail-on"]);
    const key = values.fingerprint ? planKey(process.env) : undefined;
    if (key !== undefined && maxLength < leastWithFingerprint) {
      throw new UsageError(`--max-length needs at least ${leastWithFingerprint} with --fingerprint.`);
    }
    if (key === undefined && values.commit !== undefined)
      throw new UsageError("--commit needs --fingerprint.");
    const input = await readInput(positionals[0] ?? "-", "The plan");
    const { title, stack } = values;
    let preview: ReturnType<typeof readPreview>;
    let plan: ReturnType<typeof planOf>;
    try {
      preview = readPreview(input);
      plan = planOf(preview, stack);
    } catch (error) {
      if (error instanceof UsageError) {
        write(values.output, renderMissing(error.message, { title, stack }));
        if (values.html !== undefined) write(values.html, missingPage(error.message, title ?? stack));
      }
      throw error;
    }
    if (values.html !== undefined) write(values.html, planPage(plan, title));
    const markdown = (maxLength: number) =>
      visibleLines(render(plan, { maxLength, ...(title === undefined ? {} : { title }) }));
    if (key === undefined || plan.failed) write(values.output, markdown(maxLength));
    else {
      const most = Math.floor(maxLength * fingerprintShare);
      const block = new Block(factsOf(preview, plan, key), key, { commit: values.commit, maxLength: most });
      write(values.output, block.after(markdown(maxLength - block.length)));
    }
    const warned = plan.warnings.length + plan.findings.length > 0;
    const found = plan.failed || (failOn === "warnings" && warned);
    if (failOn !== undefined && found) process.exitCode = exitCodes.named;
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
