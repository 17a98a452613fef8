import { historyOptions, runHistory } from "../env";
import { type Command, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const historyCommand: Command = {
  summary: "Show who changed which variables when",
  options: historyOptions,
  help: [
    "Usage: pulumi-dokploy env history [KEY] [options]",
    "",
    "Shows the changes of variables, newest first, from the commits that changed their files. Renames of files are",
    "followed. A value is shown only if its variable was never a secret.",
    "",
    ...optionsHelp(historyOptions),
    "",
    ...exitCodesHelp({
      done: "the history was read",
      failed: "it cannot be read",
      wrong: "an argument is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy env history LOG_LEVEL --stage prod --service api",
    "  pulumi-dokploy env history --stage prod --limit 5",
  ].join("\n"),

  async run(args) {
    print(await runHistory(args, dependencies));
  },
};
