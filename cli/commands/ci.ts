import { counted, visible } from "../../packages/text";
import {
  changedStackFiles,
  closeIssue,
  hostOf,
  keepComment,
  keepIssue,
  resultOf,
  runInJob,
  showDeployments,
  waitForEnd,
} from "../ci";
import {
  annotate,
  type Command,
  type CommandGroup,
  complain,
  exitCodes,
  exitCodesHelp,
  flagOption,
  optionsHelp,
  parseArguments,
  parseOptions,
  print,
  UsageError,
  valueOption,
} from "../terminal";

const author = valueOption("NAME", "User of the token on GitHub (default: github-actions[bot])");
const subject = valueOption(
  "TEXT",
  "Subject, such as `plan: test`: a hidden line by which the text is found again",
);
/** Lines of the help about the host and the token. */
const about = [
  "",
  "Runs in a job of GitHub Actions, with the token GH_TOKEN or GITHUB_TOKEN, or of GitLab CI, with GITLAB_TOKEN. It changes",
  "only what the user of this token wrote, and sends the token to the API of the host alone.",
  "",
];
const codes = exitCodesHelp({
  done: "done",
  failed: "the host refused",
  wrong: "an option or a setting of the job is wrong",
});

const commentOptions = {
  subject,
  commit: flagOption("End with the commit of the pull request"),
  author,
};
const comment: Command = {
  summary: "Write a file as a comment on the pull request, or replace the former one",
  options: commentOptions,
  help: [
    "Usage: pulumi-dokploy ci comment <file> --subject TEXT [options]",
    ...about,
    "If the file does not exist, a former comment stays as it is.",
    "",
    ...optionsHelp(commentOptions),
    "",
    ...codes,
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(commentOptions, args);
    const file = only(positionals, "ci comment");
    const host = hostOf(process.env, values.author);
    const isWritten = await keepComment(host, file, needed(values.subject, "subject"), {
      withCommit: values.commit,
    });
    if (!isWritten) complain(`there is no ${visible(file)}, so the comment stays as it is`);
  },
};

const issueOptions = {
  subject,
  title: valueOption("TEXT", "Title of a new issue"),
  close: flagOption("Close the issue instead, if there is one"),
  author,
};
const issue: Command = {
  summary: "Open an issue with the text of a file, change it, or close it",
  options: issueOptions,
  help: [
    "Usage: pulumi-dokploy ci issue <file> --subject TEXT --title TEXT [options]",
    "       pulumi-dokploy ci issue --subject TEXT --close",
    ...about,
    ...optionsHelp(issueOptions),
    "",
    ...codes,
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(issueOptions, args);
    const host = hostOf(process.env, values.author);
    const about = needed(values.subject, "subject");
    if (values.close) await closeIssue(host, about);
    else await keepIssue(host, only(positionals, "ci issue"), about, needed(values.title, "title"));
  },
};

const deploymentsOptions = {
  stage: valueOption("NAME", "Stage: `test` gives environments such as `test/api`"),
};
const deployments: Command = {
  summary: "Show the deployment of each service at the host, with its address and commit",
  options: deploymentsOptions,
  help: [
    "Usage: pulumi-dokploy ci deployments <file> --stage NAME",
    ...about,
    "The file has the output of `status --json`. Services that the checked-out commit did not deploy are left out.",
    "",
    ...optionsHelp(deploymentsOptions),
    "",
    ...codes,
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(deploymentsOptions, args);
    const file = only(positionals, "ci deployments");
    const shown = await showDeployments(hostOf(process.env), file, needed(values.stage, "stage"));
    print([counted(shown.length, "deployment"), ...shown.map((name) => `  ${name}`)].join("\n"));
  },
};

const pullRequests: Command = {
  summary: "Print the numbers of the open pull requests, for `preview-env sweep --open`",
  options: {},
  help: ["Usage: pulumi-dokploy ci pull-requests", ...about, ...optionsHelp({}), "", ...codes].join("\n"),
  async run(args) {
    parseOptions({}, args);
    print((await hostOf(process.env).openRequests()).join("\n"));
  },
};

