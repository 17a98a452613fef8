import { dependencies } from "./dependencies";
import { historyOptions } from "./env-history/options";
import type { Command } from "./terminal/command";
import { exitCodesHelp } from "./terminal/exit-codes";
import { optionsHelp } from "./terminal/options";
import { print } from "./terminal/output";

export const historyCommand: Command = {
  summary: "Show who changed which variables when",
  help: [
    "Usage: pulumi-dokploy env history [KEY] [options]",
    "",
    "Shows the changes of variables, newest first, from the commits that changed their files. Renames of files are",
    "followed. A value is shown only if its variable was not a secret in any commit.",
    "",
    ...optionsHelp(historyOptions),
    "",
    'JSON: { version: 1, more, events: [{ at, who, source: "git", commit, subject, changes: [{ file, key,',
    'change: "added" | "changed" | "removed", before?, after? }], unread: [{ file, why }] }] }. more is the number of',
    "events beyond the limit.",
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
    // Loaded only now: reading files needs more modules than showing help.
    const { runHistory } = require("./env-history/history") as typeof import("./env-history/history");
    print(await runHistory(args, dependencies));
  },
};
