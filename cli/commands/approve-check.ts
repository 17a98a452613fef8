import { visibleJson } from "../../packages/text";
import { check, differenceLine, planKey } from "../plan";
import {
  annotate,
  type Command,
  exitCodes,
  exitCodesHelp,
  json,
  messageOf,
  optionsHelp,
  parseArguments,
  print,
  readInput,
  section,
  UsageError,
  valueOption,
} from "../terminal";

/** Options of the command. */
export const approveCheckOptions = {
  approved: valueOption(
    "FILE",
    "Text of one or several comments, whose last fingerprint of the stack counts; - is stdin",
  ),
  commit: valueOption("SHA", "Commit that the approved plan must be of, as given to plan-summary"),
  stack: valueOption("NAME", "Name of the stack; a plan of another stack is refused"),
  json,
};

export const approveCheckCommand: Command = {
  summary: "Refuse a plan that is not the approved one",
  options: approveCheckOptions,
  help: [
    "Usage: pulumi-dokploy approve-check [plan.json] --approved FILE [options]",
    "",
    "Compares the output of `pulumi preview --json`, from a file or from stdin, with the plan whose fingerprint",
    "`plan-summary --fingerprint` wrote into a comment, and says what differs. Run it before `pulumi up`. Needs the same",
    "DOKPLOY_PLAN_KEY. A plan has no values of secrets, so only the names of those that change are compared. In a job of",
    "GitHub, a refusal is an error of the run, and in its summary.",
    "",
    ...optionsHelp(approveCheckOptions),
    "",
    ...exitCodesHelp({
      done: "the plan is the approved one",
      failed: "the plan is not the approved one",
      wrong: "there is no valid fingerprint or no plan, or an option is wrong",
    }),
    "",
    "Example:",
    "  pulumi preview --json > plan.json",
    "  pulumi-dokploy approve-check plan.json --approved comment.md && pulumi up --yes --skip-preview",
  ].join("\n"),

  async run(args) {
    const { values, positionals } = parseArguments(approveCheckOptions, args);
    const [file = "-", ...more] = positionals;
    const { approved: comment, commit } = values;
    if (more.length > 0) throw new UsageError("approve-check takes one plan.");
    if (comment === undefined)
      throw new UsageError("approve-check needs the text of the comment: --approved FILE.");
    if (file === "-" && comment === "-")
      throw new UsageError("Only one of the plan and the comment can be stdin.");
    try {
      const key = planKey(process.env);
      const plan = await readInput(file, "The plan");
      const comments = await readInput(comment, "The approved text");
      const result = check(plan, comments, { commit, stack: values.stack, key });
      const { same, stack, fingerprint, differences } = result;
      const lines = section(
        `The plan of ${stack} is not the approved one:`,
        differences.map(differenceLine),
      ).slice(1);
      if (values.json) print(visibleJson({ version: 1, ...result }, 2));
      else print(same ? `The plan of ${stack} is the approved one: ${fingerprint}.` : lines.join("\n"));
      if (same) return;
      process.exitCode = exitCodes.failed;
      annotate(refused, lines);
    } catch (error) {
      annotate(refused, [messageOf(error)]);
      throw error;
    }
  },
};

const refused = "Not deployed: there is no approval of this plan";