const checkStacksOptions = { base: valueOption("COMMIT", "Commit to compare with, such as HEAD^1") };
const checkStacks: Command = {
  summary: "Refuse changes of Pulumi.<stage>.yaml that can set variables of the job",
  options: checkStacksOptions,
  help: [
    "Usage: pulumi-dokploy ci check-stacks --base COMMIT",
    "",
    "With Pulumi Cloud, `environment` in the file of a stack overrides variables of the job. This command accepts only",
    "changes of the configuration and of the encryption. It needs no token.",
    "",
    ...optionsHelp(checkStacksOptions),
    "",
    ...exitCodesHelp({ done: "no file changes more", failed: "a file changes more" }),
  ].join("\n"),
  async run(args) {
    const { base } = parseOptions(checkStacksOptions, args);
    const changed = changedStackFiles(needed(base, "base"));
    if (changed.length === 0) return;
    const reason = `${visible(JSON.stringify(changed))} changes more than the configuration of a stack, such as its environment, which can set variables of the jobs: make that change on main, and look at it there.`;
    complain(reason);
    annotate("Not planned: a change of a stack that can set variables of the jobs", [reason]);
    process.exitCode = exitCodes.failed;
  },
};

const log = valueOption("FILE", "File for the output of the command, which is printed too");
const runOptions = { log };
const run: Command = {
  summary: "Run a command with the settings of an action, and pass on signals",
  options: runOptions,
  help: [
    "Usage: pulumi-dokploy ci run [--log FILE] -- command [arguments]",
    "",
    "The variable SETTINGS has the inputs of an action as JSON; the command gets them as DOKPLOY_URL, DOKPLOY_API_KEY,",
    "PULUMI_BACKEND_URL and so on. Without a key of AWS, Google or Azure, it gets the identity of the job instead.",
    "",
    "The command gets each signal, which a shell does not pass on. With --log it survives this process, which ends at SIGTERM",
    "after another signal; `ci wait` then waits for the end of the command.",
    "",
    ...optionsHelp(runOptions),
    "",
    `Exit codes: that of the command; ${exitCodes.signal} and the number of the signal if one ended it; ` +
      `${exitCodes.unknownCommand} there is no such command; ${exitCodes.notStarted}`,
    `it cannot be started; ${exitCodes.failed} there is no identity; ${exitCodes.wrong} an option or a setting is wrong.`,
  ].join("\n"),
  async run(args) {
    const at = args.indexOf("--");
    const words = at === -1 ? [] : args.slice(at + 1);
    const own = parseOptions(runOptions, at === -1 ? args : args.slice(0, at));
    if (words.length === 0) throw new UsageError("Give a command after --. See --help.");
    process.exitCode = await runInJob(words, process.env, own.log);
  },
};

const waitOptions = { log: valueOption("FILE", "File that `ci run` was given") };
const wait: Command = {
  summary: "Wait for the command that a cancelled step has left",
  options: waitOptions,
  help: [
    "Usage: pulumi-dokploy ci wait --log FILE",
    "",
    "GitHub ends a cancelled step after 10 seconds, and gives the next ones 5 minutes. This command prints the rest of the",
    "log. After 4 minutes it interrupts the command once more, as a second Ctrl-C does, and the command ends without its",
    "deployments.",
    "",
    ...optionsHelp(waitOptions),
    "",
    ...exitCodesHelp({ done: "the command has ended" }),
  ].join("\n"),
  async run(args) {
    const own = parseOptions(waitOptions, args);
    await waitForEnd(needed(own.log, "log"));
  },
};

const resultOptions = {
  stage: valueOption("NAME", "Stage that was deployed"),
  outcome: valueOption("WORD", "Outcome of the step that deployed: success, failure or cancelled"),
};
const result: Command = {
  summary: "Print how a deployment ended, in Markdown for the summary of the run",
  options: resultOptions,
  help: [
    "Usage: pulumi-dokploy ci result <log> --stage NAME --outcome WORD",
    "",
    "The log has the output of `pulumi up`. The errors come first, and the log is in a fold. It needs no token.",
    "",
    ...optionsHelp(resultOptions),
    "",
    ...exitCodesHelp({
      done: "done, also for a deployment that failed",
      wrong: "there is no such log, or an option is wrong",
    }),
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(resultOptions, args);
    const file = only(positionals, "ci result");
    print(resultOf(file, needed(values.stage, "stage"), needed(values.outcome, "outcome")));
  },
};

export const ciCommands: CommandGroup = {
  summary: "Write comments, issues and deployments at GitHub or GitLab: `ci comment` …",
  commands: {
    "check-stacks": checkStacks,
    comment,
    deployments,
    issue,
    "pull-requests": pullRequests,
    result,
    run,
    wait,
  },
};

function only(positionals: readonly string[], command: string): string {
  const [file, ...more] = positionals;
  if (file !== undefined && more.length === 0) return file;
  throw new UsageError(`${command} takes one file. See --help.`);
}

function needed(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return value;
  throw new UsageError(`--${option} is missing. See --help.`);
}
